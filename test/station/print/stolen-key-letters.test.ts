/** Letters signed with a kiosk's key that is in other hands, or issued by it to keep others from theirs. */
import {
  type CertifiedLetter,
  issueLetter,
  publicIdentity,
  revokePeer,
  type Station,
  verifyLetter,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { monthsLater } from '../../../dist/station/print/letters/numbering.js'
import { certificateText } from '../../../dist/station/print/letters/verification.js'
import { partsOf } from '../../../dist/station/station.js'
import { network } from './network.ts'
import { BY, nikOf, person, WHY } from './support.ts'

const today = () => new Date().toISOString().slice(0, 10)

async function kiosk() {
  const { hub, below } = await network('kiosk')
  const [{ station, meet }] = below
  const { verifyKey } = await publicIdentity(partsOf(station).identity)
  const verdict = (text: string, at: Station = hub) => {
    const found = verifyLetter(text, () => verifyKey, { station: at })
    return found.valid ? 'valid' : found.why
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
      expect(verdict(forged({ number: 'N-2' }), each)).toBe(each === hub ? 'valid' : 'unknown-letter')
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
