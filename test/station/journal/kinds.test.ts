import fc from 'fast-check'
import type { SidikError } from 'sidik'
import { describe, expect, it } from 'vitest'
import { BODIES, decodeBody, type EntryKind, encodeBody, isEntryKind } from '../../../dist/station/journal/kinds.js'

const body = { software: 'sidik 1', verifyKey: 'k', sealTo: 's' }

const failure = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return error as SidikError
  }
  throw new Error('nothing was thrown')
}

describe('bodies of entries', () => {
  it('have a salt, so that their hash says nothing of what is in them', () => {
    const [a, b] = [encodeBody('opened', body), encodeBody('opened', body)]
    expect(a).not.toEqual(b)
    expect(decodeBody('opened', a)).toEqual({ ...body, salt: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/) })
  })

  it('keep what a newer version adds', () => {
    const more = Buffer.from(JSON.stringify({ ...body, colour: 'red' }))
    expect(decodeBody('opened', more)).toMatchObject({ colour: 'red' })
  })

  it('are refused without being repeated', () => {
    const secret = { nik: 1234567812345678, person: 'Siti Rahasia', operator: 'o', preCheck: {} }
    const error = failure(() => decodeBody('enrolled', Buffer.from(JSON.stringify(secret))))
    expect(error.code).toBe('ENTRY_CORRUPT')
    expect(`${error.stack}${error.cause}`).not.toMatch(/Siti|1234567812345678/)
  })

  it('name the cards that are replaced, each by its job', () => {
    const asked = { request: 'r', at: 'hub', purpose: 'replacement', operator: 'o' }
    const read = (replaces: unknown) =>
      decodeBody('card-requested', Buffer.from(JSON.stringify({ ...asked, replaces })))
    const jobs = Array.from({ length: 1_001 }, (_, i) => `job-${i}`)
    expect(read(jobs)).toMatchObject({ replaces: jobs })
    for (const wrong of [[''], ['a b'], [7], 'job-1', null]) {
      expect(failure(() => read(wrong)).code).toBe('ENTRY_CORRUPT')
    }
  })

  it('name the cards beside a letter, each by its job', () => {
    const until = { issuedAt: '2026-11-25T00:00:00.000Z', until: '2027-05-25' }
    const issued = { number: '1', letter: 'l', code: 'PRR', ...until, verification: 'SDKL1:', operator: 'o' }
    const read = (beside: unknown) => decodeBody('letter-issued', Buffer.from(JSON.stringify({ ...issued, beside })))
    const jobs = Array.from({ length: 1_001 }, (_, i) => `job-${i}`)
    expect(read(jobs)).toMatchObject({ beside: jobs })
    for (const wrong of [[''], ['a b'], [7], 'job-1', null]) {
      expect(failure(() => read(wrong)).code).toBe('ENTRY_CORRUPT')
    }
  })

  it('of kinds that are not known are of a newer version', () => {
    expect(failure(() => decodeBody('teleported', Buffer.from('{}'))).code).toBe('ENTRY_VERSION')
    for (const kind of ['toString', '__proto__', 'constructor']) {
      expect(isEntryKind(kind)).toBe(false)
      expect(failure(() => decodeBody(kind, Buffer.from('{}'))).code).toBe('ENTRY_VERSION')
    }
  })

  it('of any bytes are a body or ENTRY_CORRUPT', () => {
    const kinds = Object.keys(BODIES) as EntryKind[]
    expect(kinds.length).toBeGreaterThan(15)
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.json().map(text => new TextEncoder().encode(text)),
    )
    fc.assert(
      fc.property(fc.constantFrom(...kinds), bytes, (kind, any) => {
        try {
          decodeBody(kind, any)
        } catch (error) {
          expect((error as SidikError).code).toBe('ENTRY_CORRUPT')
        }
      }),
      { numRuns: 300 },
    )
  })
})
