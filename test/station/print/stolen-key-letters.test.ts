/** Letters signed with a kiosk's key that is in other hands, or issued by it to keep others from theirs. */
import {
  type CertifiedLetter,
  decide,
  issueLetter,
  letters,
  publicIdentity,
  revokePeer,
  type Station,
  verifyLetter,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { monthsLater } from '../../../dist/station/print/letters/numbering.js'
import { certificateText } from '../../../dist/station/print/letters/verification.js'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { network } from './network.ts'
import { BY, nikOf, person, WHY, withdrawn } from './support.ts'

const today = () => new Date().toISOString().slice(0, 10)

async function kiosk() {
  const { hub, below } = await network('kiosk')
  const [{ station, meet }] = below
  const { verifyKey } = await publicIdentity(partsOf(station).identity)
  const verdict = (text: string, at: Station = hub) => {
    const found = verifyLetter(text, () => verifyKey, { station: at })
    if (!found.valid) return found.why
    return found.known ? 'valid' : 'not-known'
  }
  const forged = (said: Partial<CertifiedLetter> = {}) =>
    certificateText(
      {
        ...{ number: 'N-1', station: 'kiosk', nik: nikOf(7), name: 'Somebody else', code: 'Bio' },
        ...{ issued: today(), until: monthsLater(today(), 6) },
        ...said,
      },
      partsOf(station).signingKey,
    )
  return { hub, station, meet, verdict, forged }
}

function says(station: Station, id: string, body: object, about = `record-${id}`): void {
  const letter = { letter: id, number: id, code: 'x', verification: 'v', beside: [], ...BY, ...body }
  append(station, {
    kind: 'letter-issued',
    direction: 'up',
    record: about,
    recordVersion: 1,
    body: letter,
  } as never)
}

describe('verifyLetter with a station that knows', () => {
  it('takes no other text under the number of a letter', async () => {
    const { hub, station, meet, verdict, forged } = await kiosk()
    const { number, until, verification } = issueLetter(station, {
      record: person(station, 1, null),
      number: 'N-1',
      ...BY,
    })
    await meet()
    for (const each of [hub, station]) {
      expect(verdict(verification, each)).toBe('valid')
      for (const said of [{}, { nik: nikOf(1) }, { nik: nikOf(1), name: 'Siti Rahasia', code: 'PRR' }]) {
        expect(verdict(forged({ number, until, ...said }), each), JSON.stringify(said)).toBe('other-content')
      }
      expect(verdict(forged({ number: 'N-2' }), each)).toBe(each === hub ? 'not-known' : 'unknown-letter')
    }
  })

  it('believes no letter of a revoked station but those that it knew before', async () => {
    const { hub, station, meet, verdict, forged } = await kiosk()
    const known = issueLetter(station, { record: person(station, 1, null), ...BY }).verification
    await meet()
    revokePeer(hub, 'kiosk', WHY)
    expect(verdict(known)).toBe('valid')
    expect(verdict(forged())).toBe('station-revoked')
    // The kiosk has not heard of it, and goes on.
    const later = issueLetter(station, { record: person(station, 2, null), ...BY }).verification
    expect(verdict(later)).toBe('station-revoked')
    revokePeer(hub, 'kiosk', { ...WHY, from: 1 })
    for (const text of [known, later, forged()]) expect(verdict(text)).toBe('station-revoked')
    expect((await verifyStation(hub)).findings).toEqual([])
  })
})

describe('verifyLetter of a letter that is not known', () => {
  const checked = async (station: Station, text: string, at?: Station) => {
    const { verifyKey } = await publicIdentity(partsOf(station).identity)
    return verifyLetter(text, () => verifyKey, at && { station: at })
  }

  it('says that the signature alone was checked, and how far the station was heard', async () => {
    const { hub, station, meet, forged } = await kiosk()
    const { verification } = issueLetter(station, { record: person(station, 1, null), ...BY })
    const content = { station: 'kiosk' }
    expect(await checked(station, verification)).toMatchObject({ valid: true, known: false, content })
    const before = await checked(station, verification, hub)
    expect(before).toMatchObject({ valid: true, known: false, content })
    expect(before).not.toHaveProperty('heardUntil')
    await meet()
    expect(await checked(station, verification, hub)).toEqual({ valid: true, known: true, content: expect.anything() })
    const day = (months: number) => monthsLater(today(), months)
    for (const [issued, words] of [
      [day(-1), 'ask kiosk'],
      [today(), 'may not have synchronised'],
    ]) {
      const text = forged({ number: 'N-9', issued, until: day(1) })
      const found = await checked(station, text, hub)
      expect(found).toMatchObject({ valid: true, known: false, message: expect.stringContaining(words) })
      expect(found).toMatchObject({ heardUntil: expect.stringContaining(today()) })
    }
  })
})

describe('verifyLetter of a record that fell', () => {
  const fall = (hub: Station, state: string, id = 'record-0001') =>
    decide(hub, id, { state, by: 'expert-1', ...(state.startsWith('DUP') && { duplicateOf: 'record-0002' }) })

  it.each(['DUPLICATE_RECORD', 'ENROLL_FAILURE_AT_CENTRAL', 'ENROLL_FAILURE_AT_REGIONAL'])(
    'accepts none that was issued before: %s',
    async state => {
      const { hub, station, meet, verdict } = await kiosk()
      const { verification } = issueLetter(station, { record: person(station, 1, null), ...BY })
      person(station, 2, null)
      await meet()
      expect(verdict(verification)).toBe('valid')
      fall(hub, state)
      await meet()
      for (const each of [hub, station]) expect(verdict(verification, each)).toBe('record-fallen')
      // What the centre takes back stands again.
      fall(hub, 'PRINT_READY_RECORD')
      expect(verdict(verification)).toBe('valid')
    },
  )

  it('accepts none of a record that was withdrawn', async () => {
    const { station, meet, verdict } = await kiosk()
    const { verification } = issueLetter(station, { record: person(station, 1, null), ...BY })
    withdrawn(station, 'record-0001')
    expect(verdict(verification, station)).toBe('record-fallen')
    await meet()
    expect(verdict(verification)).toBe('record-fallen')
  })

  it('accepts one that says itself what the centre has said', async () => {
    const { hub, station, meet, verdict } = await kiosk()
    person(station, 1, null)
    person(station, 2, null)
    await meet()
    fall(hub, 'DUPLICATE_RECORD')
    await meet()
    const { verification, code } = issueLetter(station, { record: 'record-0001', ...BY })
    expect(code).toBe('DUP')
    await meet()
    for (const each of [hub, station]) expect(verdict(verification, each)).toBe('valid')
  })
})

describe('issueLetter beside letters that others have written', () => {
  const issue = (hub: Station, id: string) => () => issueLetter(hub, { record: id, ...BY })
  const refused = expect.objectContaining({ code: 'LETTER_REFUSED' })

  async function victim() {
    const it = await kiosk()
    record(it.station, 'record-victim', { nik: nikOf(7) })
    await it.meet()
    return it
  }

  it('goes by none of a record that the centre has let fall, or that was withdrawn', async () => {
    const { hub, station, meet } = await victim()
    const day = { issuedAt: new Date().toISOString(), until: monthsLater(today(), 6) }
    for (const id of ['fallen', 'gone']) {
      record(station, `record-${id}`, { nik: nikOf(7) })
      says(station, id, day)
    }
    await meet()
    decide(hub, 'record-victim', {
      state: 'PRINT_READY_RECORD',
      by: 'expert-1',
      unchecked: 'the ministry compares them',
    })
    decide(hub, 'record-fallen', { state: 'DUPLICATE_RECORD', duplicateOf: 'record-victim', by: 'expert-1' })
    // It goes where the record stands.
    expect(issue(hub, 'record-victim')).toThrow(refused)
    withdrawn(station, 'record-gone')
    await meet()
    expect(issue(hub, 'record-victim')()).toMatchObject({ code: 'PRR' })
    // The record's own letter counts, whatever the centre says of it.
    expect(issue(hub, 'record-victim')).toThrow(refused)
    expect(issue(hub, 'record-fallen')).toThrow(refused)
    expect((await verifyStation(hub)).findings).toEqual([])
  })

  it('goes by none for longer than a letter is valid, nor by one of days to come', async () => {
    const { hub, station, meet } = await victim()
    const first = (months: number) => `${monthsLater(today(), months)}T00:00:00.000Z`
    says(station, 'old', { issuedAt: first(-7), until: '9999-12-31' }, 'record-victim')
    says(station, 'new', { issuedAt: first(1), until: '9999-12-31' }, 'record-victim')
    await meet()
    expect(letters(hub, { state: 'expired' })).toMatchObject([
      { letter: 'old', until: monthsLater(monthsLater(today(), -7), 6) },
    ])
    expect(letters(hub, { state: 'valid' })).toMatchObject([
      { letter: 'new', until: monthsLater(monthsLater(today(), 1), 6) },
    ])
    expect(issue(hub, 'record-victim')()).toMatchObject({ code: 'Bio' })
    expect((await verifyStation(hub)).findings).toEqual([])
  })
})
