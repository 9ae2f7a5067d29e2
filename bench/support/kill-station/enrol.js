/** Enrols one person after the other, some in two steps by way of a draft; every few, one is corrected or withdrawn. */
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { Random } from '../../../dist/random.js'
import {
  correct,
  decodeTemplates,
  drafts,
  enrol,
  payloadOf,
  readDraft,
  recordOf,
  records,
  resumeDraft,
  saveDraft,
  withdraw,
} from '../../../dist/station/index.js'
import { verifyStation } from '../../../dist/station/verify/verify.js'
import { syntheticNik } from '../../../dist/synthesize/synthetic-nik.js'
import { killTemplate } from '../kill-template.js'
import { assertWhole, openIn } from './station.js'

export const mostLines = 16
export const longestPauseMs = 25

/** One child in so many has an engine, and extracts. */
const ENGINE_EVERY = 20
const WSQ_EVERY = 5

const PRINT = new URL('../../../fixtures/prints/101_1.png', import.meta.url)
const WHY = { operator: 'operator', reason: 'kill test' }

/** Enough minutiae to be compared. */
const templateOf = (number, position) => killTemplate(number ^ (position << 24), 8)

/** The person of a number, the same in the child and here. */
function personOf(number, extracts) {
  const { nik, birthDate, sex } = syntheticNik(new Random(number))
  const image = readFileSync(PRINT)
  const fingers = [1, 2, 7, 8].map(position => ({ position, template: templateOf(number, position) }))
  fingers[0].image = image
  if (extracts) delete fingers[0].template
  const exceptions = Object.fromEntries([3, 4, 5, 6, 9, 10].map(position => [position, 'bandaged']))
  const address = { street: `Jl. ${number}` }
  const person = { name: `Nama ${number}`, birthDate, sex, birthPlace: 'Depok', address }
  return { nik, person, fingers, exceptions, operator: 'operator' }
}

const numberOf = person => Number(person.address.street.slice(4))

export async function work({ folder, seed, report }) {
  const extracts = seed % ENGINE_EVERY === 0
  const engine = extracts ? await (await import('../../../dist/index.js')).createEngine({ threads: 1 }) : undefined
  // Most keep the image as it is given: to make WSQ of it begins with a tenth of a second of compiling.
  const options = { images: seed % WSQ_EVERY === 0 ? 'wsq' : 'original' }
  const station = await openIn(folder, 'kiosk', engine && { engine })
  for (const { id } of drafts(station)) {
    // Of some only two fingers were captured.
    const { fingers } = personOf(numberOf(readDraft(station, id).person), extracts)
    const { recorded, recordId } = await resumeDraft(station, id, { fingers }, options)
    if (!recorded) throw new Error(`draft ${id} does not become a record`)
    report(`resumed ${recordId}`)
  }
  const random = new Random(seed)
  report('ready')
  for (;;) {
    const number = random.below(2 ** 31)
    const whole = personOf(number, extracts)
    report(`enrol ${number}`)
    let result
    if (random.chance(0.3)) {
      const { fingers, ...rest } = whole
      const draft = saveDraft(station, { ...rest, fingers: fingers.slice(0, 2) })
      report(`draft ${draft} ${number}`)
      saveDraft(station, whole, { draft })
      report(`saved ${draft} ${number}`)
      result = await resumeDraft(station, draft, {}, options)
    } else result = await enrol(station, whole, options)
    if (!result.recorded) throw new Error(`person ${number} was not recorded: ${JSON.stringify(result.feedback)}`)
    report(`recorded ${result.recordId} ${number}`)
    if (random.chance(0.2)) {
      await correct(station, result.recordId, { person: { ...whole.person, name: 'Nama Baru' } }, WHY)
      report(`corrected ${result.recordId}`)
    } else if (random.chance(0.1)) {
      withdraw(station, result.recordId, WHY)
      report(`withdrawn ${result.recordId}`)
    }
  }
}

export async function check({ folder, lines, before, seed }) {
  const state = { recorded: new Map(), versions: new Map(), withdrawn: new Set(), ...counts(before) }
  for (const part of ['recorded', 'versions'])
    for (const [id, value] of before?.[part] ?? []) state[part].set(id, value)
  for (const id of before?.withdrawn ?? []) state.withdrawn.add(id)
  const told = lines.map(line => line.split(' '))
  const asked = told.filter(([word]) => word === 'enrol').map(([, number]) => Number(number))
  for (const [word, id, number] of told) {
    if (word === 'recorded') state.recorded.set(id, { number: Number(number), extracted: seed % ENGINE_EVERY === 0 })
    if (word === 'corrected') state.versions.set(id, 2)
    if (word === 'withdrawn') state.withdrawn.add(id)
  }
  const numbers = new Map([...state.recorded].map(([id, { number }]) => [id, number]))

  const station = await openIn(folder, 'kiosk')
  try {
    assertWhole(station)
    const { ok, findings } = await verifyStation(station)
    if (!ok) throw new Error(`verify finds ${JSON.stringify(findings.slice(0, 3))}`)
    const open = drafts(station)
    const lastSaved = told.filter(([word]) => word === 'saved').at(-1)
    const finished = asked.length === told.filter(([word]) => word === 'recorded').length
    if (open.length > 1) throw new Error(`${open.length} drafts are open`)
    if (finished && open.length > 0 && lines.includes('ready')) throw new Error('a finished draft is open')
    const there = allRecords(station)
    const unknown = there.filter(({ id }) => !state.recorded.has(id))
    // What was in flight may be there, whole, and what was resumed; nothing else.
    const inFlight = finished ? undefined : asked.at(-1)
    const resumed = told.filter(([word]) => word === 'resumed').map(([, id]) => id)
    const strange = unknown.filter(({ id }) => !resumed.includes(id))
    // A draft that was resumed before 'resumed' was written is one more.
    if (strange.length > 1) throw new Error(`${strange.length} records are there that nobody enrolled`)
    if (lastSaved !== undefined && inFlight !== undefined && Number(lastSaved[2]) === inFlight) {
      if (open.length + strange.length !== 1) throw new Error('a saved draft is neither open nor recorded')
      state.drafts += open.length
    }
    for (const { id } of unknown) {
      const { contents } = recordOf(station, id)
      state.recorded.set(id, {
        number: numberOf(contents.person),
        found: true,
        extracted: undefined,
      })
    }
    state.kept += strange.length
    state.lost += inFlight !== undefined && strange.length + open.length === 0 ? 1 : 0
    for (const [id, of] of state.recorded) assertRecord(station, id, of, state)
    state.acknowledged += numbers.size - (before === undefined ? 0 : [...before.recorded.keys()].length)
    return state
  } finally {
    await station.close()
  }
}

const counts = before => ({
  acknowledged: before?.acknowledged ?? 0,
  kept: before?.kept ?? 0,
  lost: before?.lost ?? 0,
  drafts: before?.drafts ?? 0,
})

function allRecords(station) {
  const all = []
  let after
  do {
    const page = records(station, { limit: 1000, ...(after && { after }) })
    all.push(...page.records)
    after = page.next
  } while (after !== undefined)
  return all
}

function assertRecord(station, id, { number, extracted }, state) {
  const record = recordOf(station, id)
  if (record === undefined) throw new Error(`record ${id} of person ${number} is gone`)
  const expected = personOf(number, extracted)
  const { nik, person } = record.contents
  const name = record.version === 2 ? 'Nama Baru' : expected.person.name
  if (nik !== expected.nik || !isDeepStrictEqual(person, { ...expected.person, name })) {
    throw new Error(`record ${id} is not that of person ${number}`)
  }
  if (record.version < (state.versions.get(id) ?? 1)) throw new Error(`the correction of ${id} is gone`)
  if (state.withdrawn.has(id) && record.clientState !== 'withdrawn') throw new Error(`the withdrawal of ${id} is gone`)
  const templates = new Map(decodeTemplates(payloadOf(station, id, 'templates')).map(each => [each.position, each]))
  for (const { position } of expected.fingers.slice(1)) {
    const found = templates.get(position).template
    if (!isDeepStrictEqual(found, templateOf(number, position))) {
      throw new Error(`finger ${position} of ${id} is another`)
    }
  }
  if (templates.get(1).template === undefined || templates.get(3).missing !== 'bandaged') {
    throw new Error(`the fingers of ${id} are not as they were given`)
  }
  if (!(payloadOf(station, id, 'finger-1')?.length > 1000)) throw new Error(`the image of ${id} is gone`)
}

export function summary(states) {
  const sum = part => states.reduce((all, state) => all + state[part], 0)
  return (
    `${sum('acknowledged')} records acknowledged, all there; of those in flight ${sum('kept')} are there whole, ` +
    `${sum('drafts')} open as drafts, ${sum('lost')} not begun`
  )
}
