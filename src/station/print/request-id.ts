import { randomBytes } from 'node:crypto'

/** Of the newest id of this process. */
let newestMs = 0
let counter = 0

/** One more than 12 bits hold. */
const COUNTER_END = 4_096

/**
 * A UUID of version 7 (RFC 9562, 5.7) with a counter in the 12 bits behind the time (6.2, method 1): of two of a process the later is the
 * greater, so that those who asked in one millisecond are served in the order in which they asked.
 */
export function newRequestId(): string {
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
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
