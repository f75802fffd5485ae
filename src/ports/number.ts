export type NumberSave = never
// biome-ignore lint/suspicious/noEmptyInterface: filled with the table
export interface NumberReads {}
