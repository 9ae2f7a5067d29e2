import fc from 'fast-check'
import { SidikError } from 'sidik'
import {
  addPeer,
  adjudicate,
  adjudications,
  CENTRE_STATES,
  centreState,
  correct,
  createIdentity,
  decide,
  enrol,
  galleryState,
  payloadOf,
  publicIdentity,
  type Recorded,
  recordOf,
  records,
  recordsByNik,
  removeFromGallery,
  type Station,
  shortState,
  withdraw,
} from 'sidik/station'
import { syntheticNik } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { Random } from '../../../dist/random.js'
import { append } from '../../../dist/station/journal/append.js'
import { takeEntry } from '../../../dist/station/journal/insert.js'
import { bodyBytesOf, entriesFrom, signedEntryOf } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { newStation, print, somebody, tenTemplates, withPeer } from './support.js'

const why = { operator: 'operator-7', reason: 'as on the family card' }

async function enrolled(station: Station, seed: number, more = {}): Promise<string> {
  const result = await enrol(station, somebody(seed, tenTemplates(seed), more))
  if (!result.recorded) throw new Error(`not recorded: ${JSON.stringify(result.feedback)}`)
  return result.recordId
}

async function corrected(made: ReturnType<typeof correct>): Promise<Recorded> {
  const result = await made
  if (result.recorded) return result
  throw new Error(`not recorded: ${JSON.stringify(result.feedback)}`)
}

/** The same, the entries that are for this station alone too, as peers' are sent with their bodies. */
function carryAll(from: Station, to: Station): void {
  const { file, keys } = partsOf(from)
  const target = partsOf(to)
  target.file.transaction(() => {
    for (const row of entriesFrom(file, from.id, 1, 100)) {
      takeEntry({ ...target, self: to.id }, signedEntryOf(row), bodyBytesOf(file, keys, row))
    }
  })
}

/** All that `from` wrote, taken by `to` as its own synchronisation would. */
function carry(from: Station, to: Station): void {
  partsOf(to).file.transaction(() => carryIn(from, to))
}

function carryIn(from: Station, to: Station): void {
  const [source, target] = [partsOf(from), partsOf(to)]
  const known = target.file.get<{ last: number | null }>(
    'SELECT max(sequence) AS last FROM journal WHERE station = ?',
    from.id,
  )!.last
  for (const row of entriesFrom(source.file, from.id, (known ?? 0) + 1, 1_000)) {
    const entry = signedEntryOf(row)
    if (entry.header.direction === 'local') {
      takeEntry({ ...target, self: to.id }, entry, undefined)
      continue
    }
    for (const { role } of entry.header.payloads) {
      const bytes = payloadOf(from, entry.header.record!, role)
      if (bytes !== undefined) putPayload(target.file, target.keys, role, bytes)
    }
    takeEntry({ ...target, self: to.id }, entry, bodyBytesOf(source.file, source.keys, row))
  }
}

describe('correct', () => {
  it('writes another version of the whole record, and the payloads that have not changed by their hash', async () => {
    const station = await newStation()
    const id = await enrolled(station, 1, { photo: print('101_1') })
    const before = recordOf(station, id)!
    const person = { ...before.contents!.person, name: 'Nama Baru' }
    expect(await corrected(correct(station, id, { person }, why))).toMatchObject({ recordId: id, version: 2 })
    const after = recordOf(station, id)!
    expect(after).toMatchObject({
      version: 2,
      clientState: 'corrected',
      contents: { ...before.contents, person, ...why },
    })
    expect(after.payloads).toEqual(before.payloads)
    expect(after.versions.map(({ version, kind }) => [version, kind])).toEqual([
      [1, 'enrolled'],
      [2, 'corrected'],
    ])
    expect(after.versions[0].contents).toEqual(before.contents)
  })

  it('replaces, excepts and brings in fingers, each in the place of what was there', async () => {
    const station = await newStation()
    const fingers = tenTemplates(2).slice(0, 8)
    const made = await enrol(station, somebody(2, fingers, { exceptions: { 9: 'bandaged', 10: 'amputated' } }))
    const id = (made as Recorded).recordId
    const [other] = tenTemplates(3)
    const changes = {
      fingers: [
        { position: 1, template: other.template! },
        { position: 9, template: tenTemplates(2)[8].template! },
      ],
      exceptions: { 2: 'bandaged' as const },
    }
    await corrected(correct(station, id, changes, why))
    const { contents } = recordOf(station, id)!
    expect(contents!.exceptions).toEqual({ 2: 'bandaged', 10: 'amputated' })
    expect(contents!.fingers.map(({ position }) => position)).toEqual([1, 3, 4, 5, 6, 7, 8, 9])
    const both = { fingers: [other], exceptions: { 1: 'bandaged' as const } }
    expect(await correct(station, id, both, why)).toMatchObject({
      recorded: false,
      feedback: [{ code: 'finger-excepted' }],
    })
    expect(recordOf(station, id)!.version).toBe(2)
  })

  it('goes by the same rules of a NIK, and keeps what an operator let pass', async () => {
    const station = await newStation()
    const [one, two] = [await enrolled(station, 4), await enrolled(station, 5)]
    const { nik } = recordOf(station, two)!.contents!
    expect(await correct(station, one, { nik }, why)).toMatchObject({
      recorded: false,
      feedback: expect.arrayContaining([expect.objectContaining({ code: 'nik-recorded', record: two })]),
    })
    const { birthDate, sex } = recordOf(station, one)!.contents!.person
    const free = syntheticNik(new Random(77), { birthDate, sex }).nik
    const wrong = `${free.slice(0, 6)}${sex === 'female' ? '41' : '01'}0188${free.slice(12)}`
    expect(await correct(station, one, { nik: wrong }, why)).toMatchObject({
      feedback: [{ code: 'nik-birth-date-differs' }],
    })
    const overrides = [{ code: 'nik-birth-date-differs', reason: 'permanent' }] as const
    await corrected(correct(station, one, { nik: wrong, overrides }, why))
    expect(recordsByNik(station, wrong).map(({ id }) => id)).toEqual([one])
    // Once overruled, the NIK of this record is asked about no more.
    const person = { ...recordOf(station, one)!.contents!.person, occupation: 'Guru' }
    await corrected(correct(station, one, { person }, why))
    expect(recordOf(station, one)).toMatchObject({ version: 3, contents: { nik: wrong, overrides, person } })
  })

  it('does not change what was withdrawn, what is not there, and what is of another station', async () => {
    const station = await newStation()
    const id = await enrolled(station, 6)
    withdraw(station, id, why)
    await expect(correct(station, id, {}, why)).rejects.toMatchObject({ code: 'RECORD_WITHDRAWN' })
    expect(() => withdraw(station, id, why)).toThrow(expect.objectContaining({ code: 'RECORD_WITHDRAWN' }))
    await expect(correct(station, 'none', {}, why)).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' })
    const hub = await newStation({ identity: await createIdentity('hub') })
    await withPeer(hub, station.id, 'downstream')
    const live = await enrolled(station, 7)
    carry(station, hub)
    await expect(correct(hub, live, {}, why)).rejects.toMatchObject({ code: 'RECORD_FOREIGN' })
    expect(() => withdraw(hub, live, why)).toThrow(expect.objectContaining({ code: 'RECORD_FOREIGN' }))
    await expect(correct(station, live, {}, why)).rejects.toThrow(/changes must name/)
    await expect(correct(station, live, {}, { operator: 'x' } as never)).rejects.toThrow(/reason must be a string/)
  })
})

describe('decide', () => {
  it('is for who received the record from below, and takes effect at the station below', async () => {
    const kiosk = await newStation()
    const centre = await newStation({ identity: await createIdentity('centre') })
    addPeer(kiosk, { ...(await publicIdentity(partsOf(centre).identity)), relation: 'upstream' })
    addPeer(centre, { ...(await publicIdentity(partsOf(kiosk).identity)), relation: 'downstream' })
    const id = await enrolled(kiosk, 11)
    const made = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
    for (const own of [() => decide(kiosk, id, made), () => removeFromGallery(kiosk, id, { reason: 'x', by: 'y' })]) {
      expect(own).toThrow(expect.objectContaining({ code: 'RECORD_FOREIGN' }))
    }
    carry(kiosk, centre)
    expect(recordOf(centre, id)).toMatchObject({ station: kiosk.id, contents: { nik: somebody(11, []).nik } })
    expect(() => decide(centre, 'none', made)).toThrow(expect.objectContaining({ code: 'RECORD_UNKNOWN' }))
    decide(centre, id, { ...made, note: 'single' })
    carry(centre, kiosk)
    expect(recordOf(kiosk, id)).toMatchObject({ centreState: 'PRINT_READY_RECORD', clientState: 'recorded' })
    expect(recordOf(kiosk, id)!.centreMeaning).toBe(centreState('PRR'))
    // As a station with a newer program may say it.
    append(centre, {
      kind: 'decision',
      direction: 'down',
      record: id,
      body: { state: 'SOMETHING_NEW', by: 'expert-1' },
    })
    carry(centre, kiosk)
    expect(recordOf(kiosk, id)!.decision).toMatchObject({ state: 'SOMETHING_NEW' })
    const page = records(kiosk, { centreState: 'SOMETHING_NEW' })
    expect(page.records).toMatchObject([{ id, centreState: 'SOMETHING_NEW' }])
    expect(page.records[0].centreMeaning).toBeUndefined()
    removeFromGallery(centre, id, { reason: 'duplicate', by: 'expert-1' })
    carry(centre, kiosk)
    const templates = (station: Station) =>
      partsOf(station).file.get<{ templates: unknown }>('SELECT templates FROM gallery_entry WHERE record = ?', id)
    expect([templates(kiosk), templates(centre)]).toEqual([{ templates: null }, { templates: null }])
    // A correction of its own does not bring it back.
    await corrected(correct(kiosk, id, { fingers: tenTemplates(12) }, why))
    expect(templates(kiosk)).toEqual({ templates: null })
  })

  it('has no effect where a station had no right to it, whoever wrote the entry', async () => {
    const kiosk = await newStation()
    const rogue = await newStation({ identity: await createIdentity('rogue') })
    const hub = await newStation({ identity: await createIdentity('hub') })
    await withPeer(hub, kiosk.id, 'downstream')
    await withPeer(hub, rogue.id, 'downstream')
    await withPeer(kiosk, hub.id, 'upstream')
    const id = await enrolled(kiosk, 21)
    carry(kiosk, hub)
    const forged = { direction: 'down', record: id, recordVersion: 1 } as const
    const payload = putPayload(partsOf(rogue).file, partsOf(rogue).keys, 'templates', new Uint8Array(9))
    const write = (station: Station) => {
      append(station, { ...forged, kind: 'decision', body: { state: 'CARD_ISSUED', by: 'me' } })
      append(station, { ...forged, kind: 'removal', body: { reason: 'hide' } })
    }
    write(kiosk)
    write(rogue)
    append(rogue, { kind: 'withdrawn', direction: 'up', record: id, recordVersion: 1, body: why })
    append(rogue, {
      kind: 'gallery',
      direction: 'down',
      record: 'planted',
      body: { station: 'nowhere', sequence: 1 },
      payloads: [payload],
    })
    carry(kiosk, hub)
    carryAll(rogue, hub)
    for (const station of [kiosk, hub]) {
      const summary = recordOf(station, id)!
      expect(summary.centreState).toBeUndefined()
      expect(summary.clientState).toBe('recorded')
      const rows = partsOf(station).file.all<{ record: string; templates: Uint8Array }>('SELECT * FROM gallery_entry')
      expect(rows).toMatchObject([{ record: id, templates: expect.any(Uint8Array) }])
    }
    expect(galleryState(hub)).toBeUndefined()
  })

  it('counts where upstream vouches for who decided, and not where nobody does', async () => {
    const kiosk = await newStation()
    const hub = await newStation({ identity: await createIdentity('hub') })
    const centre = await newStation({ identity: await createIdentity('centre') })
    const publicOf = (station: Station) => publicIdentity(partsOf(station).identity)
    addPeer(kiosk, { ...(await publicOf(hub)), relation: 'upstream' })
    addPeer(hub, { ...(await publicOf(kiosk)), relation: 'downstream' })
    addPeer(centre, { ...(await publicOf(hub)), relation: 'downstream' })
    const id = await enrolled(kiosk, 25)
    const decision = (state: string) =>
      append(centre, {
        kind: 'decision',
        direction: 'down',
        record: id,
        recordVersion: 1,
        body: { state, by: 'expert-1' },
      })
    decision('TOO_EARLY')
    carry(centre, kiosk)
    expect(recordOf(kiosk, id)!.centreState).toBeUndefined()
    addPeer(hub, { ...(await publicOf(centre)), relation: 'upstream' })
    carryAll(hub, kiosk)
    decision('PRINT_READY_RECORD')
    carry(centre, kiosk)
    expect(recordOf(kiosk, id)!.centreState).toBe('PRINT_READY_RECORD')
  })

  it('lets a centre decide about what it recorded itself', async () => {
    const centre = await newStation({ identity: await createIdentity('centre') })
    const id = await enrolled(centre, 31)
    expect(() => decide(centre, id, { state: 'PRR', by: 'y' })).toThrow(SidikError)
    await withPeer(centre, 'kiosk', 'downstream')
    decide(centre, id, { state: 'PRINT_READY_RECORD', by: 'expert-1' })
    expect(recordOf(centre, id)!.centreState).toBe('PRINT_READY_RECORD')
  })

  it('takes the states of the list alone, by name or short name, and keeps the full name', async () => {
    const { centre, ids } = await centreWith(32)
    const [id] = ids
    fc.assert(
      fc.property(fc.constantFrom(...CENTRE_STATES), fc.nat(2), ({ name }, how) => {
        const said = [name, shortState(name), name.toLowerCase().replaceAll('_', ' ')][how]
        decide(centre, id, { state: said, by: 'expert-1' })
        expect(recordOf(centre, id)).toMatchObject({ centreState: name, decision: { state: name } })
      }),
      { numRuns: 30 },
    )
    const entries = newestSequence(centre)
    for (const state of ['', 'PRINT_REDY_RECORD', 'x'.repeat(65), 'constructor', 7, undefined]) {
      const typo = () => decide(centre, id, { state: state as string, by: 'y' })
      expect(typo).toThrow(TypeError)
      expect(typo).toThrow(/^state must be one of UNREGISTERED, .*CARD_ISSUED/)
    }
    // The program itself writes that when a card is handed over.
    expect(() => decide(centre, id, { state: 'PRR', by: 'hand-over of the card' })).toThrow(/^by '.*name a person/)
    expect(newestSequence(centre)).toBe(entries)
  })

  it('says whose duplicate a record is, here and at the kiosk, and refuses a record that is none', async () => {
    const { centre, kiosk, ids } = await centreWith(33, 34)
    const [id, other] = ids
    const dup = { state: 'DUP', by: 'expert-1' }
    const code = (of: string) => () => decide(centre, id, { ...dup, duplicateOf: of })
    expect(code('nobody')).toThrow(expect.objectContaining({ code: 'RECORD_UNKNOWN' }))
    expect(code(id)).toThrow(/^duplicateOf is the record itself/)
    expect(code(7 as never)).toThrow(TypeError)
    expect(() => decide(centre, id, { state: 'PRR', duplicateOf: other, by: 'y' })).toThrow(/^duplicateOf goes with/)
    expect(recordOf(centre, id)!.decision).toBeUndefined()
    decide(centre, id, { ...dup, duplicateOf: other, note: 'both thumbs' })
    carry(centre, kiosk)
    const duplicateOfStation = recordOf(centre, other)!.station
    const said = {
      state: 'DUPLICATE_RECORD',
      duplicateOf: other,
      duplicateOfStation,
      note: 'both thumbs',
      by: 'expert-1',
    }
    for (const station of [centre, kiosk]) {
      expect(recordOf(station, id)!.decision).toEqual({ ...said, station: 'centre', at: expect.any(String) })
    }
    decide(centre, id, { state: 'PRR', by: 'expert-2' })
    const { decision } = recordOf(centre, id)!
    expect(decision).toEqual({
      ...{ state: 'PRINT_READY_RECORD', comparison: 'elsewhere', by: 'expert-2' },
      ...{ station: 'centre', at: expect.any(String) },
    })
  })

  it('may name a record of which nothing but the templates is here', async () => {
    const { centre, ids } = await centreWith(35)
    partsOf(centre).file.run(`INSERT INTO gallery_entry (record, station, changed) VALUES ('elsewhere', 'k2', 1)`)
    decide(centre, ids[0], { state: 'DUP', duplicateOf: 'elsewhere', by: 'expert-1' })
    expect(recordOf(centre, ids[0])!.decision).toMatchObject({ duplicateOf: 'elsewhere' })
  })

  it('shows the word that gave the record its state, not that of a station that may not decide', async () => {
    const { centre, kiosk, ids } = await centreWith(36)
    const [id] = ids
    decide(centre, id, { state: 'PRR', by: 'expert-1' })
    carry(centre, kiosk)
    append(kiosk, { kind: 'decision', direction: 'down', record: id, body: { state: 'CARD_ISSUED', by: 'itself' } })
    expect(recordOf(kiosk, id)!.decision).toMatchObject({ state: 'PRINT_READY_RECORD', station: 'centre' })
  })
})

/** A centre that holds records of a kiosk below it. */
async function centreWith(...seeds: number[]): Promise<{ centre: Station; kiosk: Station; ids: string[] }> {
  const kiosk = await newStation()
  const centre = await newStation({ identity: await createIdentity('centre') })
  addPeer(kiosk, { ...(await publicIdentity(partsOf(centre).identity)), relation: 'upstream' })
  addPeer(centre, { ...(await publicIdentity(partsOf(kiosk).identity)), relation: 'downstream' })
  const ids: string[] = []
  for (const seed of seeds) ids.push(await enrolled(kiosk, seed))
  carry(kiosk, centre)
  return { centre, kiosk, ids }
}

const newestSequence = (station: Station) =>
  partsOf(station).file.get<{ n: number }>('SELECT count(*) AS n FROM journal WHERE station = ?', station.id)!.n

describe('adjudicate', () => {
  it('keeps what was said, in its order, of records that are known', async () => {
    const station = await newStation()
    const [one, two] = [await enrolled(station, 41), await enrolled(station, 42)]
    const said = { candidate: two, verdict: 'undecided', operator: 'expert-2', reason: 'prints too faint' } as const
    adjudicate(station, one, said)
    adjudicate(station, one, { ...said, verdict: 'same-person', reason: 'scar on the left thumb' })
    expect(adjudications(station, one)).toMatchObject([
      { ...said, station: station.id },
      { verdict: 'same-person', reason: 'scar on the left thumb' },
    ])
    expect(adjudications(station, two)).toEqual([])
    expect(() => adjudicate(station, 'none', said)).toThrow(expect.objectContaining({ code: 'RECORD_UNKNOWN' }))
    const unknown = { ...said, candidate: 'none' }
    expect(() => adjudicate(station, one, unknown)).toThrow(expect.objectContaining({ code: 'RECORD_UNKNOWN' }))
    expect(() => adjudicate(station, one, { ...said, verdict: 'unique' as 'undecided' })).toThrow(TypeError)
  })
})

describe('records', () => {
  it('come in pages, the last first, by what they are asked for', async () => {
    let now = Date.UTC(2026, 0, 1)
    const station = await newStation({ clock: () => (now += 1_000) })
    const ids: string[] = []
    for (let i = 0; i < 7; i++) ids.push(await enrolled(station, 50 + i))
    withdraw(station, ids[2], why)
    const seen: string[] = []
    let after: string | undefined
    let pages = 0
    do {
      const page = records(station, { limit: 3, contents: true, ...(after !== undefined && { after }) })
      for (const { id, contents } of page.records) {
        seen.push(id)
        expect(contents!.nik).toBe(somebody(50 + ids.indexOf(id), []).nik)
      }
      after = page.next
      pages++
    } while (after !== undefined)
    expect(pages).toBe(3)
    expect(seen).toEqual([...ids].reverse())
    expect(records(station, { clientState: 'withdrawn' }).records.map(({ id }) => id)).toEqual([ids[2]])
    expect(records(station, { clientState: 'recorded', transportState: 'waiting' }).records).toHaveLength(6)
    expect(records(station, { preCheck: 'not-run', station: station.id }).records[0].id).toBe(ids[6])
    expect(records(station, { station: 'other' })).toEqual({ records: [] })
    expect(() => records(station, { limit: 0 })).toThrow(RangeError)
    expect(() => records(station, { after: 'x' })).toThrow(TypeError)
    expect(recordOf(station, 'none')).toBeUndefined()
    expect(() => payloadOf(station, 'none', 'photo')).toThrow(expect.objectContaining({ code: 'RECORD_UNKNOWN' }))
    expect(recordsByNik(station, '3276010101909001')).toEqual([])
  })
})
