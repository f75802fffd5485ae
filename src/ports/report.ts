export type ReportSave = never
// biome-ignore lint/suspicious/noEmptyInterface: filled with the table
export interface ReportReads {}
