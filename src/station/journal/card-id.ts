/**
 * Ids of requests, cards and letters. Each is bound to the station that made it: ids become known to others
 * (`cards-of-nik` names cards), and under an id whoever is heard of first has it.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'

/** When the newest id of this process was made. */
let newestMs = 0
let counter = 0

/** One more than 12 bits hold. */
const COUNTER_END = 4_096

/** The id of a card or letter: random from its start, by which people name it. */
export function newCardId(station: string): string {
  return bound(station, randomUUID())
}

/**
 * The id of a request. It begins with a UUID of version 7 (RFC 9562, 5.7) with a counter in the 12 bits behind the
 * time (6.2, method 1): of two of a process the later is the greater, so that those who asked in one millisecond are
 * served in the order in which they asked. The other 62 bits are random: nobody knows one who was not told.
 */
export function newRequestId(station: string): string {
  const nowMs = Date.now()
  counter = nowMs > newestMs ? 0 : counter + 1
  newestMs = Math.max(newestMs, nowMs)
  if (counter === COUNTER_END) {
    counter = 0
    newestMs++
  }
  const bytes = randomBytes(16)
  bytes.writeUIntBE(newestMs, 0, 6)
  bytes.writeUInt16BE(0x7000 | counter, 6)
  bytes[8] = 0x80 | (bytes[8] & 0x3f)
  const uuid = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return bound(station, uuid)
}

/** Whether the station may have made an id. Those of programs before are bound to none. */
export function mayHaveMade(station: string, id: string): boolean {
  const [, uuid] = /^(.{36})\.[0-9a-f]{12}$/.exec(id) ?? []
  return uuid === undefined || id === bound(station, uuid)
}

/** With 48 bits behind it that follow from it and the station. */
function bound(station: string, uuid: string): string {
  return `${uuid}.${createHash('sha256').update(`${station}\n${uuid}`).digest('hex').slice(0, 12)}`
}
