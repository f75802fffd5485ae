/** The button that makes a typed command as the one who presses it: text alone can open no dialog on Teams. */
export const againAction = 'teams.again'

/** What it carries: only what somebody typed, so that pressing it is typing it. */
export const againData = (command: string, text: string) => ({
  action: againAction,
  command,
  text: text.slice(0, 500).toWellFormed(),
})
