/**
 * node bench/event-loop.js [--threads N] [--calls N] [--largest N] [--only TEXT] [--apart]
 * [--enrol] [FILE or FOLDER ...]: how long extraction holds up the thread that asks for it. With
 * --enrol, how long a station does: each call records a person with ten such fingers, and such a
 * photo.
 *
 * Each sample is extracted N times at once (100 unless given) by an engine of its own, whose
 * threads have not started yet: all calls in one turn of the loop, or each in a turn of its own
 * (--apart), so that the copies of their bytes, which are made at the call, do not add up. Two
 * figures say how long other work had to wait meanwhile: the longest delay of the event loop on the
 * clock (perf_hooks, every millisecond), and the most processor time that the thread took between
 * two turns of its loop, which a busy machine does not bend. The first row is a loop that only
 * waits beside as many busy threads: what the machine's scheduler alone takes. Of files, the
 * largest of each format are taken, images within ANSI/NIST transactions among them. Without files:
 * a print of 1 megapixel in every format that is read, and as frames.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay, setImmediate } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import sharp from 'sharp'
import { encodeWsq, imagesOf, readAnsiNist, writeImageRecord } from '../dist/formats/index.js'
import { encodeJp2 } from '../dist/image/jp2/encode.js'
import { sniffFormat } from '../dist/image/sniff.js'
import { createEngine, imageToRecord } from '../dist/index.js'
import { threadMs } from '../dist/node/thread-clock.js'
import { Random } from '../dist/random.js'
import { createIdentity, enrol, openStation } from '../dist/station/index.js'
import { syntheticNik } from '../dist/synthesize/index.js'
import { describeMachine } from './support/machine.js'

const PRINT = new URL('../fixtures/prints/101_1.png', import.meta.url)
const SIDE_PX = 1024
const PPI = 500
const RESOLUTION_MS = 1

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '2' },
    calls: { type: 'string', default: '100' },
    largest: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    apart: { type: 'boolean', default: false },
    enrol: { type: 'boolean', default: false },
  },
})
const threads = Number(values.threads)
const calls = Number(values.calls)
const samples = positionals.length > 0 ? samplesOf(positionals, Number(values.largest)) : await synthetic()

console.log(JSON.stringify({ ...describeMachine(), threads, calls }))
const row = (...cells) => console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(40) : cell.padStart(12))).join(''))
row('sample', 'bytes', 'wall ms', 'delay ms', 'CPU ms', '  outcome')
const idle = await idleDelay()
row('waiting alone', '', '', idle.delayMs, idle.cpuMs)
for (const { name, input, bytes } of samples.filter(({ name }) => name.startsWith(values.only))) {
  const { delayMs, cpuMs, wallMs, outcome } = await measure(input)
  row(name, String(bytes), wallMs.toFixed(0), delayMs, cpuMs, `  ${outcome}`)
}

async function measure(input) {
  const engine = await createEngine({ threads })
  const work = await workOf(engine, input)
  await delay(50)
  const longest = watchLoop()
  await delay(5)
  const startedMs = performance.now()
  const under = []
  for (let call = 0; call < calls; call++) {
    under.push(work.call())
    under[call].catch(() => {})
    if (values.apart) await setImmediate()
  }
  const results = await Promise.allSettled(under)
  const wallMs = performance.now() - startedMs
  await delay(5)
  const figures = longest()
  await work.close()
  await engine.close()
  const outcomes = new Set(results.map(({ status, value, reason }) => (status === 'fulfilled' ? value : reason.code)))
  return { ...figures, wallMs, outcome: [...outcomes].join(', ') }
}

/** The work of each call; says what came of it. */
async function workOf(engine, input) {
  if (!values.enrol)
    return { call: () => engine.extract(input, { ppi: PPI }).then(() => 'print'), close: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'sidik-event-loop-'))
  const identity = await createIdentity('3276-01')
  const station = await openStation({ path: join(folder, 'station.db'), key: new Uint8Array(32), identity, engine })
  const fingers = Array.from({ length: 10 }, (_, i) => ({ position: i + 1, image: input, ppi: PPI }))
  const { nik, birthDate, sex } = syntheticNik(new Random(1), { province: '32' })
  const address = { street: 'Jl. Merdeka 1', rt: '003', rw: '011', village: 'Beji', district: 'Beji' }
  const person = { name: 'Nobody', birthDate, sex, birthPlace: 'Depok', address }
  const given = { nik, person, fingers, photo: input, operator: 'bench' }
  return {
    // One finger under ten positions is not recorded, but by then all of them were worked on.
    call: () => enrol(station, given).then(({ recorded, feedback }) => (recorded ? 'recorded' : feedback[0].code)),
    close: async () => {
      await station.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/**
 * Delays of a loop that only waits while as many threads as the engine's compute for two seconds.
 */
async function idleDelay() {
  const busy = Array.from({ length: threads }, () => new Worker('for (;;);', { eval: true }))
  await delay(200)
  const longest = watchLoop()
  await delay(2_000)
  const figures = longest()
  await Promise.all(busy.map(worker => worker.terminate()))
  return figures
}

/**
 * Watches the loop from now on; what it returns ends that and says the longest delay and the most
 * processor time of one turn.
 */
function watchLoop() {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  loop.enable()
  let before = threadMs()
  let most = 0
  const look = () => {
    const now = threadMs()
    most = Math.max(most, now - before)
    before = now
  }
  const timer = setInterval(look, RESOLUTION_MS)
  return () => {
    look()
    clearInterval(timer)
    loop.disable()
    return { delayMs: (loop.max / 1e6 - RESOLUTION_MS).toFixed(1), cpuMs: most.toFixed(1) }
  }
}

function samplesOf(places, count) {
  const files = places.flatMap(place =>
    statSync(place).isFile()
      ? [place]
      : readdirSync(place, { recursive: true, withFileTypes: true })
          .filter(entry => entry.isFile())
          .map(entry => join(entry.parentPath, entry.name)),
  )
  const byFormat = new Map()
  for (const [name, input] of files.flatMap(imagesIn)) {
    const format = formatOf(input)
    if (format !== undefined) byFormat.set(format, [...(byFormat.get(format) ?? []), { name, input }])
  }
  return [...byFormat].flatMap(([format, found]) =>
    found
      .sort((a, b) => b.input.length - a.input.length)
      .slice(0, count)
      .map(({ name, input }) => ({ name: `${format}: ${name.split('/').pop()}`, input, bytes: input.length })),
  )
}

function imagesIn(file) {
  const bytes = readFileSync(file)
  try {
    const images = imagesOf(readAnsiNist(bytes, { onDeviation: () => {} }))
    return images
      .filter(({ image }) => image !== undefined)
      .map(({ image, recordIndex }) => [`${file}#${recordIndex}`, image])
  } catch {
    return [[file, bytes]]
  }
}

function formatOf(bytes) {
  try {
    return sniffFormat(bytes)
  } catch {
    return undefined
  }
}

async function synthetic() {
  const { width, height } = await sharp(readFileSync(PRINT)).metadata()
  const around = { right: SIDE_PX - width, bottom: SIDE_PX - height, extendWith: 'repeat' }
  const picture = sharp(readFileSync(PRINT)).extend(around).greyscale()
  const data = new Uint8Array(await picture.clone().raw().toBuffer())
  const gray = { data, widthPx: SIDE_PX, heightPx: SIDE_PX, ppi: PPI }
  const rgb = picture.clone().toColourspace('srgb')
  const inputs = {
    wsq: await encodeWsq(gray),
    'wsq, fine': await encodeWsq(gray, { bitRate: 2.25 }),
    jp2: await encodeJp2(gray),
    png: await picture.clone().png().toBuffer(),
    'png, colour': await rgb.clone().png().toBuffer(),
    jpeg: await picture.clone().jpeg().toBuffer(),
    tiff: await picture.clone().tiff().toBuffer(),
    webp: await rgb.clone().webp({ lossless: true }).toBuffer(),
    pgm: Buffer.concat([Buffer.from(`P5 ${SIDE_PX} ${SIDE_PX} 255\n`), data]),
    bmp: bitmapOf(data),
    fir: writeImageRecord(await imageToRecord(gray, { format: 'iso-19794-4-2005', compression: 'raw' })),
    'frame, 8 bits': gray,
    'frame, 16 bits': { ...gray, data: Uint16Array.from(data, value => value * 257) },
  }
  return Object.entries(inputs).map(([name, input]) => ({ name, input, bytes: (input.data ?? input).byteLength }))
}

/** An uncompressed bitmap of 8 bits a pixel with a palette of grays, from the bottom. */
function bitmapOf(data) {
  const PIXELS_AT = 14 + 40 + 4 * 256
  const bitmap = Buffer.alloc(PIXELS_AT + data.length)
  bitmap.write('BM')
  bitmap.writeUInt32LE(bitmap.length, 2)
  bitmap.writeUInt32LE(PIXELS_AT, 10)
  bitmap.writeUInt32LE(40, 14)
  bitmap.writeInt32LE(SIDE_PX, 18)
  bitmap.writeInt32LE(SIDE_PX, 22)
  bitmap.writeUInt16LE(1, 26)
  bitmap.writeUInt16LE(8, 28)
  for (let level = 0; level < 256; level++) bitmap.fill(level, 54 + 4 * level, 54 + 4 * level + 3)
  for (let y = 0; y < SIDE_PX; y++)
    bitmap.set(data.subarray(y * SIDE_PX, (y + 1) * SIDE_PX), PIXELS_AT + (SIDE_PX - 1 - y) * SIDE_PX)
  return bitmap
}
