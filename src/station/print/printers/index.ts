/** Ways to printers of cards and letters: part of the entry point `sidik/station`. */

export type { PrintDocument, Printer, PrinterProblem, PrintOptions, PrintOutcome } from '../types.js'
export { cupsPrinter } from './cups/cups-printer.js'
export type { CupsPrinterOptions } from './cups/options.js'
export { type FilePrinterOptions, filePrinter } from './file-printer.js'
export { hostPrinter } from './host-function.js'
