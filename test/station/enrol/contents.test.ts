import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readContents } from '../../../dist/station/enrol/contents.js'
import { decodeBody } from '../../../dist/station/journal/kinds.js'

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom([{}], [{ position: 1, quality: 1, minutiae: 1 }], [{ position: 11, quality: 1, minutiae: 1 }]),
  fc.constantFrom({ 1: 'amputated' }, { 1: 'of a newer version' }, { 1: 7 }, { x: 'bandaged' }),
  fc.constantFrom([{ code: 'few-minutiae', reason: 'worn' }], [{ code: 'x', position: 'left', reason: '' }]),
)
const preCheck = fc.record(
  {
    reasons: odd,
    candidates: odd,
    persons: fc.oneof(fc.nat(), odd),
    through: odd,
    absent: odd,
    missRate: odd,
    at: odd,
  },
  { requiredKeys: ['candidates', 'persons'] },
)
const body = fc.record(
  { fingers: odd, exceptions: odd, overrides: odd, preCheck, reason: odd },
  { requiredKeys: ['preCheck'] },
)

it('reads the contents of every body that is taken: one that cannot be shown keeps a whole list from being', () => {
  let taken = 0
  const attempt = (kind: string, of: object) => {
    const whole = { nik: '1', person: { name: 'Siti' }, operator: 'operator-7', ...of }
    let read: unknown
    try {
      read = decodeBody(kind, Buffer.from(JSON.stringify(whole)))
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENTRY_CORRUPT' })
      return
    }
    taken++
    expect(readContents(read, 'entry 1')).toMatchObject({ nik: '1', person: { name: 'Siti' } })
  }
  fc.assert(
    fc.property(fc.constantFrom('enrolled', 'corrected'), body, (kind, of) => {
      attempt(kind, { ...of, preCheck: { decision: 'clear', ...of.preCheck } })
      // One odd member at a time, so that many are taken.
      for (const [name, value] of Object.entries(of)) {
        const check = { decision: 'clear', candidates: [], persons: 3 }
        attempt(kind, { reason: 'as seen', preCheck: check, ...(name !== 'preCheck' && { [name]: value }) })
      }
    }),
    { numRuns: 500 },
  )
  expect(taken).toBeGreaterThan(300)
})
