import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Session } from './session.ts'
import { shownNow } from './shell/platform.tsx'
import { remembered, Shell } from './shell/shell.tsx'
import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import './style/shell.css'
import './style/panel.css'
import './style/client.css'
import './style/messages.css'
import './style/dialogs.css'
import './style/blocks.css'
import './style/inputs.css'
import './style/narrow.css'
import './style/platforms.css'
import { TeamsSession } from './teams/session.ts'
import { TeamsContext } from './teams/use.ts'
import { LanguageContext, SessionContext } from './use.ts'
import { firstLanguage } from './words.ts'

function Page({ session, teams }: { session: Session; teams: TeamsSession }) {
  const [language, setLanguage] = useState(() => firstLanguage(remembered('language'), navigator.languages))
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <SessionContext.Provider value={session}>
      <LanguageContext.Provider value={language}>
        <TeamsContext.Provider value={teams}>
          <Shell onLanguage={setLanguage} />
        </TeamsContext.Provider>
      </LanguageContext.Provider>
    </SessionContext.Provider>
  )
}

const session = new Session()
const teams = new TeamsSession((kind, text) => session.say(kind, text))
const root = document.getElementById('page')
if (root) {
  session.look(shownNow() !== 'teams')
  render(<Page session={session} teams={teams} />, root)
  void teams.start()
  void session.start(firstLanguage(remembered('language'), navigator.languages))
}
