/**
 * A kiosk and a centre that talk by two sticks alone: persons are recorded, carried up, and receipts carried down, over and over. Whatever is
 * killed, no bundle on a stick looks whole and is not, what counts as synchronised is with the centre, and two more rounds settle everything.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from '../../../dist/random.js'
import {
  addPeer,
  exportBundle,
  importBundle,
  inspectBundles,
  peers,
  publicIdentity,
} from '../../../dist/station/index.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { randomTemplates } from '../random-templates.js'
import { assertWhole, openIn } from './station.js'

export const mostLines = 18
export const longestPauseMs = 80

/** In more than one part, and in more than one message. */
const PART_BYTES = 262_144
const IMAGE_BYTES = 120_000
const SETTLE_EVERY = 3

const preCheck = { decision: 'not-run', candidates: [], persons: 0 }

async function openBoth(folder) {
  const kiosk = await openIn(folder, 'kiosk')
  const centre = await openIn(folder, 'centre')
  const known = station => publicIdentity(partsOf(station).identity)
  if (peers(kiosk).length === 0) addPeer(kiosk, { ...(await known(centre)), relation: 'upstream' })
  if (peers(centre).length === 0) addPeer(centre, { ...(await known(kiosk)), relation: 'downstream' })
  const sticks = { up: join(folder, 'up'), down: join(folder, 'down') }
  for (const stick of Object.values(sticks)) mkdirSync(stick, { recursive: true })
  return { kiosk, centre, sticks }
}

function record(station, id, random) {
  const { file, keys } = partsOf(station)
  const bytes = size => Buffer.alloc(size, random.below(256)).fill(id, 0, 100)
  file.transaction(() => {
    const payloads = [
      putPayload(file, keys, 'templates', randomTemplates(3_000)),
      putPayload(file, keys, 'photo', bytes(IMAGE_BYTES)),
    ]
    const nik = id.replace(/\D/g, '').padStart(16, '0')
    const body = { nik, person: { name: id }, operator: 'operator', preCheck }
    append(station, { kind: 'enrolled', direction: 'up', record: id, recordVersion: 1, body, payloads })
  })
}

/** One round by stick: up, in, down, in. */
async function round({ kiosk, centre, sticks }, report = () => {}) {
  const ways = [
    { from: kiosk, to: centre, folder: sticks.up },
    { from: centre, to: kiosk, folder: sticks.down },
  ]
  for (const { from, to, folder } of ways) {
    report(`export ${from.id}`)
    const { bundle } = await exportBundle(from, { to: to.id, folder, partBytes: PART_BYTES })
    report(`exported ${bundle}`)
    const { imported, failed } = await importBundle(to, { folder })
    // What a kill left of a bundle that was being given its names is not all there.
    const wrong = failed.filter(({ error }) => error.code !== 'BUNDLE_INCOMPLETE')
    if (wrong.length > 0) throw wrong[0].error
    if (!imported.some(each => each.bundle === bundle)) throw new Error(`bundle ${bundle} was not imported`)
    report(`imported ${bundle}`)
  }
}

/** At once: a manifest whose parts are being removed is no fault of who wrote them. */
function clear(stick) {
  const old = `${stick}-old`
  rmSync(old, { recursive: true, force: true })
  renameSync(stick, old)
  mkdirSync(stick)
}

export async function work({ folder, seed, report }) {
  const both = await openBoth(folder)
  const random = new Random(seed)
  report('ready')
  for (;;) {
    for (let i = 0; i < 3; i++) {
      const id = `r${random.below(2 ** 31)}`
      report(`record ${id}`)
      record(both.kiosk, id, random)
      report(`recorded ${id}`)
    }
    await round(both, report)
    if (random.chance(0.7)) for (const stick of Object.values(both.sticks)) clear(stick)
  }
}

export async function check({ folder, lines, before, seed }) {
  const state = before ?? {
    recorded: new Set(),
    asked: new Set(),
    exports: 0,
    imports: 0,
    rounds: 0,
    settled: 0,
    incomplete: 0,
  }
  const told = lines.map(line => line.split(' '))
  for (const [word, id] of told) {
    if (word === 'record') state.asked.add(id)
    if (word === 'recorded') state.recorded.add(id)
  }
  const last = told.at(-1)?.[0]
  if (last === 'export') state.exports++
  if (last === 'exported') state.imports++
  state.rounds += told.filter(([word]) => word === 'imported').length
  for (const stick of ['up', 'down']) {
    if (!existsSync(join(folder, stick))) continue
    for (const { bundle, from, missing, damaged } of await inspectBundles({ folder: join(folder, stick) })) {
      if (from === undefined) state.incomplete++
      else if (missing.length + damaged.length > 0) throw new Error(`bundle ${bundle} looks whole, and is not`)
    }
  }
  const both = await openBoth(folder)
  try {
    assertTruth(both, state)
    if (seed % SETTLE_EVERY === 0) await settle(both, state)
    return state
  } finally {
    await both.kiosk.close()
    await both.centre.close()
  }
}

function assertTruth({ kiosk, centre }, { recorded, asked }) {
  assertWhole(kiosk)
  const here = rowsOf(kiosk)
  const there = rowsOf(centre)
  for (const id of recorded) if (!here.has(id)) throw new Error(`record ${id} is gone`)
  for (const [id, { transport }] of here) {
    if (!asked.has(id)) throw new Error(`record ${id} was never asked for`)
    if (transport !== 'waiting' && there.get(id)?.payloads !== 2)
      throw new Error(`${id} is ${transport}, and not whole at the centre`)
  }
  for (const [id, { payloads }] of there) if (payloads !== 2) throw new Error(`${id} took effect without its payloads`)
  const out = bundlesOf(kiosk, 'out')
  for (const [bundle] of bundlesOf(centre, 'in')) {
    for (const { station, through } of out.get(bundle) ?? []) {
      const { file } = partsOf(centre)
      const heard = file.get('SELECT through FROM heard WHERE station = ?', station)?.through ?? 0
      if (heard < through) throw new Error(`bundle ${bundle} counts as imported, and is not`)
    }
  }
}

async function settle(both, state) {
  await round(both)
  await round(both)
  assertTruth(both, state)
  for (const [id, { transport }] of rowsOf(both.kiosk)) {
    if (transport !== 'synchronised') throw new Error(`${id} is still ${transport} after two rounds`)
  }
  for (const station of [both.kiosk, both.centre]) {
    const { file } = partsOf(station)
    const anomalies = file.get(`SELECT count(*) AS n FROM journal WHERE kind = 'anomaly'`).n
    if (anomalies > 0) throw new Error(`${station.id} noted ${anomalies} anomalies`)
  }
  const left = Object.values(both.sticks).flatMap(stick => readdirSync(stick).filter(name => name.endsWith('.tmp')))
  if (left.length > 0) throw new Error(`${left.join(' ')} are left`)
  state.settled++
}

function rowsOf(station) {
  const rows = partsOf(station).file.all(
    `SELECT r.id, r.transport_state AS transport, count(p.hash) AS payloads FROM record r
     JOIN entry_payload e ON e.station = r.station AND e.sequence = r.sequence
     LEFT JOIN payload p ON p.hash = e.hash GROUP BY r.id`,
  )
  return new Map(rows.map(({ id, ...rest }) => [id, rest]))
}

function bundlesOf(station, way) {
  const rows = partsOf(station).file.all('SELECT id, journals FROM bundle WHERE way = ?', way)
  return new Map(rows.map(({ id, journals }) => [id, journals === null ? [] : JSON.parse(journals)]))
}

export function summary(states) {
  const sum = part => states.reduce((all, state) => all + state[part], 0)
  const recorded = states.reduce((all, state) => all + state.recorded.size, 0)
  return (
    `${recorded} records acknowledged, none lost; ${sum('rounds')} bundles carried; killed while exporting ${sum('exports')}, ` +
    `while importing ${sum('imports')}; ${sum('incomplete')} times a bundle without a manifest was left, none that looked whole and was not; ` +
    `settled ${sum('settled')} times`
  )
}
