/** Entries that no station of ours writes: they come signed, from one that lies, or was put back from an old copy. */
import fc from 'fast-check'

const lot = fc.constantFrom('lot-1', 'lot-2', 'lot-3')
const range = fc
  .tuple(fc.constantFrom('AB', 'AB0', ''), fc.constantFrom(3, 4), fc.nat(40), fc.nat(20))
  .map(([prefix, digits, first, more]) => ({ prefix, digits, first, last: first + more }))
const line = fc.record(
  { lot, quantity: fc.integer({ min: 1, max: 50 }), serials: fc.array(range, { minLength: 1, maxLength: 3 }) },
  { requiredKeys: ['lot', 'quantity'] },
)
const lines = fc.array(line, { minLength: 1, maxLength: 3 })
const newLines = fc.array(
  fc.tuple(line, fc.constantFrom('blank', 'ribbon'), fc.option(fc.constantFrom(100, 500), { nil: undefined })),
  { minLength: 1, maxLength: 3 },
)
const shipment = fc.constantFrom('note-1', 'note-2', 'note-3')
const operator = 'operator-7'
const operators = [operator, operator]
const job = fc.constantFrom('job-1', 'job-2')
const printer = fc.constantFrom('printer-1', 'printer-2')

export const entry: fc.Arbitrary<{ kind: string; body: object }> = fc.oneof(
  fc.tuple(shipment, newLines).map(([shipment, given]) => {
    const described = given.map(([line, item, yieldCards]) => ({ ...line, item, ...(yieldCards && { yieldCards }) }))
    return { kind: 'stock-received', body: { shipment, from: 'nobody', lines: described, operator } }
  }),
  fc.tuple(shipment, lines).map(([shipment, lines]) => {
    return { kind: 'stock-dispatched', body: { shipment, to: '3276-01', lines, operator } }
  }),
  fc.tuple(shipment, lines).map(([shipment, lines]) => {
    return { kind: 'stock-returned', body: { shipment, to: 'nobody', lines, reason: 'none', operator } }
  }),
  lines.map(lines => ({ kind: 'stock-spoiled', body: { lines, reason: 'none', operator } })),
  lines.map(lines => ({ kind: 'stock-counted', body: { lines, operators } })),
  fc.tuple(lines, fc.boolean()).map(([lines, found]) => {
    const body = { lines: lines.map(line => ({ ...line, found })), reason: 'none', operators }
    return { kind: 'stock-corrected', body }
  }),
  fc.tuple(printer, lot).map(([printer, lot]) => ({ kind: 'consumable-installed', body: { printer, lot, operator } })),
  fc.tuple(printer, lot, fc.constantFrom('used-up', 'spoiled', 'put-back')).map(([printer, lot, outcome]) => {
    return { kind: 'consumable-removed', body: { printer, lot, outcome, operator } }
  }),
  fc.tuple(job, lot, fc.option(range, { nil: undefined })).map(([job, lot, range]) => {
    const serial = range && { prefix: range.prefix, digits: range.digits, number: range.first }
    const body = { request: 'none', job, lot, printer: 'printer-1', consumables: [lot], ...(serial && { serial }) }
    return { kind: 'card-reserved', body }
  }),
  fc.tuple(job, fc.constantFrom('printed', 'spoiled', 'untouched')).map(([job, found]) => {
    return { kind: 'card-resolved', body: { job, found, operator } }
  }),
  fc.tuple(job, fc.constantFrom('card-printed', 'card-spoiled', 'card-released')).map(([job, kind]) => {
    return { kind, body: { job, reason: 'none', operator, code: 'jam' } }
  }),
)
