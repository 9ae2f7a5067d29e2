/** Books of stock as no office keeps them, and entries that have much of them looked at. */
import { HostileKiosk } from './kiosk.js'

const RANGES = 500
const serials = (first, last = first) => ({ prefix: 'A', digits: 9, first, last })
const bodyOf = what => Buffer.from(JSON.stringify({ salt: 'AAAA', operator: 'o', reason: 'x', ...what }))
const two = { operators: ['a', 'b'] }

/**
 * One serial in two, each a range of its own, of which the station then says all at once: in one
 * range, in the same one 500 times, in a count; and singles that a range of 200 million ends before.
 */
export async function fragments({ kiosk, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const entry = (kind, what) => hostile.entry({ kind, body: bodyOf(what) })
  const singles = from => Array.from({ length: RANGES }, (_, i) => serials((from + i) * 2))
  const came = (shipment, lot, ranges) =>
    entry('stock-received', { shipment, from: 'x', lines: [{ lot, item: 'blank', quantity: 1, serials: ranges }] })
  const opening = []
  for (let i = 0; i < entries / 60; i++) opening.push(came(`s-${i}`, 'lot-1', singles(i * RANGES)))
  opening.push(came('long', 'lot-2', [serials(700_000_000, 899_999_999)]))
  const all = serials(0, 699_999_999)
  const of = ranges => [{ lot: 'lot-1', quantity: 1, serials: ranges }]
  const often = Array.from({ length: RANGES }, () => all)
  const few = [serials(1)]
  const sent = [
    ...Array.from({ length: 5 }, () => entry('stock-counted', { lines: [{ lot: 'lot-1', quantity: 0 }], ...two })),
    ...Array.from({ length: 5 }, () => entry('stock-counted', { lines: of(few), ...two })),
    came('beside', 'lot-3', singles(200_000_000)),
    entry('stock-spoiled', { lines: of([all]) }),
    entry('stock-returned', { shipment: 'b', to: 'x', lines: of(often) }),
    entry('stock-corrected', { lines: [{ ...of([all])[0], found: true }], ...two }),
    came('again', 'lot-1', often),
  ]
  return {
    before: await Promise.all(
      [hostile.message({ entries: hostile.before }), ...hostile.messagesOf(opening)].map(each => hostile.seal(each)),
    ),
    sealed: await Promise.all(hostile.messagesOf(sent).map(each => hostile.seal(each))),
  }
}

/** Cards that come under one number, again and again, each time in as many lines as an entry has. */
export async function oneNumber({ kiosk, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const lines = Array.from({ length: RANGES }, (_, i) => ({
    lot: `${'L'.repeat(55)}${i}`,
    quantity: 1,
    serials: [{ prefix: `ABCDEFGHIJ${i}`, digits: 15, first: 1, last: 1 }],
  }))
  const all = Array.from({ length: Math.ceil(entries / 60) }, () =>
    hostile.entry({ kind: 'cards-received', body: bodyOf({ shipment: 'note-1', lines }) }),
  )
  return {
    before: [await hostile.seal(hostile.message({ entries: hostile.before }))],
    sealed: await Promise.all(hostile.messagesOf(all).map(each => hostile.seal(each))),
  }
}
