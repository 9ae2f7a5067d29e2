/**
 * What a key costs a durable gallery: the same work without and with one, by turns, on the same
 * disk.
 *
 *   node bench/durable-key.js [--templates N] [--appends N] [--rounds N] [--folder DIR] [--plain-only]
 *
 * Prints a table of medians: all templates inserted at once, opened from the tail, compacted,
 * opened from the snapshot, and inserted one by one.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createEngine } from '../dist/index.js'
import { killTemplate } from './support/kill-template.js'
import { median } from './support/median.js'

const { values } = parseArgs({
  options: {
    templates: { type: 'string', default: '100000' },
    appends: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string' },
    'plain-only': { type: 'boolean', default: false },
  },
})
const [count, appends, rounds] = [values.templates, values.appends, values.rounds].map(Number)

/** As long as those of prints: 1 KB in the middle. */
const LEAST_MINUTIAE = 15
const IN_FLIGHT = 10_000
const KEY = new Uint8Array(32).fill(7)
const WAYS = values['plain-only']
  ? [['plain', {}]]
  : [
      ['plain', {}],
      ['sealed', { key: KEY }],
    ]

const templates = Array.from({ length: count + appends }, (_, i) => killTemplate(i, LEAST_MINUTIAE))
const parent = mkdtempSync(join(values.folder ?? tmpdir(), 'sidik-durable-key-'))
const engine = await createEngine({ threads: 1 })
const figures = new Map()

async function timed(way, name, work) {
  const started = performance.now()
  const processor = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(processor)
  note(way, `${name}, ms`, performance.now() - started)
  note(way, `${name}, ms of processor`, (user + system) / 1_000)
  return result
}

function note(way, name, value) {
  if (!figures.has(name)) figures.set(name, new Map())
  const row = figures.get(name)
  row.set(way, [...(row.get(way) ?? []), value])
}

const bytesIn = (folder, prefix) =>
  readdirSync(folder)
    .filter(name => name.startsWith(prefix))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)

async function round(way, options, folder) {
  const gallery = await engine.openDurableGallery(folder, { create: true, ...options })
  await timed(way, `insert ${count} at once`, async () => {
    for (let from = 0; from < count; from += IN_FLIGHT) {
      const some = templates.slice(from, Math.min(count, from + IN_FLIGHT))
      await Promise.all(some.map((template, i) => gallery.insert(`person-${from + i}`, template)))
    }
  })
  await gallery.close()
  note(way, 'bytes of the tail', bytesIn(folder, 'tail'))
  const fromTail = await timed(way, 'open from the tail', () => engine.openDurableGallery(folder, options))
  await timed(way, 'compact', () => fromTail.compact())
  await fromTail.close()
  note(way, 'bytes of the snapshot', bytesIn(folder, 'snapshot'))
  const opened = await timed(way, 'open from the snapshot', () => engine.openDurableGallery(folder, options))
  await timed(way, `insert ${appends} one by one`, async () => {
    for (let i = 0; i < appends; i++) await opened.insert(`late-${i}`, templates[count + i])
  })
  await opened.close()
  rmSync(folder, { recursive: true })
}

for (let at = 0; at < rounds; at++) {
  // Whoever is first meets the cold caches of the round: by turns.
  const ways = at % 2 === 0 ? WAYS : WAYS.toReversed()
  for (const [way, options] of ways) await round(way, options, join(parent, `${way}-${at}`))
}
await engine.close()
rmSync(parent, { recursive: true })

for (const [name, row] of figures) {
  const cells = [...row].map(([way, all]) => `${way} ${Math.round(median(all))}`)
  console.log(`${name}: ${cells.join(', ')}`)
}
