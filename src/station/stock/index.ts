/** Blanks, ribbons and films: what is where, where it came from and what became of it. */
export {
  consumables,
  type InstalledConsumable,
  type InstallInput,
  installConsumable,
  type RemoveInput,
  removeConsumable,
} from './consumables.js'
export { type DiscrepancyFilter, discrepancies } from './discrepancies.js'
export type { LineInput, NewLineInput } from './input.js'
export { type ReceiptInput, receiveStock } from './receive.js'
export { formatSerials, parseSerials, type Serials } from './serials.js'
export { type StockFilter, stock } from './stock.js'
export type * from './types.js'
