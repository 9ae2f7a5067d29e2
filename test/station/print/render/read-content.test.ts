import { createIdentity, openStation, type Station } from 'sidik/station'
import { afterEach, describe, expect, it } from 'vitest'
import { cardOf } from '../../../../bench/support/print-golden.js'
import { OFFICE, SITI } from '../../../../bench/support/print-persons.js'
import { append } from '../../../../dist/station/journal/append.js'
import {
  cardContent,
  cardDocument,
  letterContent,
  letterDocument,
} from '../../../../dist/station/print/render/index.js'
import { partsOf } from '../../../../dist/station/station.js'
import { putPayload } from '../../../../dist/station/store/payloads.js'
import { KEY, newPath } from '../../files.ts'

const RECORD = 'record-1'
const { photo, signature } = cardOf(SITI)
let station: Station

afterEach(() => station.close())

async function newStation(): Promise<void> {
  station = await openStation({ path: newPath(), key: KEY, identity: await createIdentity('3276-01') })
}

function enrolled(images: Record<string, Uint8Array> = {}, version = 1, name = SITI.person.name): void {
  const { file, keys } = partsOf(station)
  file.transaction(() => {
    const given = { templates: new Uint8Array([1, 2, 3]), ...images }
    append(station, {
      kind: version === 1 ? 'enrolled' : 'corrected',
      direction: 'up',
      record: RECORD,
      recordVersion: version,
      payloads: Object.entries(given).map(([role, bytes]) => putPayload(file, keys, role, bytes)),
      body: {
        nik: SITI.nik,
        person: { ...SITI.person, name },
        operator: 'operator-7',
        preCheck: { decision: 'clear', candidates: [], persons: 0 },
        ...(version > 1 && { reason: 'misspelt' }),
      },
    } as never)
  })
}

const letter = {
  record: RECORD,
  number: '471.13/1/3276-01/XI/2026',
  code: 'SFE',
  issuedAt: '2026-11-25T18:00:00.000Z',
  until: '2027-05-25',
  verification: 'SDKL1:ABC',
}

describe('cardContent', () => {
  it('is the newest version of a record, its images, and the serial of the blank', async () => {
    await newStation()
    enrolled({ photo, signature })
    enrolled({ photo, signature }, 2, 'Siti Rahmawati Betul')
    const content = cardContent(station, RECORD, { serial: 'AB000007' }, { issuedOn: '2026-11-25' })
    expect(content).toMatchObject({ nik: SITI.nik, serial: 'AB000007', place: 'Kota Depok', issuedOn: '2026-11-25' })
    expect(content.person.name).toBe('Siti Rahmawati Betul')
    expect(Buffer.compare(content.photo!, photo)).toBe(0)
    expect(Buffer.compare(content.signature!, signature)).toBe(0)
    expect((await cardDocument(content)).problems).toEqual([])
  })

  it('is of today at the place where the person lives, and does without what was not captured', async () => {
    await newStation()
    enrolled()
    const content = cardContent(station, RECORD)
    const now = new Date()
    expect(new Date(`${content.issuedOn}T12:00:00`).toDateString()).toBe(now.toDateString())
    expect(Object.keys(content).sort()).toEqual(['issuedOn', 'nik', 'person', 'place'])
    expect(cardContent(station, RECORD, undefined, { place: 'Depok' }).place).toBe('Depok')
  })

  it('of a record that is not held is RECORD_UNKNOWN', async () => {
    await newStation()
    expect(() => cardContent(station, 'record-2')).toThrow(expect.objectContaining({ code: 'RECORD_UNKNOWN' }))
    expect(() => letterContent(station, letter, { office: OFFICE })).toThrow(
      expect.objectContaining({ code: 'RECORD_UNKNOWN' }),
    )
  })
})

describe('letterContent', () => {
  it('says what the state means, in Indonesian, and the day that the code says', async () => {
    await newStation()
    enrolled({ photo })
    const content = letterContent(station, letter, { office: OFFICE })
    expect(content).toMatchObject({
      code: 'SFE',
      issuedOn: '2026-11-25',
      until: '2027-05-25',
      verification: 'SDKL1:ABC',
    })
    expect(content.meaning).toContain('menunggu proses penunggalan')
    expect((await letterDocument(content)).problems).toEqual([])
    expect(letterContent(station, { ...letter, code: 'NEW_STATE' }, { office: OFFICE }).meaning).toBe('')
    expect(() => letterContent(station, letter, {} as never)).toThrow('office must be an object')
  })
})
