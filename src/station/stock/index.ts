/** Blanks, ribbons and films: what is where, where it came from and what became of it. */
export { type AnnouncementInput, announceShipment } from './announce.js'
export {
  consumables,
  type InstalledConsumable,
  type InstallInput,
  installConsumable,
  type RemoveInput,
  removeConsumable,
} from './consumables.js'
export {
  type CorrectionLine,
  type CountDifference,
  type CountInput,
  correctStock,
  countStock,
  type StockCorrection,
} from './count.js'
export type { Difference, NotedLine } from './differences.js'
export { type DiscrepancyFilter, discrepancies } from './discrepancies.js'
export { type Forecast, type ForecastOptions, forecast } from './forecast.js'
export type { LineInput, NewLineInput } from './input.js'
export { type BookedMove, type MoveFilter, stockMoves } from './list-moves.js'
export { type ReceiptInput, receiveStock } from './receive.js'
export { formatSerials, parseSerials, type Serials } from './serials.js'
export { type Shipment, type ShipmentFilter, type ShipmentState, shipments } from './shipments.js'
export { type StockFilter, stock } from './stock.js'
export {
  type DispatchInput,
  dispatchStock,
  type ReturnInput,
  returnStock,
  type SpoiltInput,
  spoilStock,
} from './take.js'
export { type SerialPlace, type SerialsTwice, serialsTwice } from './twice.js'
export type * from './types.js'
