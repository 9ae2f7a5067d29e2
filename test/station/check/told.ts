import type { Station } from 'sidik/station'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload, sha256 } from '../../../dist/station/store/payloads.js'

/** Has a station hear what upstream says of another station's record; it says so itself, as a centre. */
export function told(station: Station, record: string, bytes: Uint8Array, hasCome = true): void {
  const { file, keys } = partsOf(station)
  const reference = { role: 'templates', hash: sha256(bytes).toString('hex'), size: bytes.length }
  if (hasCome) putPayload(file, keys, 'templates', bytes)
  const body = { station: 'elsewhere', sequence: 1 }
  append(station, { kind: 'gallery', direction: 'down', record, recordVersion: 1, body, payloads: [reference] })
}
