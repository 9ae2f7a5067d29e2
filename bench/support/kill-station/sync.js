/**
 * A kiosk, its hub and the centre in one process, over lines that lose answers: recorded, sent up, decided, sent down, until it is killed.
 * Afterwards, what the kiosk calls synchronised is whole at the hub, what the hub calls so at the centre; and now and then all is brought to
 * its end, and must be everywhere, once and in order.
 */
import { randomBytes } from 'node:crypto'
import { SidikError } from '../../../dist/index.js'
import { Random } from '../../../dist/random.js'
import { addPeer, peers, publicIdentity, receive, sync } from '../../../dist/station/index.js'
import { append } from '../../../dist/station/journal/append.js'
import { entriesFrom, signedEntryOf } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { getPayload, putPayload } from '../../../dist/station/store/payloads.js'
import { randomTemplates } from '../random-templates.js'
import { openIn } from './station.js'

export const mostLines = 24
export const longestPauseMs = 20

const HASTY = { attempts: 2, firstPauseMs: 1, longestPauseMs: 1, firstRestMs: 1, longestRestMs: 1 }

/** Payloads of a record, in bytes: most are one chunk of a small message, one is several. */
const SIZES = { templates: 3_000, 'finger-1': 14_000, photo: 40_000 }

/** In one round of so many all is brought to its end. */
const COMPLETE_EVERY = 3

export async function work({ folder, seed, report }) {
  const random = new Random(seed)
  const { kiosk, hub, centre } = await openAll(folder)
  report('ready')
  for (;;) {
    for (let left = random.below(4); left > 0; left--) report(`recorded ${record(kiosk, random)}`)
    const messageBytes = random.chance(0.5) ? 16_384 : 262_144
    await sync(kiosk, line(hub, random), { retry: HASTY, messageBytes })
    report('up')
    await sync(hub, line(centre, random), { retry: HASTY, messageBytes })
    report('relayed')
    const undecided = partsOf(centre).file.get('SELECT id FROM record WHERE centre_state IS NULL LIMIT 1')
    if (undecided !== undefined) decide(centre, undecided.id)
  }
}

export async function check({ folder, lines, before, seed }) {
  const recorded = new Set(before?.recorded)
  for (const [word, id] of lines.map(each => each.split(' '))) if (word === 'recorded') recorded.add(id)
  const { kiosk, hub, centre } = await openAll(folder)
  try {
    for (const id of recorded) if (stateOf(kiosk, id) === undefined) throw new Error(`record ${id} is gone`)
    const synchronised = assertHeld(kiosk, hub) + assertHeld(hub, centre)
    const completed = seed % COMPLETE_EVERY === 0 ? await complete({ kiosk, hub, centre }) : 0
    return {
      recorded: [...recorded],
      synchronised: (before?.synchronised ?? 0) + synchronised,
      completed: (before?.completed ?? 0) + completed,
    }
  } finally {
    for (const station of [kiosk, hub, centre]) await station.close()
  }
}

export function summary(states) {
  const sum = part => states.reduce((all, state) => all + state[part], 0)
  const recorded = states.reduce((all, state) => all + state.recorded.length, 0)
  return (
    `${recorded} records acknowledged, all there; ${sum('synchronised')} times one was called synchronised, and was held above; ` +
    `all brought to its end ${sum('completed')} times`
  )
}

async function openAll(folder) {
  const [kiosk, hub, centre] = [
    await openIn(folder, 'kiosk'),
    await openIn(folder, 'hub'),
    await openIn(folder, 'centre'),
  ]
  await acquaint(kiosk, hub)
  await acquaint(hub, centre, { vouches: true })
  return { kiosk, hub, centre }
}

/** Either may have been killed before it knew the other. */
async function acquaint(below, above, { vouches = false } = {}) {
  const known = async station => publicIdentity(partsOf(station).identity)
  const knows = (station, id) => peers(station).some(peer => peer.id === id)
  if (!knows(below, above.id)) addPeer(below, { ...(await known(above)), relation: 'upstream' })
  if (!knows(above, below.id)) addPeer(above, { ...(await known(below)), relation: 'downstream', vouches })
}

function line(to, random) {
  return {
    name: 'a line that loses answers',
    async exchange(message) {
      if (random.chance(0.1)) throw new SidikError('LINE_DOWN', 'lost')
      const answer = await receive(to, message)
      if (random.chance(0.1)) throw new SidikError('LINE_DOWN', 'answer lost')
      return answer
    },
  }
}

function record(kiosk, random) {
  const { file, keys } = partsOf(kiosk)
  const id = `r${random.bits().toString(16)}${random.bits().toString(16)}`
  file.transaction(() => {
    const payloads = Object.entries(SIZES).map(([role, size]) =>
      putPayload(file, keys, role, role === 'templates' ? randomTemplates(size) : randomBytes(size)),
    )
    const preCheck = { decision: 'clear', candidates: [], persons: 0 }
    const body = { nik: '0'.repeat(16), person: { name: id }, operator: 'operator', preCheck }
    append(kiosk, { kind: 'enrolled', direction: 'up', record: id, recordVersion: 1, payloads, body })
  })
  return id
}

function decide(centre, record) {
  append(centre, { kind: 'decision', direction: 'down', record, to: 'kiosk', body: { state: 'unique', by: 'centre' } })
}

function stateOf(station, id) {
  return partsOf(station).file.get('SELECT transport_state, centre_state FROM record WHERE id = ?', id)
}

/** How many records `below` calls synchronised; all of them are at `above`, whole. */
function assertHeld(below, above) {
  const sql = `SELECT r.id, j.hash FROM record r JOIN journal j ON j.station = r.station AND j.sequence = r.sequence
    WHERE r.transport_state = 'synchronised'`
  const rows = partsOf(below).file.all(sql)
  const { file, keys } = partsOf(above)
  for (const { id, hash } of rows) {
    const held = file.get(`SELECT header, hash, signature FROM journal WHERE hash = ? AND applied IS NOT NULL`, hash)
    if (held === undefined) throw new Error(`${id} is called synchronised, and is not at ${above.id}`)
    for (const payload of signedEntryOf(held).header.payloads) {
      if (getPayload(file, keys, Buffer.from(payload.hash, 'hex')) === undefined) {
        throw new Error(`${id} is called synchronised, and its ${payload.role} is not at ${above.id}`)
      }
    }
  }
  return rows.length
}

async function complete({ kiosk, hub, centre }) {
  const good = to => ({ name: 'a line', exchange: message => receive(to, message) })
  const settle = [
    [kiosk, hub],
    [hub, centre],
    [kiosk, hub],
  ]
  for (const [from, to] of settle) {
    const { stopped } = await sync(from, good(to), { retry: HASTY })
    if (stopped?.code === 'LINE_RESTING') return 0
    if (stopped !== undefined) throw new Error(`sync stopped: ${stopped.code}`)
  }
  const up = entriesFrom(partsOf(kiosk).file, 'kiosk', 1, 1e9).map(signedEntryOf)
  for (const station of [hub, centre]) {
    const there = entriesFrom(partsOf(station).file, 'kiosk', 1, 1e9)
    there.forEach(({ hash, applied }, at) => {
      if (applied === null || !Buffer.from(hash).equals(up[at].hash))
        throw new Error(`entry ${at + 1} at ${station.id}`)
    })
    const records = partsOf(station).file.get('SELECT count(*) AS n FROM record').n
    const recorded = partsOf(kiosk).file.get('SELECT count(*) AS n FROM record').n
    if (records !== recorded) throw new Error(`${records} records at ${station.id}, ${recorded} at the kiosk`)
    if (partsOf(station).file.get('SELECT count(*) AS n FROM partial_chunk').n > 0)
      throw new Error('a part is left over')
  }
  const states = partsOf(kiosk).file.all('SELECT DISTINCT transport_state FROM record')
  if (states.some(({ transport_state }) => transport_state !== 'synchronised'))
    throw new Error('not all are synchronised')
  for (const station of [kiosk, hub, centre]) {
    const noted = partsOf(station).file.get('SELECT count(*) AS n FROM noted').n
    if (noted > 0) throw new Error(`${noted} anomalies at ${station.id}`)
  }
  return 1
}
