/** A card follows from a decision and a comparison: whichever comes first, a kiosk waits for both. */
import fc from 'fast-check'
import {
  checkRecords,
  correct,
  createIdentity,
  type DecisionInput,
  decide,
  enrol,
  importDecisions,
  issueLetter,
  planPrinting,
  type Recorded,
  recheck,
  recordOf,
  records,
  requestCard,
  type Station,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation, somebody } from '../enrol/support.js'
import { type Below, below } from './below.ts'
import { peopleOf } from './fingers.ts'

const engine = await engineForTests()

const { firstOf } = peopleOf(57, [1, 2, 6, 7])

const WHO = { operator: 'operator-7', reason: 'seen on the form' }
const READY: DecisionInput = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
const WAIVED: DecisionInput = { ...READY, unchecked: 'the ministry compares them' }
const MANUAL = { background: false }

/** Kiosk below hub; the hub has an engine unless told otherwise, and is the centre unless there is one. */
async function chain({ hub: hubHas = true, centre: centreHas = undefined as boolean | undefined } = {}) {
  const withEngine = (has: boolean) => (has ? { engine, check: MANUAL } : {})
  const centre =
    centreHas === undefined
      ? undefined
      : await newStation({ ...withEngine(centreHas), identity: await createIdentity('centre') })
  const hub: Below =
    centre === undefined
      ? {
          station: await newStation({ ...withEngine(hubHas), identity: await createIdentity('hub') }),
          meet: async () => {},
        }
      : await below(centre, 'hub', withEngine(hubHas))
  const kiosk = await below(hub.station, 'kiosk')
  const meet = async () => {
    for (let round = 0; round < 2; round++) for (const place of [kiosk, hub, kiosk]) await place.meet()
  }
  const { recordId: id } = (await enrol(kiosk.station, somebody(1, firstOf(1)))) as Recorded
  requestCard(kiosk.station, { record: id, operator: 'operator-7' })
  await meet()
  return { centre, hub: hub.station, kiosk: kiosk.station, meet, id }
}

const waitOf = (station: Station) => planPrinting(station).waits.map(({ code }) => code)[0]
/** What a card waits for when nothing else keeps it. */
const PRINTABLE = 'no-blank'

describe('a record that is cleared for a card before it was compared', () => {
  it('gets none at the kiosk before the hub has compared it, and one then', async () => {
    const { hub, kiosk, meet, id } = await chain()
    decide(hub, id, READY)
    await meet()
    expect(recordOf(kiosk, id)).toMatchObject({ centreState: 'PRINT_READY_RECORD', check: 'unchecked' })
    expect(planPrinting(kiosk).waits).toMatchObject([
      { code: 'unchecked', message: expect.stringMatching(/no station above/) },
    ])
    expect(recordOf(hub, id)!.decision!.comparison).toBe('awaited')
    await checkRecords(hub)
    await meet()
    expect(waitOf(kiosk)).toBe(PRINTABLE)
    for (const station of [hub, kiosk]) expect((await verifyStation(station)).findings).toEqual([])
  })

  it('gets none again when it is corrected to other fingers, which nobody has compared', async () => {
    const { hub, kiosk, meet, id } = await chain()
    await checkRecords(hub)
    decide(hub, id, READY)
    expect(recordOf(hub, id)!.decision!.comparison).toBe('done')
    await meet()
    expect(waitOf(kiosk)).toBe(PRINTABLE)
    await correct(kiosk, id, { person: somebody(1, []).person }, WHO)
    // What is on the card has changed: the centre is asked again. The fingers are the same.
    expect(waitOf(kiosk)).toBe('not-ready')
    await meet()
    decide(hub, id, READY)
    await meet()
    expect(waitOf(kiosk)).toBe(PRINTABLE)
    await correct(kiosk, id, { fingers: firstOf(2) }, WHO)
    await meet()
    decide(hub, id, READY)
    await meet()
    expect([waitOf(kiosk), recordOf(kiosk, id)!.check]).toEqual(['unchecked', 'unchecked'])
    await meet()
    await checkRecords(hub)
    await meet()
    expect([waitOf(kiosk), recordOf(kiosk, id)!.check]).toEqual([PRINTABLE, 'clear'])
  })

  it('waits for the hub where the centre compares nothing', async () => {
    const { centre, hub, kiosk, meet, id } = await chain({ centre: false })
    decide(centre!, id, READY)
    await meet()
    expect(recordOf(kiosk, id)!.decision!.comparison).toBe('elsewhere')
    expect(waitOf(kiosk)).toBe('unchecked')
    await checkRecords(hub)
    await meet()
    expect(waitOf(kiosk)).toBe(PRINTABLE)
  })

  it('waits for the centre, where that compares, also when the hub has', async () => {
    const { centre, hub, kiosk, meet, id } = await chain({ centre: true })
    await checkRecords(hub)
    decide(centre!, id, READY)
    await meet()
    expect(waitOf(kiosk)).toBe('unchecked')
    await checkRecords(centre!)
    await meet()
    expect(waitOf(kiosk)).toBe(PRINTABLE)
  })

  it('waits for good where no station has an engine, unless a person says why not: that is shown', async () => {
    const { hub, kiosk, meet, id } = await chain({ hub: false })
    decide(hub, id, READY)
    await meet()
    expect(waitOf(kiosk)).toBe('unchecked')
    decide(hub, id, WAIVED)
    await meet()
    expect(waitOf(kiosk)).toBe(PRINTABLE)
    for (const station of [hub, kiosk]) {
      expect(records(station).records).toMatchObject([{ id, check: 'unchecked', checkWaived: true }])
      expect(recordOf(station, id)!.decision).toMatchObject({ comparison: 'waived', unchecked: WAIVED.unchecked })
      expect((await verifyStation(station)).findings).toEqual([])
    }
    // For these fingers alone.
    await correct(kiosk, id, { fingers: firstOf(2) }, WHO)
    expect(waitOf(kiosk)).toBe('unchecked')
    expect(records(kiosk).records[0].checkWaived).toBeUndefined()
  })

  it('is compared all the same when a person has waived that, and is a case then', async () => {
    const { hub, kiosk, meet, id } = await chain()
    const { recordId: other } = (await enrol(kiosk, somebody(2, firstOf(1)))) as Recorded
    await meet()
    decide(hub, id, WAIVED)
    requestCard(hub, { record: other, operator: 'operator-7' })
    await meet()
    expect(waitOf(kiosk)).toBe(PRINTABLE)
    await checkRecords(hub)
    await meet()
    expect(waitOf(kiosk)).toBe('to-decide')
    expect(recordOf(hub, id)!.checkWaived).toBeUndefined()
    // Whoever hears half of a message hears of the case first.
    const sql = `SELECT kind FROM journal WHERE station = 'hub' AND record = ? AND kind IN ('checked', 'case-opened')
      ORDER BY applied LIMIT 1`
    for (const record of [id, other]) expect(partsOf(hub).file.get(sql, record)).toEqual({ kind: 'case-opened' })
  })

  it('is as it was in a journal of a program that said nothing of comparisons', async () => {
    const { hub, kiosk, meet, id } = await chain({ hub: false })
    const body = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
    append(hub, { kind: 'decision', direction: 'down', record: id, recordVersion: 1, to: 'kiosk', body })
    await meet()
    expect(waitOf(kiosk)).toBe(PRINTABLE)
    expect(recordOf(kiosk, id)!.decision).not.toHaveProperty('comparison')
  })

  it('is not compared by the word of its own kiosk', async () => {
    const { hub, kiosk, meet, id } = await chain({ hub: false })
    decide(hub, id, READY)
    await meet()
    const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
    const templates = partsOf(kiosk).file.get<{ templates: Buffer }>(sql, id)!.templates.toString('hex')
    const result = { decision: 'clear' as const, candidates: [], persons: 1_000, templates }
    append(kiosk, { kind: 'checked', direction: 'local', record: id, body: result })
    expect(waitOf(kiosk)).toBe('unchecked')
  })

  it('is printed by an office of its own that compared it, or says why not', async () => {
    const office = await newStation({ ownCentre: true, identity: await createIdentity('office') })
    const { recordId: id } = (await enrol(office, somebody(1, firstOf(1)))) as Recorded
    requestCard(office, { record: id, operator: 'operator-7' })
    decide(office, id, READY)
    expect(waitOf(office)).toBe('unchecked')
    decide(office, id, WAIVED)
    expect(waitOf(office)).toBe(PRINTABLE)
    const searching = await newStation({ ownCentre: true, engine, identity: await createIdentity('office-2') })
    const recorded = (await enrol(searching, somebody(1, firstOf(1)))) as Recorded
    const { recordId: alone } = (await enrol(searching, somebody(2, firstOf(2)))) as Recorded
    for (const record of [recorded.recordId, alone]) {
      requestCard(searching, { record, operator: 'operator-7' })
      decide(searching, record, READY)
    }
    expect(planPrinting(searching).waits.map(({ code }) => code)).toEqual([PRINTABLE, PRINTABLE])
    await recheck(searching, WHO)
    expect(planPrinting(searching).waits.map(({ code }) => code)).toEqual([PRINTABLE, PRINTABLE])
  })

  it('gets a letter at the kiosk meanwhile, as one does of whom nothing was said', async () => {
    const { hub, kiosk, meet, id } = await chain()
    decide(hub, id, READY)
    await meet()
    expect(issueLetter(kiosk, { record: id, operator: 'operator-7' }).code).toBe('PRR')
  })

  it('is waived by a file that the ministry answers with, also where the file was taken before', async () => {
    const { hub, kiosk, meet, id } = await chain({ hub: false })
    const file = Buffer.from(`record,state\n${id},PRR\n`)
    const take = (options = {}) => importDecisions(hub, file, { operator: 'clerk-1', ...options })
    expect(await take()).toMatchObject({ taken: 1 })
    expect(await take()).toMatchObject({ taken: 0, left: 1 })
    await meet()
    expect(waitOf(kiosk)).toBe('unchecked')
    const { unchecked } = WAIVED
    expect(await take({ unchecked })).toMatchObject({ taken: 1, refused: [] })
    expect(await take({ unchecked })).toMatchObject({ taken: 0, left: 1 })
    await meet()
    expect(waitOf(kiosk)).toBe(PRINTABLE)
    await expect(take({ unchecked: ' ' })).rejects.toThrow(/unchecked/)
  })

  it('refuses a waiver that says nothing, or goes with another state', async () => {
    const { hub, id } = await chain()
    expect(() => decide(hub, id, { ...READY, unchecked: ' ' })).toThrow(/^unchecked/)
    expect(() => decide(hub, id, { ...WAIVED, state: 'ADJUDICATION' })).toThrow(RangeError)
  })
})

/** Whether the kiosk's journal holds a result, or a waiver, for the fingers that the record has now. */
function isAuthorised(kiosk: Station, id: string): boolean {
  const { file, keys } = partsOf(kiosk)
  const { templates } = file.get<{ templates: Buffer }>('SELECT templates FROM gallery_entry WHERE record = ?', id)!
  const sql = `SELECT ${ENTRY_COLUMNS} FROM journal WHERE record = ? AND kind IN ('checked', 'decision')
    AND station = 'hub' AND body IS NOT NULL`
  return file.all<EntryRow>(sql, id).some(row => {
    const body = bodyOf(file, keys, row) as { templates?: string; comparison?: string }
    return body.templates === templates.toString('hex') && [undefined, 'waived'].includes(body.comparison)
  })
}

it('lets a kiosk print nothing that was not compared as it is, in whatever order things happen', async () => {
  const step = fc.constantFrom('meet', 'meet', 'check', 'clear', 'waive', 'doubt', 'correct', 'name')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async steps => {
      const { hub, kiosk, meet, id } = await chain()
      let person = 2
      const act = {
        meet,
        check: () => checkRecords(hub),
        clear: () => decide(hub, id, READY),
        waive: () => decide(hub, id, WAIVED),
        doubt: () => decide(hub, id, { state: 'ADJUDICATION', by: 'expert-1' }),
        correct: () => correct(kiosk, id, { fingers: firstOf(person++) }, WHO),
        name: () => correct(kiosk, id, { person: { ...somebody(1, []).person, name: `Siti ${person++}` } }, WHO),
      }
      for (const each of steps) {
        await act[each]()
        if (waitOf(kiosk) === PRINTABLE) expect(isAuthorised(kiosk, id), steps.join(' ')).toBe(true)
      }
      // Nobody waits for good.
      await meet()
      await checkRecords(hub)
      decide(hub, id, READY)
      await meet()
      expect(waitOf(kiosk)).toBe(PRINTABLE)
      expect((await verifyStation(kiosk)).findings).toEqual([])
      for (const station of [hub, kiosk]) await station.close()
    }),
    { numRuns: 10 },
  )
})
