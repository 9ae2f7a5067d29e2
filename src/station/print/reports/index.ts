/** Reports on stock and cards. */
export { REPORT_TABLES, type ReportTable, reportCsv } from './csv.js'
export { type ReportDocumentOptions, reportDocument } from './page/document.js'
export type { ReportLanguage } from './page/texts.js'
export { printReport } from './report.js'
export type * from './types.js'
