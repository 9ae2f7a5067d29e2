/** From where the print is to minutiae and their codes, by the network: one line a stage. Only this file imports stages. */
import { Extraction } from '../memory'
import { DETECTED, ENCODED, MAPPED, tap, VIEWED } from '../tap'
import { encodeMinutiae } from './codes'
import { detect } from './detect'
import { normalizeView } from './normalize'
import { mapView } from './trunk'
import { chooseView } from './view'

export { loadNetwork } from './load'

export function readPrint(r: Extraction): void {
  chooseView(r)
  normalizeView(r)
  tap(VIEWED)
  mapView(r)
  tap(MAPPED)
  detect(r)
  tap(DETECTED)
  encodeMinutiae(r)
  tap(ENCODED)
}
