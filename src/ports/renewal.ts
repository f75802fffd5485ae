export type RenewalSave = never
// biome-ignore lint/suspicious/noEmptyInterface: filled with the table
export interface RenewalReads {}
