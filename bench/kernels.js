/** What the quick benchmark times: every extraction stage and every kernel of the core, called as the package calls it. */

import { Extractor } from '../dist/core/extractor.js'
import { GalleryMemory } from '../dist/core/gallery-memory.js'
import { Grower } from '../dist/core/grower.js'
import { Matcher } from '../dist/core/matcher.js'
import { Searcher } from '../dist/core/searcher.js'
import { loadCore } from '../dist/node/core-file.js'
import { loadPrints } from './support/prints.js'
import { contentsOf, fingerMinutiae, impressionOf, randomSource } from './support/templates.js'

/** Of three kinds of sensor; the first is said to have another resolution, so that resampling has work to do. */
const PRINTS = ['101_1.png', '103_1.png', '107_4.png']
const OTHER_PPI = 569

/** A quarter of the fingers of a slice that a search worker takes, and about 10 ms of the slower kernels. */
const FINGERS = 128
const COMPARED = 32

/**
 * Pieces of work of a few milliseconds, each a function run(record) that calls record(kernel, part, ms): the parts of
 * a kernel are timed apart and added up, because a short piece is less often interrupted than a long one.
 */
export async function createKernels() {
  const module = loadCore()
  const [first, ...others] = await loadPrints(PRINTS)
  const prints = [{ ...first, ppi: OTHER_PPI }, ...others]
  return [...extraction(module, prints), ...comparison(module), growing(module)]
}

function extraction(module, prints) {
  let stageDone = () => {}
  const extractor = new Extractor(module, undefined, stage => stageDone(stage))
  return prints.map((print, part) => record => {
    let last = performance.now()
    stageDone = stage => {
      const now = performance.now()
      record(`extract: ${stage}`, part, now - last)
      last = now
    }
    const startedMs = last
    extractor.extract(print)
    record('extract, whole', part, performance.now() - startedMs)
  })
}

function comparison(module) {
  const matcher = new Matcher(module)
  const random = randomSource(3)
  const fingers = Array.from({ length: FINGERS }, () => fingerMinutiae(random))
  const contents = fingers.map(finger => contentsOf(finger, matcher))
  const probe = contentsOf(impressionOf(fingers[0], random), matcher)
  const mates = fingers.slice(0, COMPARED).map(finger => contentsOf(impressionOf(finger, random), matcher))

  const memory = new GalleryMemory(module, 1 << 26, 1)
  contents.forEach((each, slot) => {
    memory.setSlot(slot, memory.addRecord(each))
  })
  memory.writeProbe(0, probe)
  const { table, scratch, probe: probePointer } = memory.pointers(0, 0)
  const searcher = new Searcher(module, memory.memory, scratch)
  const slots = Uint32Array.from({ length: COMPARED }, (_, k) => k)

  const screen = () => {
    for (let round = 0; round < 8; round++) searcher.screen(probePointer, table, 0, FINGERS)
    searcher.takeTop()
  }
  const compareMated = () => mates.map((mate, k) => matcher.match(mate, contents[k]))
  return [
    timed('describe', () => contents.slice(0, COMPARED).map(each => matcher.describe(each))),
    timed('compare, mated', compareMated),
    timed('rescore, non-mated', () => searcher.rescore(probePointer, table, slots)),
    timed('screen', screen),
  ]
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

function timed(kernel, work) {
  return record => {
    const startedMs = performance.now()
    work()
    record(kernel, 0, performance.now() - startedMs)
  }
}
