/** A person recorded at two kiosks without a line: found when both have met the hub, and somebody decides. */
import fc from 'fast-check'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'
import {
  adjudicate,
  adjudications,
  type CheckOptions,
  changes,
  checkRecords,
  correct,
  createIdentity,
  decide,
  encodeTemplates,
  enrol,
  planPrinting,
  type Recorded,
  receive,
  recheck,
  recordOf,
  records,
  removeFromGallery,
  requestCard,
  revokePeer,
  type Station,
  status,
  sync,
  verifyStation,
  withdraw,
} from 'sidik/station'
import { syntheticProbe, syntheticTemplate } from 'sidik/synthesize'
import { describe, expect, it, vi } from 'vitest'
import { openFingerCases } from '../../../dist/station/check/finger-cases.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { engineForTests } from '../../support/engine.js'
import { newStation, somebody } from '../enrol/support.js'
import { record } from '../files.ts'
import { codeOf, edit } from '../guard/support.ts'
import { nikOf } from '../print/support.ts'
import { type Below, below } from './below.ts'
import { peopleOf } from './fingers.ts'

const engine = await engineForTests()

const SEED = 31
const POSITIONS = [1, 2, 3, 6, 7]
const { firstOf, againOf } = peopleOf(SEED, POSITIONS)

const WHO = { operator: 'operator-7', reason: 'seen on both photos' }
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }

async function hubWith(check: CheckOptions, ...ids: string[]) {
  const hub = await newStation({ engine, check, identity: await createIdentity('hub') })
  const kiosks: Below[] = []
  for (const id of ids) kiosks.push(await below(hub, id))
  const meetAll = async () => {
    for (const { meet } of [...kiosks, ...kiosks]) await meet()
  }
  return { hub, kiosks, meetAll }
}

async function recorded(station: Station, nik: number, fingers: ReturnType<typeof firstOf>): Promise<string> {
  return ((await enrol(station, somebody(nik, fingers))) as Recorded).recordId
}

const MANUAL = { background: false }
const pairsAt = (station: Station) =>
  adjudications(station).map(each => ('other' in each ? [each.kind, each.record, each.other].join(' ') : each.kind))
const pairOf = (a: string, b: string) => [['fingers', ...[a, b].sort()].join(' ')]
const waitsOf = (station: Station) => planPrinting(station).waits.map(({ code }) => code)

/** One person under two NIKs at two kiosks, and somebody else; checked at the hub. */
async function twice(check: CheckOptions = MANUAL) {
  const net = await hubWith(check, 'kiosk-1', 'kiosk-2')
  const [one, two] = net.kiosks
  const first = await recorded(one.station, 1, firstOf(1))
  const other = await recorded(one.station, 2, firstOf(2))
  const second = await recorded(two.station, 3, againOf(1))
  await net.meetAll()
  return { ...net, one, two, first, other, second }
}

describe('a person at two kiosks under two NIKs', () => {
  it('is found at the hub by itself, and both kiosks are told', async () => {
    const { hub, kiosks, meetAll, first, other, second } = await twice({})
    await vi.waitFor(() => expect(status(hub).check).toEqual({ unchecked: 0 }), { timeout: 20_000 })
    expect(pairsAt(hub)).toEqual(pairOf(first, second))
    expect(status(hub).toAdjudicate).toBe(1)
    const said = [first, other, second].map(id => recordOf(hub, id)!.check)
    // The one who was compared first did not meet the other, unless both had come by then.
    expect(said[1]).toBe('clear')
    expect(said.filter(each => each === 'duplicate').length).toBeGreaterThanOrEqual(1)
    await meetAll()
    for (const { station } of kiosks) {
      expect(pairsAt(station)).toEqual(pairOf(first, second))
      expect((await verifyStation(station)).findings).toEqual([])
    }
    for (const station of [hub, ...kiosks.map(each => each.station)]) {
      const toDecide = records(station).records.filter(each => each.toDecide)
      expect(toDecide.map(each => each.id).sort()).toEqual([first, second].filter(id => recordOf(station, id)).sort())
    }
    expect((await verifyStation(hub)).findings).toEqual([])
  })

  it('gets no card at the hub or a kiosk before somebody has decided, and the one that stays gets one', async () => {
    const { hub, one, two, meetAll, first, second } = await twice()
    for (const id of [first, second]) decide(hub, id, READY)
    requestCard(hub, { record: first, operator: 'operator-7' })
    requestCard(two.station, { record: second, operator: 'operator-7' })
    await meetAll()
    expect(waitsOf(hub)).toContain('unchecked')
    await checkRecords(hub)
    expect(waitsOf(hub)).toContain('to-decide')
    await meetAll()
    expect(waitsOf(two.station)).toEqual(['to-decide'])
    decide(hub, second, { state: 'DUPLICATE_RECORD', duplicateOf: first, by: 'expert-1' })
    await meetAll()
    expect([pairsAt(hub), pairsAt(one.station), pairsAt(two.station)]).toEqual([[], [], []])
    for (const { station } of [{ station: hub }, one, two])
      expect(records(station).records.filter(each => each.toDecide)).toEqual([])
    expect(waitsOf(hub)).toContain('no-blank')
    expect(waitsOf(two.station)).toEqual(['not-ready'])
  })

  it('is two persons when somebody at the hub says so; a kiosk’s word is heard, and settles nothing', async () => {
    const { hub, one, meetAll, first, second } = await twice()
    await checkRecords(hub)
    await meetAll()
    adjudicate(one.station, first, { ...WHO, candidate: second, verdict: 'different-persons' })
    await meetAll()
    expect(pairsAt(hub)).toEqual(pairOf(first, second))
    adjudicate(hub, second, { ...WHO, candidate: first, verdict: 'undecided' })
    expect(pairsAt(hub)).toEqual(pairOf(first, second))
    adjudicate(hub, second, { ...WHO, candidate: first, verdict: 'different-persons' })
    await meetAll()
    expect([pairsAt(hub), pairsAt(one.station)]).toEqual([[], []])
    // It stays said while the fingers are the same, and not longer.
    await recheck(hub, WHO)
    expect(pairsAt(hub)).toEqual([])
    await correct(one.station, first, { fingers: againOf(1) }, WHO)
    await meetAll()
    expect(recordOf(hub, first)!.check).toBe('unchecked')
    await checkRecords(hub)
    expect(pairsAt(hub)).toEqual(pairOf(first, second))
  })

  it('leaves a later result to be looked at, though somebody decided about a pair of other fingers', async () => {
    const { hub, one, meetAll, first, second } = await twice()
    await checkRecords(hub)
    const reviewed = () => {
      const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
      const { templates } = partsOf(hub).file.get<{ templates: Uint8Array }>(sql, first)!
      const body = {
        decision: 'review' as const,
        persons: 2,
        templates: Buffer.from(templates).toString('hex'),
        candidates: [{ record: second, score: 90, fpir: 0.01 }],
      }
      append(hub, { kind: 'checked', direction: 'down', record: first, recordVersion: 2, body })
    }
    decide(hub, second, { state: 'DUPLICATE_RECORD', duplicateOf: first, by: 'expert-1' })
    await checkRecords(hub)
    reviewed()
    expect(pairsAt(hub), 'the fingers are those that were decided about').toEqual([])
    await correct(one.station, first, { fingers: firstOf(5) }, WHO)
    await meetAll()
    await checkRecords(hub)
    expect(pairsAt(hub)).toEqual([])
    reviewed()
    expect([pairsAt(hub), status(hub).toAdjudicate]).toEqual([['check'], 1])
  })

  it('is in a case again as soon as a decision, or a word that they are two, is taken back', async () => {
    const { hub, meetAll, first, second } = await twice()
    await checkRecords(hub)
    const pair = pairOf(first, second)
    decide(hub, second, { state: 'DUPLICATE_RECORD', duplicateOf: first, by: 'expert-1' })
    expect(pairsAt(hub)).toEqual([])
    decide(hub, second, READY)
    expect(pairsAt(hub)).toEqual(pair)
    adjudicate(hub, first, { ...WHO, candidate: second, verdict: 'different-persons' })
    expect(pairsAt(hub)).toEqual([])
    adjudicate(hub, second, { ...WHO, candidate: first, verdict: 'same-person' })
    expect(pairsAt(hub)).toEqual(pair)
    await checkRecords(hub)
    await meetAll()
    expect(pairsAt(hub)).toEqual(pair)
    expect((await verifyStation(hub)).findings).toEqual([])
  })

  it('is found although another record has templates that no finger can show', async () => {
    const { hub, one, two, meetAll } = await hubWith({ background: false }, 'kiosk-1', 'kiosk-2').then(
      ({ hub, kiosks: [one, two], meetAll }) => ({ hub, one, two, meetAll }),
    )
    const contents = decodeTemplate(syntheticTemplate(SEED, 900))
    const far = { ...contents.minutiae[0], xPx: 40_000, yPx: 40_000 }
    const minutiae = [...contents.minutiae.slice(1), far]
    const { learnedCodes, ...rest } = contents
    const geometricCodes = { bits: new Uint8Array(0), masks: new Uint32Array(0) }
    const template = encodeTemplate({ ...rest, widthPx: 65_535, heightPx: 65_535, minutiae, geometricCodes })
    const { file, keys } = partsOf(one.station)
    file.transaction(() => {
      const payloads = [putPayload(file, keys, 'templates', encodeTemplates([{ position: 1, template }]))]
      const preCheck = { decision: 'not-run' as const, candidates: [], persons: 0 }
      const body = { nik: '3276014107900001', person: {}, operator: 'operator-7', preCheck }
      append(one.station, { kind: 'enrolled', direction: 'up', record: 'far', recordVersion: 1, body, payloads })
    })
    await enrol(two.station, somebody(5, firstOf(5)))
    await meetAll()
    expect(recordOf(hub, 'far')).toBeUndefined()
    expect(await checkRecords(hub)).toEqual({ checked: 1, duplicates: 0, reviews: 0, left: 0 })
  })

  it.each<[string, (net: Awaited<ReturnType<typeof twice>>) => unknown]>([
    ['one is withdrawn', ({ two, second }) => withdraw(two.station, second, WHO)],
    [
      'one gets the fingers of somebody else',
      ({ two, second }) => correct(two.station, second, { fingers: firstOf(9) }, WHO),
    ],
  ])('is settled when %s', async (_, change) => {
    const net = await twice()
    await checkRecords(net.hub)
    await net.meetAll()
    await change(net)
    await net.meetAll()
    await checkRecords(net.hub)
    await net.meetAll()
    expect([net.hub, net.one.station, net.two.station].map(pairsAt)).toEqual([[], [], []])
  })

  it('stays a case when one is taken out of the duplicate check', async () => {
    const { hub, meetAll, first, second } = await twice()
    await checkRecords(hub)
    removeFromGallery(hub, second, { reason: 'moved away', by: 'expert-1' })
    decide(hub, second, READY)
    await meetAll()
    expect(pairsAt(hub)).toEqual(pairOf(first, second))
  })

  it.each(['removed', 'corrected'])(
    'is not called clear under other fingers that nobody compared, %s first',
    async first => {
      const { hub, one, meetAll } = await twice()
      const id = await recorded(one.station, 60, firstOf(60))
      await meetAll()
      await checkRecords(hub)
      await meetAll()
      expect(recordOf(hub, id)!.check).toBe('clear')
      const steps = [
        () => removeFromGallery(hub, id, { reason: 'moved away', by: 'expert-1' }),
        () => correct(one.station, id, { fingers: firstOf(61) }, { operator: 'operator-7', reason: 'wrong fingers' }),
      ]
      for (const step of first === 'removed' ? steps : steps.reverse()) {
        await step()
        await meetAll()
      }
      for (const station of [hub, one.station]) expect(recordOf(station, id)!.check).toBe('unchecked')
    },
  )

  it('is settled when the kiosk of one is revoked: the other person waits no longer', async () => {
    const { hub, one, meetAll, first, second } = await twice()
    // The same by a NIK.
    const nik = await recorded(one.station, 50, firstOf(7))
    const { station: kiosk } = await below(hub, 'kiosk-9')
    await recorded(kiosk, 50, firstOf(8))
    await meetAll()
    await sync(kiosk, { name: 'here', exchange: message => receive(hub, message) })
    await checkRecords(hub)
    await meetAll()
    expect(pairsAt(hub)).toHaveLength(2)
    revokePeer(hub, 'kiosk-2', { from: 1, operator: 'operator-7', reason: 'stolen' })
    revokePeer(hub, 'kiosk-9', { from: 1, operator: 'operator-7', reason: 'stolen' })
    expect(pairsAt(hub)).toEqual([])
    await one.meet()
    expect([first, second, nik].map(id => pairsAt(one.station).filter(pair => pair.includes(id)))).toEqual([[], [], []])
    expect((await verifyStation(hub)).findings).toEqual([])
  })

  it('is found at the centre by two hubs that met one half each', async () => {
    const centre = await newStation({ engine, check: MANUAL, identity: await createIdentity('centre') })
    const hubs = [
      await below(centre, 'hub-1', { engine, check: MANUAL }),
      await below(centre, 'hub-2', { engine, check: MANUAL }),
    ]
    const kiosks = [await below(hubs[0].station, 'kiosk-1'), await below(hubs[1].station, 'kiosk-2')]
    const ids = [await recorded(kiosks[0].station, 1, firstOf(1)), await recorded(kiosks[1].station, 2, againOf(1))]
    const meetAll = async () => {
      for (let round = 0; round < 3; round++) for (const { meet } of [...kiosks, ...hubs]) await meet()
    }
    // Before either hub hears of the other's record.
    await kiosks[0].meet()
    await kiosks[1].meet()
    for (const { station } of hubs) expect(await checkRecords(station)).toMatchObject({ checked: 1, duplicates: 0 })
    await meetAll()
    expect(await checkRecords(centre)).toMatchObject({ checked: 2 })
    expect(pairsAt(centre)).toEqual(pairOf(ids[0], ids[1]))
    await meetAll()
    for (const { station } of [...hubs, ...kiosks]) expect(pairsAt(station)).toEqual(pairOf(ids[0], ids[1]))
    decide(centre, ids[1], { state: 'DUPLICATE_RECORD', by: 'expert-1' })
    await meetAll()
    for (const { station } of [...hubs, ...kiosks]) expect(pairsAt(station)).toEqual([])
    for (const { station } of [...hubs, ...kiosks]) expect((await verifyStation(station)).findings).toEqual([])
  })

  it('is found by an office that works alone, when the second is recorded', async () => {
    const office = await newStation({ engine, ownCentre: true, identity: await createIdentity('office') })
    const first = await recorded(office, 1, firstOf(1))
    const second = await recorded(office, 2, againOf(1))
    expect(pairsAt(office)).toEqual(pairOf(first, second))
    expect(
      records(office)
        .records.map(({ check }) => check)
        .sort(),
    ).toEqual(['clear', 'duplicate'])
    adjudicate(office, first, { ...WHO, candidate: second, verdict: 'different-persons' })
    expect(pairsAt(office)).toEqual([])
  })
})

describe('the check of records', () => {
  it('calls nothing clear that was not compared with all that came before it', async () => {
    const { hub, first, other, second } = await twice()
    const states = () => [first, other, second].map(id => recordOf(hub, id)!.check)
    expect(states()).toEqual(['unchecked', 'unchecked', 'unchecked'])
    expect(status(hub).check).toEqual({ unchecked: 3 })
    const stop = new AbortController()
    const reason = new Error('enough')
    const stopped = checkRecords(hub, { signal: stop.signal, onProgress: () => stop.abort(reason) })
    await expect(stopped).rejects.toBe(reason)
    // The other one that was compared at once was stopped.
    expect(states().filter(state => state === 'unchecked')).toHaveLength(2)
    const { checked, left } = await checkRecords(hub)
    expect([checked, left]).toEqual([2, 0])
    const [{ persons, through, candidates, station }] = recordOf(hub, second)!.checks
    expect([persons, station]).toEqual([2, 'hub'])
    expect(through).toBeGreaterThan(0)
    expect(candidates[0]).toMatchObject({ record: first, fingers: POSITIONS.map(position => ({ position })) })
    // Nothing is checked twice.
    expect(await checkRecords(hub)).toMatchObject({ checked: 0 })
  })

  it('is told to the station whose record it is, and to nobody else', async () => {
    const { hub, one, two, meetAll, first, second } = await twice()
    await checkRecords(hub)
    await meetAll()
    expect(recordOf(one.station, first)!.checks).toMatchObject([{ station: 'hub', persons: 2 }])
    expect(recordOf(two.station, second)!.check).toBe(recordOf(hub, second)!.check)
    const checked = async (station: Station) => {
      const found: string[] = []
      const all = changes(station)
      for await (const { kind, record, isWhole } of all) {
        if (kind === 'checked' && isWhole) found.push(record!)
        if (found.length === 2) break
        if (station === two.station && found.length === 1) break
      }
      return found
    }
    expect(await checked(two.station)).toEqual([second])
  })

  it('takes records without fingers, of another network and in two versions out of order', async () => {
    const { hub, kiosks } = await hubWith(MANUAL, 'kiosk-1')
    const [{ station: kiosk, meet }] = kiosks
    const plain = (record: string, payloads: Parameters<typeof append>[1]['payloads'], version = 1) =>
      append(kiosk, {
        kind: version === 1 ? 'enrolled' : 'corrected',
        direction: 'up',
        record,
        recordVersion: version,
        body: {
          nik: '3276014107900001',
          person: { name: 'Nobody' },
          operator: 'operator-7',
          preCheck: { decision: 'not-run', candidates: [], persons: 0 },
          ...(version > 1 && { reason: 'other fingers' }),
        } as never,
        payloads,
      })
    plain('bare', [])
    const { file, keys } = partsOf(kiosk)
    const missing = POSITIONS.map(position => ({ position, missing: 'amputated' as const }))
    plain('no-fingers', [putPayload(file, keys, 'templates', encodeTemplates(missing))])
    // Minutiae alone, as another vendor's record has them: compared by their geometry.
    const iso = firstOf(1).map(({ position, template }) => {
      const { learnedCodes: _, ...minutiae } = decodeTemplate(template)
      return { position, template: encodeTemplate(minutiae) }
    })
    plain('other-maker', [putPayload(file, keys, 'templates', encodeTemplates(iso))])
    plain('two-versions', [putPayload(file, keys, 'templates', encodeTemplates(firstOf(5)))])
    await meet()
    await checkRecords(hub)
    plain('two-versions', [putPayload(file, keys, 'templates', encodeTemplates(againOf(1)))], 2)
    await meet()
    const { duplicates } = await checkRecords(hub)
    expect(duplicates).toBe(1)
    expect(Object.fromEntries(records(hub).records.map(({ id, check }) => [id, check]))).toEqual({
      bare: 'not-run',
      'no-fingers': 'not-run',
      'other-maker': 'clear',
      'two-versions': 'duplicate',
    })
    expect(recordOf(hub, 'bare')!.checks[0].reasons).toEqual(['no-finger'])
    expect(pairsAt(hub).filter(each => each.startsWith('fingers'))).toEqual(pairOf('other-maker', 'two-versions'))
    expect((await verifyStation(hub)).findings).toEqual([])
  })

  it('doubts nobody for one whose own fingers are alike', async () => {
    const { hub, one, two, meetAll } = await (async () => {
      const net = await hubWith(MANUAL, 'kiosk-1', 'kiosk-2')
      return { ...net, one: net.kiosks[0].station, two: net.kiosks[1].station }
    })()
    const honest = await recorded(one, 1, firstOf(1))
    // One finger of the honest person, put down twice, under two positions.
    const { file, keys } = partsOf(two)
    const alike = [1, 2].map(position => ({
      position,
      template: syntheticProbe(SEED, 11, position === 1 ? 'clean' : 'typical'),
    }))
    append(two, {
      kind: 'enrolled',
      direction: 'up',
      record: 'alike',
      recordVersion: 1,
      body: {
        nik: '3276014107900001',
        person: { name: 'Nobody' },
        operator: 'x',
        preCheck: { decision: 'clear', candidates: [], persons: 0 },
      },
      payloads: [putPayload(file, keys, 'templates', encodeTemplates(alike))],
    })
    await meetAll()
    await checkRecords(hub)
    // Somebody has to look at both, and the honest one waits for nobody.
    expect(pairsAt(hub).sort()).toEqual(['check', 'own-fingers'])
    expect(status(hub).toAdjudicate).toBe(2)
    for (const record of ['alike', honest]) {
      decide(hub, record, READY)
      requestCard(hub, { record, operator: 'operator-7' })
    }
    const waits = () => Object.fromEntries(planPrinting(hub).waits.map(({ record, code }) => [record, code]))
    expect(waits()).toEqual({ alike: 'to-decide', [honest]: 'no-blank' })
    // Its kiosk hears of it.
    await meetAll()
    expect(pairsAt(two)).toEqual(['own-fingers'])
    const own = { ...WHO, candidate: 'alike' }
    for (const [verdict, kinds] of [
      ['different-persons', ['check']],
      ['same-person', ['check', 'own-fingers']],
      ['different-persons', ['check']],
    ] as const) {
      adjudicate(hub, 'alike', { ...own, verdict })
      expect(pairsAt(hub).sort()).toEqual(kinds)
    }
    // Now it is compared with others, by that word.
    expect(waits()).toEqual({ alike: 'unchecked', [honest]: 'no-blank' })
    expect(recordOf(hub, 'alike')).toMatchObject({ check: 'unchecked', checks: [] })
    expect(recordOf(hub, honest)!.check).not.toBe('duplicate')
    await checkRecords(hub)
    expect(adjudications(hub)).toMatchObject([{ kind: 'fingers', otherStation: expect.anything() }])
    expect(waits()).toMatchObject({ alike: 'to-decide' })
    expect((await verifyStation(hub)).findings).toEqual([])
  })

  it('bounds how many a kiosk that records others’ templates keeps from a card', async () => {
    const { hub, kiosks, meetAll } = await hubWith(MANUAL, 'kiosk-1', 'kiosk-2')
    const [honest, thief] = kiosks.map(each => each.station)
    const COUNT = 70
    const one = (person: number) => [{ position: 1, template: syntheticTemplate(SEED, 5_000 + person) }]
    const plain = (station: Station, person: number) => {
      const { file, keys } = partsOf(station)
      const preCheck = { decision: 'not-run' as const, candidates: [], persons: 0 }
      const nik = String(3276014107900000 + person + (station === thief ? 1_000 : 0))
      append(station, {
        kind: 'enrolled',
        direction: 'up',
        record: `${station.id}-${person}`,
        recordVersion: 1,
        body: { nik, person: { name: 'x' }, operator: 'x', preCheck },
        payloads: [putPayload(file, keys, 'templates', encodeTemplates(one(person)))],
      })
    }
    for (let person = 0; person < COUNT; person++) plain(honest, person)
    await kiosks[0].meet()
    await checkRecords(hub)
    for (let person = 0; person < COUNT; person++) plain(thief, person)
    await meetAll()
    await checkRecords(hub)
    const kept = (id: string) =>
      partsOf(hub).file.get<{ n: number }>(
        `SELECT count(DISTINCT i.record) AS n FROM identity_case i
         JOIN record r ON r.id = i.record WHERE r.station = ?`,
        id,
      )!.n
    expect([kept('kiosk-1'), kept('kiosk-2')]).toEqual([64, COUNT])
    expect(pairsAt(hub).filter(each => each.startsWith('fingers'))).toHaveLength(COUNT)
  })

  it('bounds it of all kiosks that a hub invents together', async () => {
    const centre = await newStation({ identity: await createIdentity('centre') })
    const [honest, hub] = [await below(centre, 'honest'), await below(centre, 'hub')]
    const thieves = [await below(hub.station, 'kiosk-1'), await below(hub.station, 'kiosk-2')]
    // Each a few less than one station may.
    const EACH = 60
    for (let i = 0; i < 2 * EACH; i++) record(honest.station, `person-${i}`, { nik: nikOf(i) })
    for (let i = 0; i < 2 * EACH; i++) record(thieves[i % 2].station, `copy-${i}`, { nik: nikOf(500 + i) })
    for (const each of [honest, ...thieves, hub]) await each.meet()
    const { file } = partsOf(centre)
    for (let i = 0; i < 2 * EACH; i++) {
      file.transaction(() => openFingerCases(centre, `copy-${i}`, [{ record: `person-${i}`, isMostlyAlike: true }]))
    }
    const doubted = (station: string) => {
      const sql = `SELECT count(DISTINCT i.record) AS n FROM identity_case i JOIN record r ON r.id = i.record
        WHERE i.kind = 'fingers' AND r.station LIKE ?`
      return file.get<{ n: number }>(sql, station)!.n
    }
    expect([doubted('honest'), doubted('kiosk-%')]).toEqual([64, 2 * EACH])
  })

  it('sets few of the records of one station against each other at once', async () => {
    const { hub, kiosks } = await hubWith(MANUAL, 'kiosk-1')
    const [{ station, meet }] = kiosks
    const { file, keys } = partsOf(station)
    const COPIES = 40
    const copies = Array.from({ length: COPIES }, (_, i) => `copy-${i}`)
    const preCheck = { decision: 'not-run' as const, candidates: [], persons: 0 }
    for (const [i, record] of copies.entries()) {
      const body = { nik: String(3276014107900000 + i), person: { name: 'x' }, operator: 'x', preCheck }
      const payloads = [putPayload(file, keys, 'templates', encodeTemplates(firstOf(1)))]
      append(station, { kind: 'enrolled', direction: 'up', record, recordVersion: 1, body, payloads })
    }
    await meet()
    await checkRecords(hub)
    const opened = partsOf(hub).file.all<{ applied: number }>(
      "SELECT applied FROM journal WHERE kind IN ('case-opened', 'checked') AND station = 'hub' ORDER BY applied",
    )
    // Each is compared by one entry, behind those of its cases: its own eight, and sixteen of the others.
    const checked = partsOf(hub).file.all<{ applied: number }>(
      "SELECT applied FROM journal WHERE kind = 'checked' AND station = 'hub' ORDER BY applied",
    )
    const most = checked.map(({ applied }, i) => applied - (checked[i - 1]?.applied ?? opened[0].applied - 1) - 1)
    expect(Math.max(...most)).toBeLessThanOrEqual(8 + 16)
    const open = 'SELECT DISTINCT record FROM identity_case WHERE closed_at IS NULL'
    expect(partsOf(hub).file.all(open)).toHaveLength(COPIES)
  })

  it.each(['stay', 'are withdrawn', 'are alike'] as const)(
    'finds a person behind copies of their fingers that %s',
    async way => {
      // More than a search brings back.
      const COPIES = 16
      const { hub, kiosks, meetAll } = await hubWith(MANUAL, 'kiosk-1', 'kiosk-2', 'kiosk-3')
      const [one, thief, two] = kiosks.map(each => each.station)
      const first = await recorded(one, 1, firstOf(1))
      await meetAll()
      await checkRecords(hub)
      const { file, keys } = partsOf(thief)
      for (let copy = 0; copy < COPIES; copy++) {
        const same = { position: 8, template: syntheticProbe(SEED, 11, 'typical') }
        const other = { position: 8, template: syntheticTemplate(SEED, 9_000 + copy) }
        const [thumb, ...rest] = firstOf(1)
        const clean = { position: 1, template: syntheticProbe(SEED, 11, 'clean') }
        const fingers = way === 'are alike' ? [clean, ...rest, same] : [thumb, ...rest, other]
        append(thief, {
          kind: 'enrolled',
          direction: 'up',
          record: `copy-${copy}`,
          recordVersion: 1,
          body: {
            nik: String(3276014107900500 + copy),
            person: { name: 'x' },
            operator: 'x',
            preCheck: { decision: 'not-run', candidates: [], persons: 0 },
          },
          payloads: [putPayload(file, keys, 'templates', encodeTemplates(fingers))],
        })
      }
      await meetAll()
      await checkRecords(hub)
      const second = await recorded(two, 2, againOf(1))
      await meetAll()
      await checkRecords(hub)
      if (way === 'are withdrawn') for (let copy = 0; copy < COPIES; copy++) withdraw(thief, `copy-${copy}`, WHO)
      await meetAll()
      await checkRecords(hub)
      const kept = pairsAt(hub).filter(pair => pair.startsWith('fingers') && pair.includes(second))
      // Matches of other stations come first.
      expect(kept, way).toContain(pairOf(first, second)[0])
      if (way !== 'stay') expect(kept, way).toHaveLength(1)
    },
  )

  it('keeps nobody from a card for one who took each finger from another person', async () => {
    const { hub, kiosks, meetAll } = await hubWith(MANUAL, 'kiosk-1', 'kiosk-2')
    const [honest, thief] = kiosks.map(each => each.station)
    const victims: string[] = []
    for (const person of POSITIONS) victims.push(await recorded(honest, person, firstOf(person)))
    await meetAll()
    const mosaic = await recorded(
      thief,
      50,
      POSITIONS.map(person => firstOf(person)[POSITIONS.indexOf(person)]),
    )
    await meetAll()
    await checkRecords(hub)
    const kept = (record: string) =>
      partsOf(hub).file.get('SELECT 1 FROM identity_case WHERE record = ? AND closed_at IS NULL', record) !== undefined
    expect(victims.filter(kept)).toEqual([])
    expect(kept(mosaic) || recordOf(hub, mosaic)!.check !== 'clear').toBe(true)
  })

  it('asks nobody again about a record that has not changed, however often the other one does', async () => {
    const { hub, two, meetAll, first, second } = await twice()
    await checkRecords(hub)
    adjudicate(hub, first, { ...WHO, candidate: second, verdict: 'different-persons' })
    decide(hub, first, READY)
    requestCard(hub, { record: first, operator: 'operator-7' })
    await meetAll()
    for (let time = 0; time < 2; time++) {
      const [, ...rest] = againOf(1)
      await correct(
        two.station,
        second,
        { fingers: [{ position: 1, template: firstOf(70 + time)[0].template }, ...rest] },
        WHO,
      )
      await meetAll()
      await checkRecords(hub)
      expect(waitsOf(hub)).toContain('no-blank')
      expect(pairsAt(hub)).toEqual(pairOf(first, second))
    }
  })

  it('takes turns between stations, and is not held by a row that somebody wrote', async () => {
    const { hub, kiosks, meetAll } = await hubWith(MANUAL, 'kiosk-1', 'kiosk-2')
    const [many, few] = kiosks.map(each => each.station)
    for (let person = 0; person < 6; person++) await recorded(many, person + 1, firstOf(person + 20))
    await kiosks[0].meet()
    const late = await recorded(few, 50, firstOf(50))
    await meetAll()
    const stop = new AbortController()
    const order: string[] = []
    const onProgress = () => {
      order.push(recordOf(hub, late)!.check)
      if (order.length === 2) stop.abort(new Error('enough'))
    }
    await checkRecords(hub, { signal: stop.signal, onProgress }).catch(() => {})
    expect(order.at(-1)).toBe('clear')
    const { path } = hub
    const { identity } = partsOf(hub)
    await hub.close()
    edit(path, "INSERT INTO check_due (record, station, since) VALUES ('nobody', 'kiosk-1', 0)")
    const again = await newStation({ path, engine, check: MANUAL, identity })
    expect(await checkRecords(again)).toMatchObject({ checked: 5 })
  })

  it('counts the word of stations above alone, and no edited row', async () => {
    const { hub, one, two, meetAll, first, second } = await twice()
    const forged = { decision: 'clear' as const, candidates: [], persons: 1_000 }
    append(one.station, { kind: 'checked', direction: 'up', record: second, body: forged })
    append(two.station, { kind: 'checked', direction: 'up', record: second, body: forged })
    append(one.station, {
      kind: 'case-opened',
      direction: 'up',
      record: second,
      body: { kind: 'fingers', other: first, otherStation: 'kiosk-1', basis: 'x' },
    })
    await meetAll()
    expect(recordOf(hub, second)!.check).toBe('unchecked')
    expect(pairsAt(hub)).toEqual([])
    await checkRecords(hub)
    const { path } = hub
    const { identity } = partsOf(hub)
    await hub.close()
    edit(path, `UPDATE record_check SET decision = 'clear' WHERE record = '${second}'`)
    const again = await newStation({ path, engine, check: MANUAL, identity })
    const acted = await codeOf(() => decide(again, second, READY))
    expect(acted).toBe('STATION_ALTERED')
  })

  it('comes to the same pairs in whatever order records and checks come', async () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant('meet' as const), kiosk: fc.nat(1) }),
      fc.record({ what: fc.constant('check' as const), kiosk: fc.nat(1) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async steps => {
        const { hub, kiosks, meetAll } = await hubWith(MANUAL, 'kiosk-1', 'kiosk-2')
        const people = [
          [0, 1, firstOf(1)],
          [1, 2, againOf(1)],
          [1, 3, firstOf(2)],
          [0, 4, againOf(2)],
        ] as const
        const ids: string[] = []
        for (const [kiosk, nik, fingers] of people) {
          ids.push(await recorded(kiosks[kiosk].station, nik, fingers))
          const next = steps[ids.length - 1]
          if (next?.what === 'meet') await kiosks[next.kiosk].meet()
          else if (next !== undefined) await checkRecords(hub)
        }
        await meetAll()
        await checkRecords(hub)
        expect(pairsAt(hub).sort()).toEqual([...pairOf(ids[0], ids[1]), ...pairOf(ids[2], ids[3])].sort())
        removeFromGallery(hub, ids[0], { reason: 'moved away', by: 'expert-1' })
        expect(status(hub).check.unchecked).toBe(0)
        for (const station of [hub, ...kiosks.map(each => each.station)]) await station.close()
      }),
      { numRuns: 8 },
    )
  })

  it('refuses what it cannot do, by the name of the argument', async () => {
    const station = await newStation()
    await expect(checkRecords(station)).rejects.toThrow(/without an engine/)
    await expect(recheck(station, WHO)).rejects.toThrow(/without an engine/)
    await expect(newStation({ engine, check: { targetFpir: 2 } })).rejects.toThrow(/check\.targetFpir/)
    await expect(newStation({ engine, check: { population: 0 } })).rejects.toThrow(/check\.population/)
    await expect(newStation({ engine, check: { rate: 1 } as never })).rejects.toThrow(/rate/)
  })
})
