/**
 * A centre that records people and imports files of decisions about them, some about people of whom
 * an earlier file spoke, until it is killed. Afterwards every decision of a file that was imported
 * is there once; a file that was interrupted is imported again and comes to the same; one from
 * before changes nothing.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Random } from '../../../dist/random.js'
import { decisionsOn } from '../../../dist/station/enrol/decisions.js'
import { heldRecord } from '../../../dist/station/enrol/held.js'
import { addPeer, createIdentity, importDecisions, peers, publicIdentity } from '../../../dist/station/index.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { assertWhole, openIn } from './station.js'

export const mostLines = 12
export const longestPauseMs = 120

const BATCH = 120
const OPERATOR = 'operator'
const preCheck = { decision: 'not-run', candidates: [], persons: 0 }
const nikOf = id => String(Number.parseInt(id, 36)).padStart(16, '0').slice(-16)

async function openCentre(folder) {
  const centre = await openIn(folder, 'centre')
  if (peers(centre).length === 0) {
    addPeer(centre, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
  }
  return centre
}

const idsIn = station =>
  partsOf(station)
    .file.all('SELECT id FROM record ORDER BY id')
    .map(({ id }) => id)

export async function work({ folder, seed, report }) {
  const centre = await openCentre(folder)
  const random = new Random(seed)
  report('ready')
  for (let number = 0; ; number++) {
    const before = idsIn(centre)
    const fresh = Array.from({ length: BATCH }, () => random.bits().toString(36).padStart(7, '0'))
    partsOf(centre).file.transaction(() => {
      for (const record of new Set(fresh)) {
        const body = { nik: nikOf(record), person: { name: 'x' }, operator: OPERATOR, preCheck }
        append(centre, { kind: 'enrolled', direction: 'up', record, recordVersion: 1, payloads: [], body })
      }
    })
    const again = before.filter(() => random.chance(0.1))
    const name = `file-${seed}-${number}.csv`
    const rows = [...new Set([...fresh, ...again])].map(id => rowOf(id, fresh, name, random))
    // The last row names nobody.
    const text = ['record;nik;state;duplicate_of;note', ...rows, `nobody;;PRR;;${name}`, ''].join('\r\n')
    writeFileSync(join(folder, 'new'), text)
    renameSync(join(folder, 'new'), join(folder, name))
    report(`import ${name}`)
    const { refused } = await importDecisions(centre, join(folder, name), {
      operator: OPERATOR,
      onProgress: ({ done }) => report(`progress ${done}`),
    })
    if (refused.length !== 1) throw new Error(`refused: ${JSON.stringify(refused.slice(0, 3))}`)
    report(`imported ${name}`)
  }
}

function rowOf(id, [first], name, random) {
  const whose = random.chance(0.5) ? `${id};` : `${id};${nikOf(id)}`
  // The first of a file stays: no two are duplicates of each other.
  return `${whose};${id !== first && random.chance(0.2) ? `DUP;${first}` : 'PRR;'};${name}`
}

/** Names of the files that spoke of each record, the first first. */
function saidIn(centre) {
  const parts = partsOf(centre)
  const notes = id =>
    decisionsOn(parts, heldRecord(parts, id))
      .map(({ note }) => note)
      .reverse()
  return new Map(idsIn(centre).map(id => [id, notes(id)]))
}

const namedIn = (folder, name) =>
  readFileSync(join(folder, name), 'utf8')
    .split('\r\n')
    .slice(1, -2)
    .map(row => row.split(';')[0])

export async function check({ folder, lines, before, seed }) {
  const state = { said: new Map(before?.said), imported: [...(before?.imported ?? [])], again: before?.again ?? 0 }
  const add = name => {
    for (const id of namedIn(folder, name)) state.said.set(id, [...(state.said.get(id) ?? []), name])
    state.imported.push(name)
  }
  const files = word => lines.filter(line => line.startsWith(`${word} `)).map(line => line.split(' ')[1])
  for (const name of files('imported')) add(name)
  // Its last line may not have come through, and the file be there all the same.
  const open = readdirSync(folder).filter(name => /^file-.*csv$/.test(name) && !state.imported.includes(name))
  if (open.length > 1) throw new Error(`${open.length} files were interrupted`)
  const centre = await openCentre(folder)
  try {
    assertWhole(centre)
    if (open.length === 1) {
      const [name] = open
      const now = saidIn(centre)
      const done = namedIn(folder, name).filter(id => now.get(id).includes(name)).length
      const { taken, left } = await importDecisions(centre, join(folder, name), { operator: OPERATOR })
      if (left !== done || taken + left !== namedIn(folder, name).length) {
        throw new Error(`${name}: ${done} were there, ${taken} taken, ${left} left`)
      }
      add(name)
      if (done > 0) state.again++
    }
    assertSaid(centre, state.said)
    const old = state.imported.at(seed % state.imported.length)
    if (old !== undefined && existsSync(join(folder, old))) {
      const { taken, left, refused } = await importDecisions(centre, join(folder, old), { operator: OPERATOR })
      const codes = new Set(refused.map(({ code }) => code))
      codes.delete('superseded')
      codes.delete('record-unknown')
      if (taken > 0 || codes.size > 0) throw new Error(`${old}, once more: ${taken} taken, ${left} left, ${[...codes]}`)
      assertSaid(centre, state.said)
    }
    return state
  } finally {
    await centre.close()
  }
}

function assertSaid(centre, said) {
  for (const [id, notes] of saidIn(centre)) {
    const expected = said.get(id) ?? []
    if (!isDeepStrictEqual(notes, expected)) throw new Error(`record ${id}: ${notes} instead of ${expected}`)
  }
}

export function summary(states) {
  const sum = of => states.reduce((all, state) => all + of(state), 0)
  const decisions = sum(({ said }) => [...said.values()].flat().length)
  const files = sum(({ imported }) => imported.length)
  const again = sum(state => state.again)
  return `${decisions} decisions of ${files} files there once each; ${again} files went on from their middle`
}
