/**
 * A long life of one program: everything that an engine does, at once and at random, held to a plain model.
 *
 *   node bench/soak.js [--minutes 20] [--seed 1] [--threads 2] [--templates 9500] [--json]
 *
 * Actors insert, replace, remove, search (by the index, exhaustively, by records of other makers),
 * compare, deduplicate, save and open again, extract, abort, and change durable galleries with and
 * without a key, which are closed, verified, compacted and opened again; the engine itself is
 * closed in the middle and another one takes over. What is told of each answer: every candidate was
 * there at the call and has the score that `match` gives; every clear mate that was there from the
 * call to the answer is among them; what a durable gallery acknowledged is there after it was
 * opened again.
 *
 * Resident memory is read once a minute, at rest: the actors wait, what they closed is let go, and
 * the process holds the same each time (an engine, its gallery, two durable galleries). In between
 * it depends on how many galleries of 25 MiB are open at once.
 *
 * Exit code 1 at the first wrong answer, at an unhandled rejection, and when the resident memory of
 * the second half is not within 32 MiB.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { templateToRecord } from '../dist/formats/index.js'
import { createEngine } from '../dist/index.js'
import { syntheticProbe, syntheticTemplate } from '../dist/synthesize/index.js'
import { figure, whole } from './support/table.js'
import { randomSource } from './support/templates.js'

const MIB = 2 ** 20
/** Most that resident memory at rest may differ between two readings of the second half. */
const MOST_SPREAD_MIB = 32
/** Fingers that come and go, each with several impressions. */
const FINGERS = 3_000
/** A stranger scores less; a clean impression of the same finger nearly always more. */
const CLEAR = 60
/** Share of the templates that came as records of another maker, without learned codes. */
const FOREIGN_SHARE = 0.02
const ACTORS = 10
const MINUTE_MS = 60_000
/**
 * Readings while the process rests, a second apart. The least counts, as the workers' garbage
 * collection takes a while.
 */
const READINGS = 5
const READING_MS = 1_000

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    templates: { type: 'string', default: '9500' },
    json: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const threads = Number(values.threads)
const wanted = Number(values.templates)
const lengthMs = 60_000 * Number(values.minutes)
const next = randomSource(seed)
const pick = count => Math.floor(next() * count)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('unhandledRejection', error => fail(`an unhandled rejection: ${error?.stack ?? error}`))

const PRINTS = new URL('../fixtures/prints/', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'sidik-soak-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const startedMs = performance.now()
const counts = {}
let engine = await createEngine({ threads })
/** Calls under way that need the engine; it is closed when there are none, or with some on purpose. */
let engineAge = 0

// What is inserted and searched for: template `i` of finger `i % FINGERS`.
const templates = Array.from({ length: 4 * FINGERS }, (_, i) => {
  const own =
    i < FINGERS ? syntheticTemplate(seed, i) : syntheticProbe(seed + Math.floor(i / FINGERS), i % FINGERS, 'clean')
  return next() < FOREIGN_SHARE ? foreign(own) : own
})
// Impressions of one finger come from one seed alone; others are strangers to it.
const fingerOf = i => (i < FINGERS ? `${seed}/${i}` : `${seed + Math.floor(i / FINGERS)}/${i % FINGERS}`)
const probes = Array.from({ length: 200 }, (_, k) => {
  const i = Math.floor((k * templates.length) / 200)
  const probe = syntheticProbe(seed + Math.floor(i / FINGERS), i % FINGERS, 'clean')
  return { finger: fingerOf(i), probe, record: foreign(probe) }
})
const prints = readdirSync(PRINTS)
  .filter(name => name.endsWith('.png'))
  .slice(0, 6)
  .map(name => readFileSync(new URL(name, PRINTS)))
const extracted = await Promise.all(prints.map(print => engine.extract(print).then(({ template }) => digest(template))))

/** Id -> {index of its template, when it came, when it went}: all that ever was under each id since the last sweep. */
const model = new Map()
let clock = 0
let gallery = fill()
const durables = await Promise.all([undefined, randomBytes(32)].map(openDurable))
/** Resident memory at rest, a reading a minute. */
const atRestMiB = []
/** Actions under way, and what all others wait for while the process rests. */
let underWay = 0
let gate = Promise.resolve()
const watching = watchMemory()
await Promise.all([...Array.from({ length: ACTORS }, act), renew()])
await finish()

function foreign(template) {
  return engine.importIso(templateToRecord(template, { format: 'iso-19794-2-2005' })).template
}

function fill() {
  model.clear()
  const made = engine.createGallery()
  for (let i = 0; i < wanted; i++) change(made, `${i}`, pick(templates.length))
  return made
}

function change(into, id, index) {
  const [present] = model.get(id)?.slice(-1) ?? []
  into.insert(id, templates[index], { replace: true })
  if (present !== undefined && present.gone === Infinity) present.gone = ++clock
  model.set(id, [...(model.get(id) ?? []).slice(-20), { index, came: ++clock, gone: Infinity }])
}

function remove(id) {
  const [present] = model.get(id)?.slice(-1) ?? []
  if (present === undefined || present.gone < Infinity) return
  gallery.remove(id)
  present.gone = ++clock
}

/** One actor: one thing after the other, until the time is over. */
async function act() {
  const ways = [
    [30, searchOnce],
    [30, changeSome],
    [10, compareOnce],
    [6, extractOnce],
    [5, abortOnce],
    [10, changeDurable],
    [1, reopenDurable],
    [1, dedupeOnce],
    [0.3, saveOnce],
    [0.3, replaceGallery],
  ]
  const total = ways.reduce((sum, [share]) => sum + share, 0)
  while (performance.now() - startedMs < lengthMs) {
    let at = next() * total
    const [, way] = ways.find(([share]) => {
      at -= share
      return at < 0
    })
    await gate
    underWay++
    const age = engineAge
    const used = gallery
    try {
      await way()
    } catch (error) {
      // The engine, or the gallery, was closed under it on purpose: that is all that may go wrong.
      const closed = age !== engineAge && ['ENGINE_CLOSED', 'GALLERY_CLOSED'].includes(error.code)
      if (!closed && !(used !== gallery && error.code === 'GALLERY_CLOSED')) fail(`${way.name}: ${error.stack}`)
    } finally {
      underWay--
    }
    counts[way.name] = (counts[way.name] ?? 0) + 1
    await delay(1)
  }
}

async function searchOnce() {
  const used = gallery
  const { finger, probe, record } = probes[pick(probes.length)]
  const given = next() < 0.2 ? record : probe
  const began = ++clock
  const exhaustive = next() < 0.3
  const { candidates } = await used.search(given, { limit: 50, minScore: 0, exhaustive })
  if (used !== gallery) return
  const was = id => (model.get(id) ?? []).filter(({ came, gone }) => came < began && gone > began)
  for (const { id, score } of candidates) {
    const scores = was(id).map(({ index }) => engine.match(given, templates[index]).score)
    if (!scores.includes(score)) fail(`'${id}' has score ${score}, which none of its templates at the call gives`)
  }
  for (const [id, lives] of model) {
    for (const { index, came, gone } of lives) {
      if (came > began || gone < Infinity || fingerOf(index) !== finger) continue
      const { score } = engine.match(given, templates[index])
      const least = candidates.length < 50 ? CLEAR : Math.max(CLEAR, candidates.at(-1).score)
      if (score <= least || candidates.some(candidate => candidate.id === id)) continue
      // The index is a choice among all: what it loses, a search of everything must find.
      if (!exhaustive) counts['mates that the index lost'] = (counts['mates that the index lost'] ?? 0) + 1
      else fail(`'${id}', of the probe's finger and with score ${score}, was not found`)
    }
  }
}

async function changeSome() {
  for (let k = 0; k < 20; k++) {
    const id = `${pick(wanted + 500)}`
    if (next() < 0.3) remove(id)
    else change(gallery, id, pick(templates.length))
  }
}

async function compareOnce() {
  const used = gallery
  const { probe, record } = probes[pick(probes.length)]
  const given = next() < 0.3 ? record : probe
  const ids = Array.from({ length: 20 }, () => `${pick(wanted + 500)}`)
  const began = ++clock
  const compared = await used.compare(given, [...new Set(ids)])
  if (used !== gallery) return
  for (const id of new Set(ids)) {
    const [life] = (model.get(id) ?? []).filter(({ came, gone }) => came < began && gone > began)
    const found = compared.find(candidate => candidate.id === id)
    if (life === undefined ? found !== undefined : life.gone === Infinity && found === undefined)
      fail(`compare ${found ? 'has' : 'lacks'} '${id}'`)
    if (found && engine.match(given, templates[life.index]).score !== found.score) fail(`compare scores '${id}' wrong`)
  }
}

async function extractOnce() {
  const i = pick(prints.length)
  const { template } = await engine.extract(prints[i])
  if (digest(template) !== extracted[i]) fail(`print ${i} gives another template than at first`)
}

async function abortOnce() {
  const controller = new AbortController()
  const reason = new Error('no longer wanted')
  const { probe, record } = probes[pick(probes.length)]
  const { signal } = controller
  const begun = [
    () => gallery.search(next() < 0.5 ? record : probe, { signal }),
    () => gallery.dedupe({ signal }),
    () => gallery.buildGeometricCodes({ signal }),
    () => engine.extract(prints[0], { signal }),
  ][pick(4)]()
  // Heard at once: the engine may be closed under it before it is aborted.
  const failure = begun.then(
    () => reason,
    error => error,
  )
  await delay(pick(30))
  controller.abort(reason)
  const error = await failure
  if (error !== reason) throw error
}

async function dedupeOnce() {
  const small = engine.createGallery({ maxBytes: 64 * MIB })
  const held = Array.from({ length: 200 }, () => pick(templates.length))
  held.forEach((index, k) => {
    small.insert(`${k}`, templates[index])
  })
  const running = small.dedupe({ minScore: CLEAR })
  small.insert('later', templates[held[0]])
  const { pairs } = await running
  small.close()
  const found = new Set(pairs.map(({ a, b }) => `${a} ${b}`))
  for (let a = 0; a < held.length; a++) {
    for (let b = a + 1; b < held.length; b++) {
      if (held[a] !== held[b]) continue
      const [one, other] = [`${a}`, `${b}`].sort((x, y) => (x < y ? -1 : 1))
      if (!found.has(`${one} ${other}`)) fail(`the same template under '${a}' and '${b}' is no pair`)
    }
  }
  for (const { a, b } of pairs) if (a === 'later' || b === 'later') fail('a template that came later is in a pair')
}

async function saveOnce() {
  const path = join(folder, `saved-${pick(1e9)}.sidikgal`)
  const expected = gallery.ids().map(id => [id, digest(gallery.get(id))])
  await gallery.save(path)
  const opened = await engine.openGallery(path)
  const read = opened.ids().map(id => [id, digest(opened.get(id))])
  if (JSON.stringify(read) !== JSON.stringify(expected)) fail('a saved gallery opens as another')
  opened.close()
  rmSync(path)
}

async function replaceGallery() {
  const former = gallery
  gallery = fill()
  former.close()
}

async function openDurable(key, number) {
  const path = join(folder, `durable-${number}`)
  const opened = await engine.openDurableGallery(path, { create: true, ...(key && { key }), maxBytes: 128 * MIB })
  return { path, key, opened, held: new Map(), busy: new Set(), closing: undefined }
}

async function changeDurable() {
  const durable = durables[pick(durables.length)]
  if (durable.closing) return
  const { opened, held, busy } = durable
  const id = `${pick(500)}`
  // Changes of one id one after the other: the model knows their order then.
  if (busy.has(id)) return
  busy.add(id)
  try {
    if (held.has(id) && next() < 0.4) {
      await opened.remove(id)
      held.delete(id)
    } else {
      const index = pick(templates.length)
      await opened.insert(id, templates[index], { replace: true })
      held.set(id, index)
    }
  } finally {
    busy.delete(id)
  }
}

async function reopenDurable() {
  const durable = durables[pick(durables.length)]
  if (durable.closing) return
  durable.closing = (async () => {
    while (durable.busy.size > 0) await delay(1)
    if (next() < 0.3) await durable.opened.compact()
    await durable.opened.close()
    await openAgain(durable)
  })()
  try {
    await durable.closing
  } finally {
    durable.closing = undefined
  }
}

async function openAgain(durable) {
  const { path, key, held } = durable
  durable.opened = await engine.openDurableGallery(path, { ...(key && { key }), maxBytes: 128 * MIB })
  const { opened } = durable
  if (opened.size !== held.size) fail(`${opened.size} templates where ${held.size} were acknowledged`)
  for (const [id, index] of held) {
    const template = opened.get(id)
    if (template === undefined || digest(template) !== digest(templates[index]))
      fail(`'${id}' was acknowledged and is not there`)
  }
}

/** Another engine a few times, closed with work under way. */
async function renew() {
  const everyMs = lengthMs / 5
  for (let time = 1; time < 5; time++) {
    await delay(Math.max(0, time * everyMs - (performance.now() - startedMs)))
    await gate
    underWay++
    for (const durable of durables) {
      while (durable.closing) await durable.closing.catch(() => {})
      durable.closing = (async () => {
        while (durable.busy.size > 0) await delay(1)
        await durable.opened.close()
      })()
      await durable.closing
    }
    const former = engine
    engineAge++
    engine = await createEngine({ threads })
    gallery = fill()
    await former.close()
    for (const durable of durables) {
      await openAgain(durable)
      durable.closing = undefined
    }
    underWay--
    counts['engines closed'] = (counts['engines closed'] ?? 0) + 1
  }
}

async function watchMemory() {
  // At half minutes: an engine that has just begun holds less than one that has worked.
  for (let minute = 1; (minute - 0.5) * MINUTE_MS <= lengthMs; minute++) {
    await delay(Math.max(0, (minute - 0.5) * MINUTE_MS - (performance.now() - startedMs)))
    atRestMiB.push(await memoryAtRestMiB())
    if (!values.json) console.log(`${minute} min: ${figure(atRestMiB.at(-1))} MiB, ${JSON.stringify(counts)}`)
  }
}

async function memoryAtRestMiB() {
  let open
  gate = new Promise(resolve => {
    open = resolve
  })
  while (underWay > 0) await delay(1)
  // A worker that was busy when a gallery was closed learns of it by its next task: a search gives one to each.
  await gallery.search(probes[0].probe)
  let bytes = Infinity
  for (let reading = 0; reading < READINGS; reading++) {
    collect()
    await delay(READING_MS)
    bytes = Math.min(bytes, process.memoryUsage.rss())
  }
  open()
  return bytes / MIB
}

async function finish() {
  await watching
  for (const durable of durables) {
    await durable.opened.close()
    await openAgain(durable)
    await durable.opened.close()
  }
  for (const [id, lives] of model) {
    const { index, gone } = lives.at(-1)
    if ((gone === Infinity) !== gallery.has(id)) fail(`'${id}' is ${gallery.has(id) ? '' : 'not '}there at the end`)
    if (gone === Infinity && digest(gallery.get(id)) !== digest(templates[index])) fail(`'${id}' is another template`)
  }
  await engine.close()
  const second = atRestMiB.slice(Math.floor(atRestMiB.length / 2))
  const spreadMiB = second.length === 0 ? 0 : Math.max(...second) - Math.min(...second)
  if (values.json) console.log(JSON.stringify({ seed, counts, atRestMiB, spreadMiB }))
  else {
    for (const [name, count] of Object.entries(counts)) console.log(`  ${name}: ${whole(count)}`)
    const band = `${figure(Math.min(...second))} to ${figure(Math.max(...second))} MiB`
    console.log(`no wrong answer; resident memory at rest in the second half: ${band}`)
  }
  if (spreadMiB > MOST_SPREAD_MIB) fail(`resident memory at rest is not within ${MOST_SPREAD_MIB} MiB`)
}

function digest(template) {
  return createHash('sha256').update(template).digest('base64')
}

function fail(message) {
  console.error(`seed ${seed}, ${figure((performance.now() - startedMs) / 1000)} s: ${message}`)
  process.exit(1)
}
