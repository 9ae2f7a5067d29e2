import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wholeId } from '../../dist/cli/station/whole-id.js'
import { partsOf } from '../../dist/station/station.js'
import { record } from '../station/files.ts'
import { anyStation } from '../station/print/support.ts'

const piece = fc.constantFrom('a', 'b', 'ab', '-', '_', '.', '0', 'Z')
const id = fc.array(piece, { minLength: 1, maxLength: 8 }).map(pieces => pieces.join(''))

it('is the id, or what one id alone begins with; what nothing begins with is as it came', async () => {
  const station = await anyStation()
  const ids = fc.sample(fc.uniqueArray(id, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed: 4 })[0]
  for (const each of ids) record(station, each)
  const given = fc.oneof(
    id,
    fc.tuple(fc.constantFrom(...ids), fc.nat(8)).map(([each, n]) => each.slice(0, n)),
    fc.constantFrom('%%%%', '____', "' OR 1", 'abab\u{10ffff}', ''),
  )
  fc.assert(
    fc.property(given, text => {
      const found = ids.filter(each => each.startsWith(text)).sort()
      const isShort = !ids.includes(text) && text.length < 4
      const isWhole = ids.includes(text) || found.length === 0
      if (isShort) expect(() => wholeId(station, 'record', text)).toThrow(/at least 4 characters/)
      else if (isWhole) expect(wholeId(station, 'record', text)).toBe(text)
      else if (found.length === 1) expect(wholeId(station, 'record', text)).toBe(found[0])
      else {
        const others = found.length > 5 ? ' and others' : ''
        const message = `several ids begin like this: ${found.slice(0, 5).join(', ')}${others}; give more of it`
        expect(() => wholeId(station, 'record', text)).toThrow(
          expect.objectContaining({ code: 'ID_AMBIGUOUS', message }),
        )
      }
    }),
    { numRuns: 500 },
  )
})

it('is looked for among ids of its kind, of a candidate also among those that are only compared with', async () => {
  const station = await anyStation()
  record(station, 'record-1')
  partsOf(station).file.run(`INSERT INTO gallery_entry (record, station, changed) VALUES ('record-2', 'k2', 9)`)
  expect(wholeId(station, 'record', 'recor')).toBe('record-1')
  expect(() => wholeId(station, 'candidate', 'recor')).toThrow(/record-1, record-2;/)
  for (const kind of ['draft', 'request', 'job', 'letter'] as const)
    expect(wholeId(station, kind, 'recor')).toBe('recor')
})
