import {
  createIdentity,
  drafts,
  type Enrolment,
  enrol,
  galleryState,
  payloadOf,
  type Recorded,
  readDraft,
  recordOf,
  records,
  recordsByNik,
  resumeDraft,
  saveDraft,
  withdraw,
} from 'sidik/station'
import { syntheticProbe } from 'sidik/synthesize'
import { describe, expect, it, vi } from 'vitest'
import { decodeTemplates } from '../../../dist/station/enrol/templates-payload.js'
import { engineForTests } from '../../support/engine.js'
import { newPath, newStation, print, somebody, tenTemplates } from './support.js'

const engine = await engineForTests()

async function recorded(made: ReturnType<typeof enrol>): Promise<Recorded> {
  const result = await made
  if (result.recorded) return result
  throw new Error(`not recorded: ${JSON.stringify(result.feedback)}`)
}

async function codesOf(made: ReturnType<typeof enrol>): Promise<string[]> {
  const result = await made
  return result.recorded ? [] : result.feedback.map(({ code }) => code)
}

const bandaged = (positions: readonly number[]) =>
  Object.fromEntries(positions.map(each => [each, 'bandaged' as const]))

describe('enrol with images', () => {
  const fingers = (impression: number) => [
    { position: 1, image: print(`101_${impression}`) },
    { position: 2, image: print(`102_${impression}`) },
    { position: 7, image: print(`103_${impression}`) },
  ]

  it('records a person, finds them again by other prints, and keeps what was captured', async () => {
    const station = await newStation({ engine })
    const steps: string[] = []
    const onProgress = ({ step, done, total }: { step: string; done: number; total: number }) =>
      steps.push(`${step} ${done}/${total}`)
    const photo = print('104_1')
    const first = somebody(1, fingers(1), { photo, signature: print('104_2') })
    const one = await recorded(enrol(station, first, { onProgress }))
    expect(one.version).toBe(1)
    expect(one.preCheck).toMatchObject({ candidates: [], persons: 0, absent: 0 })
    expect(one.preCheck.decision).not.toBe('duplicate')
    expect(steps).toEqual(expect.arrayContaining(['extract 1/3', 'extract 3/3']))
    expect(drafts(station)).toEqual([])

    const details = recordOf(station, one.recordId)!
    expect(details).toMatchObject({
      station: '3276-01',
      version: 1,
      clientState: 'recorded',
      transportState: 'waiting',
      contents: { nik: first.nik, person: first.person, operator: 'operator-7', exceptions: first.exceptions },
    })
    expect(details.contents!.fingers.map(({ position }) => position)).toEqual([1, 2, 7])
    expect(details.contents!.fingers.every(({ quality, minutiae }) => quality > 0 && minutiae > 8)).toBe(true)
    expect(details.payloads.map(({ role }) => role)).toEqual([
      'templates',
      'finger-1',
      'finger-2',
      'finger-7',
      'photo',
      'signature',
    ])
    // WSQ, some ten times smaller than what it was made of.
    const wsq = payloadOf(station, one.recordId, 'finger-1')!
    expect([...wsq.subarray(0, 2)]).toEqual([0xff, 0xa0])
    expect(new Uint8Array(payloadOf(station, one.recordId, 'photo')!)).toEqual(photo)
    expect(payloadOf(station, one.recordId, 'finger-3')).toBeUndefined()
    expect(decodeTemplates(payloadOf(station, one.recordId, 'templates')!)).toHaveLength(10)

    // Somebody else's NIK and other impressions of the same fingers: recorded, and told of.
    const again = await recorded(enrol(station, somebody(2, fingers(2))))
    expect(again.preCheck).toMatchObject({ decision: 'duplicate', persons: 1 })
    expect(again.preCheck.candidates[0]).toMatchObject({ record: one.recordId })
    expect(again.preCheck.candidates[0].fpir).toBeLessThan(1e-6)
    expect(again.preCheck.candidates[0].fingers.map(each => [each.position, each.candidatePosition])).toEqual([
      [1, 1],
      [2, 2],
      [7, 7],
    ])
    expect(records(station).records.map(({ id, preCheck }) => [id, preCheck])).toEqual([
      [again.recordId, 'duplicate'],
      [one.recordId, one.preCheck.decision],
    ])
    expect(galleryState(station)).toMatchObject({ total: 2, absent: 0 })
  })

  it('keeps images as asked, and those that are compressed already as they are', async () => {
    const station = await newStation({ engine })
    const png = print('105_1')
    const record = async (seed: number, image: Uint8Array, images?: 'none' | 'original') =>
      recorded(enrol(station, somebody(seed, [{ position: 4, image }]), images === undefined ? {} : { images }))
    const asWsq = await record(11, png)
    const original = await record(12, png, 'original')
    const none = await record(13, png, 'none')
    expect(new Uint8Array(payloadOf(station, original.recordId, 'finger-4')!)).toEqual(png)
    expect(payloadOf(station, none.recordId, 'finger-4')).toBeUndefined()
    const wsq = new Uint8Array(payloadOf(station, asWsq.recordId, 'finger-4')!)
    const again = await record(14, wsq)
    expect(new Uint8Array(payloadOf(station, again.recordId, 'finger-4')!)).toEqual(wsq)
    expect(again.preCheck.decision).toBe('duplicate')
  })

  it('returns what somebody can correct, and records what an operator lets pass with a reason', async () => {
    const station = await newStation({ engine })
    const noise = new Uint8Array(200 * 200).map((_, i) => (i * 2_654_435_761) >>> 24)
    const bad = { position: 3, image: { data: noise, widthPx: 200, heightPx: 200, ppi: 500 } }
    const given = somebody(21, [{ position: 2, image: print('106_1') }, bad])
    const result = await enrol(station, given)
    if (result.recorded) throw new Error('it was recorded')
    expect(result.feedback).toMatchObject([{ code: 'finger-unusable', positions: [3], overridable: true }])
    expect(result.feedback[0].message).toContain('right middle finger')
    expect(records(station).records).toEqual([])
    expect(drafts(station).map(({ id }) => id)).toEqual([result.draft])

    const overrides = [{ code: 'finger-unusable', position: 3, reason: 'worn smooth, five tries' }] as const
    const done = await recorded(resumeDraft(station, result.draft!, { overrides }))
    const { contents } = recordOf(station, done.recordId)!
    expect(contents).toMatchObject({ overrides, exceptions: { 3: 'unreadable', 4: 'not-captured' } })
    expect(drafts(station)).toEqual([])
    await expect(resumeDraft(station, result.draft!)).rejects.toMatchObject({ code: 'DRAFT_UNKNOWN' })
  })

  it('sees one finger under two positions', async () => {
    const station = await newStation({ engine })
    const twice = [
      { position: 2, image: print('107_1') },
      { position: 3, image: print('107_2') },
    ]
    const result = await enrol(station, somebody(31, twice))
    if (result.recorded) throw new Error('it was recorded')
    expect(result.feedback).toMatchObject([{ code: 'same-finger-twice', positions: [2, 3] }])
    const overrides = [{ code: 'same-finger-twice', reason: 'looked at both' }] as const
    expect((await recorded(resumeDraft(station, result.draft!, { overrides }))).recordId).toBeTruthy()
  })

  it('ends at once when it is aborted, and leaves the draft', async () => {
    const station = await newStation({ engine })
    const reason = new Error('the person left')
    const stop = new AbortController()
    const onProgress = () => stop.abort(reason)
    await expect(enrol(station, somebody(41, fingers(3)), { signal: stop.signal, onProgress })).rejects.toBe(reason)
    expect(records(station).records).toEqual([])
    const [{ id }] = drafts(station)
    expect((await recorded(resumeDraft(station, id))).version).toBe(1)
  })
})

describe('enrol with ready templates', () => {
  it('needs no engine, and says that nobody was looked for', async () => {
    const station = await newStation()
    const one = await recorded(enrol(station, somebody(51, tenTemplates(1))))
    expect(one.preCheck).toMatchObject({ decision: 'not-run', reasons: ['no-engine'], candidates: [] })
    expect(galleryState(station)).toBeUndefined()
    const { payloads } = recordOf(station, one.recordId)!
    expect(payloads.map(({ role }) => role)).toEqual(['templates'])
    const images = somebody(52, [{ position: 1, image: print('101_1') }])
    await expect(enrol(station, images)).rejects.toThrow(/fingers\[0\] has no template/)
  })

  it('records a person without fingers, of whom nothing can be looked for', async () => {
    const station = await newStation({ engine })
    const one = await recorded(enrol(station, somebody(53, [])))
    expect(one.preCheck).toMatchObject({ decision: 'not-run', reasons: ['no-finger'] })
    const two = await recorded(enrol(station, somebody(54, tenTemplates(2))))
    expect(two.preCheck).toMatchObject({ decision: 'clear', persons: 0 })
    const state = { loaded: 1, total: 2, absent: 0, withoutFingers: 1, withoutRoom: 0 }
    await vi.waitFor(() => expect(galleryState(station)).toEqual(state))
  })

  it('reads the persons again after it was opened again, in the background', async () => {
    const options = { engine, path: newPath(), identity: await createIdentity('3276-02') }
    const first = await newStation(options)
    const ids: string[] = []
    for (let i = 0; i < 5; i++)
      ids.push((await recorded(enrol(first, somebody(60 + i, tenTemplates(10 + i))))).recordId)
    await first.close()
    const second = await newStation(options)
    await vi.waitFor(() => expect(galleryState(second)).toMatchObject({ loaded: 5, total: 5 }))
    const probe = tenTemplates(13).map(({ position }, i) => ({
      position,
      template: syntheticProbe(99, 130 + i, 'typical'),
    }))
    const again = await recorded(enrol(second, somebody(66, probe)))
    expect(again.preCheck).toMatchObject({ decision: 'duplicate', persons: 5, candidates: [{ record: ids[3] }] })
    // A record that was withdrawn is no longer compared with.
    withdraw(second, ids[3], { operator: 'operator-7', reason: 'recorded twice' })
    withdraw(second, again.recordId, { operator: 'operator-7', reason: 'recorded twice' })
    const last = await recorded(enrol(second, somebody(67, probe)))
    expect(last.preCheck).toMatchObject({ decision: 'clear', persons: 4 })
  })

  it('compares two persons who are enrolled at once with each other', async () => {
    const station = await newStation({ engine })
    const probe = tenTemplates(20).map(({ position }, i) => ({
      position,
      template: syntheticProbe(99, 200 + i, 'clean'),
    }))
    const both = await Promise.all([
      recorded(enrol(station, somebody(71, tenTemplates(20)))),
      recorded(enrol(station, somebody(72, probe))),
    ])
    const [duplicate, ...others] = both.filter(({ preCheck }) => preCheck.decision === 'duplicate')
    expect(others).toEqual([])
    const other = both.find(each => each !== duplicate)!
    expect(duplicate.preCheck.candidates[0].record).toBe(other.recordId)
  })

  it('records one of two enrolments of one NIK at once', async () => {
    const station = await newStation({ engine })
    const made = await Promise.all([
      enrol(station, somebody(81, tenTemplates(30))),
      enrol(station, somebody(81, tenTemplates(31))),
    ])
    const [done] = made.filter(each => each.recorded) as Recorded[]
    const refused = made.filter(each => !each.recorded)
    expect(refused).toMatchObject([{ feedback: [{ code: 'nik-recorded', record: done.recordId, overridable: false }] }])
    expect(recordsByNik(station, somebody(81, []).nik).map(({ id }) => id)).toEqual([done.recordId])
  })
})

describe('a try that failed', () => {
  it('is tried again in its own draft: there is one, with what was given last', async () => {
    const options = { path: newPath(), identity: await createIdentity('3276-07') }
    const station = await newStation(options)
    const given = somebody(120, tenTemplates(20))
    const first = await enrol(station, { ...given, fingers: given.fingers.slice(1) })
    const second = await enrol(station, { ...given, fingers: given.fingers.slice(2) })
    // By another process too.
    const third = await enrol(await newStation(options), { ...given, fingers: given.fingers.slice(3) })
    const ids = [first, second, third].map(each => (each.recorded ? undefined : each.draft))
    expect(ids).toEqual([ids[0], ids[0], ids[0]])
    expect(drafts(station).map(({ id }) => id)).toEqual([ids[0]])
    expect(readDraft(station, ids[0]!).fingers).toEqual(given.fingers.slice(3))

    // Somebody else with a mistyped NIK takes nobody's capture away.
    const other = await enrol(station, { ...somebody(121, given.fingers.slice(5)), nik: given.nik, exceptions: {} })
    expect(other.recorded || other.draft).not.toBe(ids[0])
    expect(drafts(station)).toHaveLength(2)
    expect(readDraft(station, ids[0]!).fingers).toEqual(given.fingers.slice(3))
    // Neither does one that was begun with saveDraft.
    saveDraft(station, given)
    await recorded(enrol(station, given))
    expect(drafts(station)).toHaveLength(2)
    expect(() => readDraft(station, ids[0]!)).toThrow(expect.objectContaining({ code: 'DRAFT_UNKNOWN' }))
  })

  it('keeps its capture where another process records the person meanwhile', async () => {
    const options = { path: newPath(), identity: await createIdentity('3276-08') }
    const [here, there] = [await newStation(options), await newStation(options)]
    const given = somebody(122, tenTemplates(22))
    const results = await Promise.all([enrol(here, given), enrol(there, { ...given, operator: 'operator-8' })])
    const lost = results.find(({ recorded }) => !recorded)
    if (lost === undefined || lost.recorded) throw new Error('both were recorded')
    expect(lost.feedback.map(({ code }) => code)).toEqual(['nik-recorded'])
    expect(drafts(here).map(({ id }) => id)).toEqual([lost.draft])
    expect(readDraft(here, lost.draft!).operator).toBe(lost === results[0] ? 'operator-7' : 'operator-8')
  })
})

describe('feedback', () => {
  it('names all that is wrong at once, and records nothing', async () => {
    const station = await newStation()
    const ten = tenTemplates(3)
    const given = somebody(91, [...ten.slice(0, 4), ten[0]], {
      exceptions: { ...bandaged([2, 5, 6, 7, 8]) },
      photo: new TextEncoder().encode('no picture'),
      signature: new Uint8Array(600_000),
    })
    const wrong = {
      ...given,
      nik: `99${given.nik.slice(2)}`,
      person: { ...given.person, name: '', sex: given.person.sex === 'male' ? ('female' as const) : ('male' as const) },
    }
    const result = await enrol(station, wrong)
    if (result.recorded) throw new Error('it was recorded')
    expect(result.feedback.map(({ code, positions, field }) => [code, positions ?? field])).toEqual([
      ['nik-province-unknown', undefined],
      ['nik-sex-differs', undefined],
      ['person-invalid', 'name'],
      ['finger-absent', [9, 10]],
      ['finger-repeated', [1]],
      ['finger-excepted', [2]],
      ['photo-unusable', undefined],
      ['signature-unusable', undefined],
    ])
    expect(result.feedback.find(({ code }) => code === 'finger-absent')!.message).toBe(
      'the left ring finger, left little finger are neither captured nor excepted: ' +
        'capture them, or say of each why it cannot be',
    )
    const text = JSON.stringify(result.feedback)
    expect(text).not.toContain(wrong.nik)
    expect(text).not.toContain(wrong.person.address.street)
    expect(records(station).records).toEqual([])
    expect(readDraft(station, result.draft!)).toMatchObject({ nik: wrong.nik, photo: given.photo })
  })

  it('lets an operator overrule a NIK that does not agree, not one that is recorded', async () => {
    const station = await newStation()
    const given = somebody(92, tenTemplates(4))
    const wrong = { ...given, person: { ...given.person, birthDate: '1951-05-17' } }
    expect(await codesOf(enrol(station, wrong))).toEqual(['nik-birth-date-differs'])
    const overrides = [{ code: 'nik-birth-date-differs', reason: 'court order 12/2019' }] as const
    const done = await recorded(enrol(station, { ...wrong, overrides }))
    expect(recordOf(station, done.recordId)!.contents!.overrides).toEqual(overrides)
    expect(await codesOf(enrol(station, { ...wrong, overrides }))).toEqual(['nik-recorded'])
    const forbidden = [{ code: 'nik-recorded', reason: 'because' }] as unknown as typeof overrides
    await expect(enrol(station, { ...wrong, overrides: forbidden })).rejects.toThrow(RangeError)
    withdraw(station, done.recordId, { operator: 'operator-7', reason: 'mistake' })
    expect((await recorded(enrol(station, { ...wrong, overrides }))).recordId).not.toBe(done.recordId)
  })

  it('calls a mistake of the program one', async () => {
    const station = await newStation()
    const given = somebody(93, tenTemplates(5))
    const missing = (exceptions: object) => enrol(station, { ...given, exceptions } as never)
    await expect(missing({ 3: 'amputaded' })).rejects.toThrow(
      new TypeError("exceptions[3] must be 'amputated' or 'bandaged' or 'unreadable' or 'not-captured'"),
    )
    await expect(missing({ 'right-thumb': 'amputated' })).rejects.toThrow(
      new TypeError("exceptions has 'right-thumb', which is no position from 1 to 10"),
    )
    const mistakes: [unknown, RegExp][] = [
      [undefined, /nik must be a string/],
      [{ ...given, nik: 3276 }, /nik must be a string/],
      [{ ...given, operator: '' }, /operator is empty/],
      [{ ...given, operator: 'x'.repeat(201) }, /operator is longer than 200/],
      [{ ...given, person: undefined }, /person must be an object/],
      [{ ...given, person: { ...given.person, nama: 'x' } }, /no field 'nama'/],
      [{ ...given, fingers: undefined }, /fingers must be an array/],
      [{ ...given, fingers: [{ position: 11, template: ten(0) }] }, /position is 11/],
      [{ ...given, fingers: [{ position: 1 }] }, /neither image nor template/],
      [{ ...given, fingers: [{ position: 1, template: 'text' }] }, /template must be bytes/],
      [{ ...given, exceptions: { 3: 'gone' } }, /exceptions\[3\] must be 'amputated' or /],
      [{ ...given, exceptions: { 11: 'amputated' } }, /exceptions has '11', which is no position/],
      [{ ...given, photo: 'picture' }, /photo must be bytes/],
      [{ ...given, overrides: [{ code: 'finger-unusable', reason: '' }] }, /reason is empty/],
      [{ ...given, overrides: Array(41).fill({ code: 'finger-unusable', reason: 'x' }) }, /overrides has 41/],
      [{ ...given, fotos: 1 }, /no option 'fotos'/],
    ]
    for (const [mistake, words] of mistakes) await expect(enrol(station, mistake as Enrolment)).rejects.toThrow(words)
    await expect(enrol(station, given, { images: 'jpeg' as 'none' })).rejects.toThrow(TypeError)
    await expect(enrol(undefined as never, given)).rejects.toThrow(TypeError)
    expect(records(station).records).toEqual([])
    expect(drafts(station)).toEqual([])
  })
})

function ten(i: number) {
  return tenTemplates(5)[i].template
}
