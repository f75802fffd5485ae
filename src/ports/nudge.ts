/** What the store keeps of nudges: see data/nudge.ts. */
export type NudgeSave = never
// biome-ignore lint/suspicious/noEmptyInterface: filled with the table
export interface NudgeReads {}
