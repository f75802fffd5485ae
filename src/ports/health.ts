export type HealthSave = never
// biome-ignore lint/suspicious/noEmptyInterface: filled with the table
export interface HealthReads {}
