/** What the quick benchmark times: every extraction stage and every kernel of the core, called as the package calls it. */

import { Extractor } from '../dist/core/extractor.js'
import { GalleryMemory } from '../dist/core/gallery-memory.js'
import { Grower } from '../dist/core/grower.js'
import { Matcher } from '../dist/core/matcher.js'
import { Searcher } from '../dist/core/searcher.js'
import { WsqCore } from '../dist/core/wsq-core.js'
import { encodeTemplate } from '../dist/formats/index.js'
import { decodeWsqWith } from '../dist/image/wsq/decode.js'
import { Encoding } from '../dist/image/wsq/encoding.js'
import { loadCore } from '../dist/node/core-file.js'
import { loadNetwork } from '../dist/node/network-file.js'
import { partsOf } from '../dist/template/native-parts.js'
import { loadPrints } from './support/prints.js'
import {
  contentsOf,
  fingerMinutiae,
  impressionOf,
  learnedContentsOf,
  randomSource,
  shaken,
  withCodes,
} from './support/templates.js'

/** Of three kinds of sensor; the first is said to have another resolution, so that resampling has work to do. */
const PRINTS = ['101_1.png', '103_1.png', '107_4.png']
const OTHER_PPI = 569

/** A quarter of the fingers of a slice that a search worker takes, and about 10 ms of the slower kernels. */
const FINGERS = 128
const COMPARED = 32

/** How often a short kernel is timed in each round. */
const TIMES = 3

/**
 * Pieces of work of a few milliseconds, each a function run(record) that calls record(kernel, part, ms): the parts of
 * a kernel are timed apart and added up, because a short piece is less often interrupted than a long one.
 */
export async function createKernels() {
  const module = loadCore()
  const [first, ...others] = await loadPrints(PRINTS)
  const prints = [{ ...first, ppi: OTHER_PPI }, ...others]
  return [...extraction(module, prints), ...comparison(module), growing(module), ...compression(module, first)]
}

function extraction(module, prints) {
  let stageDone = () => {}
  const learned = new Extractor(module, loadNetwork(), stage => stageDone(stage))
  const classical = new Extractor(module)
  return prints.map((print, part) => record => {
    let last = performance.now()
    stageDone = stage => {
      const now = performance.now()
      record(`extract: ${stage}`, part, now - last)
      last = now
    }
    const startedMs = last
    learned.extract(print)
    const betweenMs = performance.now()
    classical.extract(print)
    record('extract, whole', part, betweenMs - startedMs)
    record('extract classically, whole', part, performance.now() - betweenMs)
  })
}

function comparison(module) {
  const matcher = new Matcher(module)
  const random = randomSource(3)
  const fingers = Array.from({ length: FINGERS }, () => withCodes(fingerMinutiae(random), random))
  const probe = impressionOf(fingers[0], random)
  const mates = fingers.slice(0, COMPARED).map(finger => shaken(impressionOf(finger, random), random))
  const geometricOf = coded =>
    contentsOf(
      coded.map(({ code, ...minutia }) => minutia),
      matcher,
    )
  const geometric = fingers.slice(0, COMPARED).map(geometricOf)
  return [
    timed('describe', () => geometric.map(each => matcher.describe(each))),
    ...comparing('learned', learnedContentsOf),
    ...comparing('geometric', geometricOf),
  ]

  function comparing(kind, toContents) {
    const contents = fingers.map(toContents)
    const mated = mates.map(toContents)
    const memory = new GalleryMemory(1, module, 1 << 26, 1)
    contents.forEach((each, slot) => {
      memory.setSlot(slot, memory.addRecord(partsOf(encodeTemplate(each))))
    })
    memory.writeProbe(0, toContents(probe))
    const { table, scratch, probe: probePointer } = memory.pointers(0, 0)
    const searcher = new Searcher(module, memory.memory, scratch)
    const slots = Uint32Array.from({ length: COMPARED }, (_, k) => k)
    const screen = () => {
      for (let round = 0; round < 8; round++) searcher.screen(probePointer, table, 0, FINGERS)
      searcher.takeTop()
    }
    const scan = () => {
      for (let round = 0; round < 8; round++) searcher.scan(probePointer, table, 0, FINGERS)
      searcher.takeScanned()
    }
    const scanned = kind === 'learned' ? [timed('scan learned', scan)] : []
    return [
      ...scanned,
      timed(`compare ${kind}, mated`, () => mated.map((mate, k) => matcher.match(mate, contents[k]))),
      timed(`rescore ${kind}, non-mated`, () => searcher.rescore(probePointer, table, slots)),
      timed(`screen ${kind}`, screen),
    ]
  }
}

function growing(module) {
  const grower = new Grower(module)
  const [widthPx, heightPx] = [128, 128]
  const random = randomSource(4)
  const flow = {
    widthPx,
    heightPx,
    orientationRad: (xPx, yPx) => (xPx + yPx) / 200,
    periodPx: () => 9,
    dither: () => 0.5,
  }
  const seeds = Int16Array.from({ length: widthPx * heightPx }, () => (random() - 0.5) * 8192)
  return timed('grow ridges', () => grower.grow(flow, seeds, 4))
}

function compression(module, print) {
  const core = new WsqCore(module)
  const encode = () => {
    const encoding = new Encoding(core, print, [])
    return encoding.write(encoding.scaleOf(0.75), 0.75)
  }
  const stream = encode()
  return [timed('encode WSQ', encode), timed('decode WSQ', () => decodeWsqWith(core, stream, {}))]
}

/**
 * Several times in a row, since the first finds the caches full of the kernel before it: what that costs depends on
 * where the system has put its pages, and was up to half of the time of a short kernel.
 */
function timed(kernel, work) {
  return record => {
    for (let time = 0; time < TIMES; time++) {
      const startedMs = performance.now()
      work()
      record(kernel, 0, performance.now() - startedMs)
    }
  }
}
