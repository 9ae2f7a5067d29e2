/**
 * A hub that takes records of a kiosk and compares each with all others, some of them people who were recorded
 * before; and somebody who says of pairs that they are two persons, or decides about one; until it is killed.
 * Afterwards the check goes on: every record is compared once, every pair that stands is a case once, and the
 * index holds who is recorded and nobody else.
 */
import { createEngine } from '../../../dist/index.js'
import { Random } from '../../../dist/random.js'
import {
  addPeer,
  adjudicate,
  adjudications,
  checkRecords,
  decide,
  encodeTemplates,
  galleryState,
  peers,
  publicIdentity,
  receive,
  recordOf,
  records,
  sync,
  withdraw,
} from '../../../dist/station/index.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { syntheticProbe, syntheticTemplate } from '../../../dist/synthesize/index.js'
import { assertWhole, openIn } from './station.js'

export const mostLines = 30
export const longestPauseMs = 60

const SEED = 3
const POSITIONS = [1, 2, 6]
const PEOPLE = 40
const OPERATOR = { operator: 'operator', reason: 'as on the photos' }

async function openBoth(folder, hubOptions) {
  const hub = await openIn(folder, 'hub', hubOptions)
  const kiosk = await openIn(folder, 'kiosk')
  if (peers(hub).length === 0)
    addPeer(hub, { ...(await publicIdentity(partsOf(kiosk).identity)), relation: 'downstream' })
  if (peers(kiosk).length === 0)
    addPeer(kiosk, { ...(await publicIdentity(partsOf(hub).identity)), relation: 'upstream' })
  return { hub, kiosk, meet: () => sync(kiosk, { name: 'kill', exchange: message => receive(hub, message) }) }
}

/** A record's id says whose it is: its fingers are those of the person, in another impression each time. */
const personIn = record => record.split('-')[0]

function recordPerson(kiosk, random, report) {
  const { file, keys } = partsOf(kiosk)
  const person = random.below(PEOPLE)
  const make = random.chance(0.5) ? syntheticTemplate : (seed, finger) => syntheticProbe(seed, finger, 'clean')
  const fingers = POSITIONS.map(position => ({ position, template: make(SEED, person * 10 + position) }))
  const record = `${person}-${random.bits().toString(36)}`
  file.transaction(() => {
    const payloads = [putPayload(file, keys, 'templates', encodeTemplates(fingers))]
    const preCheck = { decision: 'not-run', candidates: [], persons: 0 }
    const body = { nik: String(random.bits()).padStart(16, '0'), person: { name: 'x' }, operator: 'x', preCheck }
    append(kiosk, { kind: 'enrolled', direction: 'up', record, recordVersion: 1, body, payloads })
  })
  report(`recorded ${record}`)
}

export async function work({ folder, seed, report }) {
  const engine = await createEngine({ threads: 1 })
  const { hub, kiosk, meet } = await openBoth(folder, { engine })
  const random = new Random(seed)
  report('ready')
  for (;;) {
    for (let i = 0; i < 3; i++) recordPerson(kiosk, random, report)
    if (random.chance(0.2)) withdrawOne(kiosk, random)
    await meet()
    const open = adjudications(hub).filter(({ kind }) => kind === 'fingers')
    const pair = open[random.below(Math.max(1, open.length))]
    if (pair !== undefined && random.chance(0.5)) settle(hub, pair, random, report)
    await new Promise(resolve => setTimeout(resolve, random.below(30)))
    report('met')
  }
}

function withdrawOne(kiosk, random) {
  const standing = records(kiosk, { clientState: 'recorded' }).records
  const one = standing[random.below(Math.max(1, standing.length))]
  if (one !== undefined) withdraw(kiosk, one.id, OPERATOR)
}

function settle(hub, { record, other }, random, report) {
  if (random.chance(0.5)) decide(hub, other, { state: 'DUPLICATE_RECORD', duplicateOf: record, by: 'expert' })
  else {
    adjudicate(hub, record, { candidate: other, verdict: 'different-persons', ...OPERATOR })
    report(`different ${record} ${other}`)
  }
}

const pairName = (a, b) => [a, b].sort().join(' ')

export async function check({ folder, lines, before }) {
  const recorded = new Set([...(before?.recorded ?? []), ...named(lines, 'recorded')])
  const different = new Set([
    ...(before?.different ?? []),
    ...named(lines, 'different').map(pair => pairName(...pair.split(' '))),
  ])
  const engine = await createEngine({ threads: 1 })
  const { hub, kiosk, meet } = await openBoth(folder, { engine, check: { background: false } })
  try {
    for (const id of recorded) if (recordOf(kiosk, id) === undefined) throw new Error(`record ${id} is gone`)
    await meet()
    await checkRecords(hub)
    for (const station of [hub, kiosk]) assertWhole(station)
    const all = records(hub, { limit: 1_000 }).records
    assertChecked(hub, all)
    assertPairs(hub, all.filter(stands), different)
    const { loaded, total } = galleryState(hub)
    const alive = all.filter(({ clientState }) => clientState !== 'withdrawn').length
    if (loaded !== alive || total !== alive)
      throw new Error(`${alive} are recorded, ${loaded} in the index of ${total}`)
    const cases = partsOf(hub).file.get(`SELECT count(*) AS n FROM journal WHERE kind = 'case-opened'`).n
    return { recorded, different, checked: all.length, cases }
  } finally {
    for (const station of [hub, kiosk]) await station.close()
    await engine.close()
  }
}

const named = (lines, word) =>
  lines.filter(line => line.startsWith(`${word} `)).map(line => line.slice(word.length + 1))

const stands = ({ clientState, centreState }) => clientState !== 'withdrawn' && centreState !== 'DUPLICATE_RECORD'

/** Every record that was not withdrawn before its turn was compared once, and once more for each case that ended. */
function assertChecked(hub, all) {
  const sql = `SELECT record, count(*) AS n FROM journal WHERE kind = 'checked' AND station = 'hub' GROUP BY record`
  const times = new Map(
    partsOf(hub)
      .file.all(sql)
      .map(({ record, n }) => [record, n]),
  )
  const closed = `SELECT record, count(*) AS n FROM journal WHERE kind = 'case-closed' GROUP BY record`
  const ended = new Map(
    partsOf(hub)
      .file.all(closed)
      .map(({ record, n }) => [record, n]),
  )
  for (const { id, check, clientState } of all) {
    if (clientState !== 'withdrawn' && check === 'unchecked') throw new Error(`record ${id} was not compared`)
    const least = clientState === 'withdrawn' ? 0 : 1
    const n = times.get(id) ?? 0
    if (n < least || n > 1 + (ended.get(id) ?? 0)) throw new Error(`record ${id} was compared ${n} times`)
  }
}

/**
 * Two standing records of one person are a case, unless somebody said otherwise; no others are; on
 * both sides alike.
 */
function assertPairs(hub, standing, different) {
  const open = new Set(
    adjudications(hub).flatMap(each => (each.kind === 'fingers' ? [pairName(each.record, each.other)] : [])),
  )
  const closed = new Set(
    partsOf(hub)
      .file.all(`SELECT record, other FROM identity_case WHERE closing = 'different-persons'`)
      .map(({ record, other }) => pairName(record, other)),
  )
  for (const pair of different) if (!closed.has(pair)) throw new Error(`${pair}: what somebody said of it is gone`)
  const most = new Map()
  for (const pair of open) for (const id of pair.split(' ')) most.set(id, (most.get(id) ?? 0) + 1)
  for (const [i, a] of standing.entries()) {
    for (const b of standing.slice(i + 1)) {
      const pair = pairName(a.id, b.id)
      const isOne = personIn(a.id) === personIn(b.id)
      if (!isOne && open.has(pair)) throw new Error(`${pair} are two persons`)
      // Beyond the most of one record, others keep both from a card.
      const isFull = [a.id, b.id].some(id => (most.get(id) ?? 0) >= MOST_OPEN)
      if (isOne && !open.has(pair) && !closed.has(pair) && !isFull)
        throw new Error(`${pair} are one person, and no case`)
    }
  }
  const half = `SELECT record, other FROM identity_case i WHERE closed_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM identity_case o WHERE o.record = i.other AND o.other = i.record AND o.closed_at IS NULL)`
  // One that has the most there may be is kept from a card by those.
  const lone = partsOf(hub)
    .file.all(half)
    .find(({ other }) => most.get(other) < MOST_OPEN)
  if (lone !== undefined) throw new Error(`${lone.record} ${lone.other}: a case on one side alone`)
}

const MOST_OPEN = 8

export function summary(states) {
  const sum = of => states.reduce((all, state) => all + of(state), 0)
  const parts = [
    `${sum(({ recorded }) => recorded.size)} records acknowledged`,
    `${sum(({ checked }) => checked)} compared once each`,
    `${sum(({ cases }) => cases)} cases opened`,
    `${sum(({ different }) => different.size)} settled by somebody`,
  ]
  return parts.join(', ')
}
