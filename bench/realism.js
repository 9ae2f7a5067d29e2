/**
 * Compares distributions of real prints with those of our synthetic ones, both measured by our own classical extraction:
 *
 *   node bench/realism.js REAL [--fingers 40] [--impressions 2] [--seed 5]      (after `npm run build`)
 *
 * REAL holds folders `<set>` of `<finger>_<impression>.png`. Prints the quantiles 10 / 50 / 90 % of each measure as a table in
 * Markdown. "Likeness of strangers" is the mean difference of orientation between the prints of two fingers where they
 * overlap, at the shift at which it is least: the lower, the more the fingers' patterns resemble each other.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { Extractor } from '../dist/core/extractor.js'
import { loadCore } from '../dist/node/core-file.js'
import { synthesizeFinger, synthesizeImpression } from '../dist/synthesize/index.js'

/** Resolution of the sets that were not captured at 500 ppi. */
const PPI = { 'fvc2002-db2b': 569, 'fvc2004-db3b': 512 }
/** Side of the squares in which orientations of two fingers are compared, px, and the shifts tried, squares. */
const SQUARE_PX = 24
const SHIFTS = 3
/** Squares that must overlap. */
const OVERLAP = 60
/** Impressions looked at of each real finger: as different as they come. */
const REAL_IMPRESSIONS = [1, 4, 7]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fingers: { type: 'string', default: '40' },
    impressions: { type: 'string', default: '2' },
    seed: { type: 'string', default: '5' },
  },
})
const [real] = positionals
if (!real) throw new TypeError('realism.js REAL [--fingers N] [--impressions N] [--seed N]')
const extractor = new Extractor(loadCore())
const MEASURES = {
  'minutiae a print': print => print.minutiae,
  'minutiae a cm2 of ridges': print => (100 * print.minutiae) / print.areaMm2,
  'ridge area, mm2': print => print.areaMm2,
  'ridge period, px': print => print.periodPx,
  'curvature of the flow, degrees a mm': print => print.curvature,
  'mean gray of the ridge area': print => print.gray,
  'deviation of gray in the ridge area': print => print.contrast,
  clarity: print => print.clarity,
  'dark share of the ridge area': print => print.dark,
  'quality, 0 to 100': print => print.quality,
}

const groups = { real: await realPrints(), synthetic: syntheticPrints() }
const show = list => [0.1, 0.5, 0.9].map(share => round(quantile(list, share))).join(' / ')
console.log(
  `| 10 / 50 / 90 % of the prints | real (${groups.real.length}) | synthetic (${groups.synthetic.length}) |\n|---|---|---|`,
)
for (const [name, of] of Object.entries(MEASURES)) {
  console.log(`| ${name} | ${show(groups.real.map(of))} | ${show(groups.synthetic.map(of))} |`)
}
console.log(`| likeness of strangers, degrees | ${show(likeness(groups.real))} | ${show(likeness(groups.synthetic))} |`)

async function realPrints() {
  const prints = []
  for (const set of readdirSync(real).filter(name => name.includes('-db'))) {
    for (let finger = 101; finger <= 110; finger++) {
      for (const impression of REAL_IMPRESSIONS) {
        const path = join(real, set, `${finger}_${impression}.png`)
        const { data, info } = await sharp(path)
          .toColourspace('b-w')
          .extractChannel(0)
          .raw()
          .toBuffer({ resolveWithObject: true })
        const image = { data, widthPx: info.width, heightPx: info.height, ppi: PPI[set] ?? 500 }
        prints.push(measure(image, `${set} ${finger}`, set))
      }
    }
  }
  return prints
}

function syntheticPrints() {
  const prints = []
  for (let finger = 1; finger <= Number(values.fingers); finger++) {
    const master = synthesizeFinger(Number(values.seed), finger)
    for (let k = 1; k <= Number(values.impressions); k++) {
      prints.push(measure(synthesizeImpression(master, k).image, String(finger), 'synthetic'))
    }
  }
  return prints
}

/** The measures of one print; `group`: prints of one set are compared with each other for likeness. */
function measure(image, finger, group) {
  let print
  try {
    print = extractor.extract(image)
  } catch {
    print = undefined
  }
  const { gray, mask, orientation, widthPx, cellPx } = extractor.stages()
  const columns = widthPx / cellPx
  const angle = cell => (orientation[cell] * Math.PI) / 256
  const grays = []
  const turns = []
  const squares = new Map()
  const middle = { x: 0, y: 0, count: 0 }
  for (let cell = 0; cell < mask.length; cell++) {
    if (!mask[cell]) continue
    const [x, y] = [cell % columns, Math.floor(cell / columns)]
    for (let j = 0; j < cellPx; j++) {
      for (let i = 0; i < cellPx; i++) grays.push(gray[(y * cellPx + j) * widthPx + x * cellPx + i])
    }
    middle.x += x
    middle.y += y
    middle.count++
    // The flow's turn from this place to those 8 px on: how strongly ridges bend.
    const step = Math.round(8 / cellPx)
    for (const next of [cell + step, cell + step * columns]) {
      if (x + step < columns && next < mask.length && mask[next])
        turns.push(difference(angle(cell), angle(next)) / (8 * 0.0508))
    }
  }
  for (let cell = 0; cell < mask.length; cell++) {
    if (!mask[cell]) continue
    const x = Math.floor(((cell % columns) - middle.x / middle.count) * (cellPx / SQUARE_PX))
    const y = Math.floor((Math.floor(cell / columns) - middle.y / middle.count) * (cellPx / SQUARE_PX))
    const key = `${x},${y}`
    const sum = squares.get(key) ?? { x, y, cos: 0, sin: 0 }
    sum.cos += Math.cos(2 * angle(cell))
    sum.sin += Math.sin(2 * angle(cell))
    squares.set(key, sum)
  }
  const mean = grays.reduce((a, b) => a + b, 0) / grays.length
  const deviation = Math.sqrt(grays.reduce((a, b) => a + (b - mean) ** 2, 0) / grays.length)
  const dark = grays.filter(gray => gray < mean - 0.5 * deviation).length / grays.length
  return {
    finger,
    group,
    minutiae: print?.minutiae.length ?? 0,
    areaMm2: middle.count * (cellPx * 0.0508) ** 2,
    periodPx: print?.measures.periodPx ?? 0,
    clarity: print?.measures.clarity ?? 0,
    quality: print?.quality.score ?? 0,
    curvature: (turns.reduce((a, b) => a + b, 0) / turns.length) * (180 / Math.PI),
    gray: mean,
    contrast: deviation,
    dark,
    squares: new Map([...squares].map(([key, { x, y, cos, sin }]) => [key, { x, y, angle: Math.atan2(sin, cos) / 2 }])),
  }
}

/** Least mean differences of orientation, degrees, of pairs of fingers of one group (the first print of each). */
function likeness(prints) {
  const firsts = [...new Map(prints.toReversed().map(print => [print.finger, print])).values()]
  return firsts.flatMap((a, i) =>
    firsts.slice(i + 1).flatMap(b => {
      if (a.group !== b.group) return []
      const least = leastDifference(a.squares, b.squares)
      return least === undefined ? [] : [least]
    }),
  )
}

function leastDifference(a, b) {
  let least
  for (let dy = -SHIFTS; dy <= SHIFTS; dy++) {
    for (let dx = -SHIFTS; dx <= SHIFTS; dx++) {
      let [sum, count] = [0, 0]
      for (const { x, y, angle } of a.values()) {
        const other = b.get(`${x + dx},${y + dy}`)
        if (!other) continue
        sum += difference(angle, other.angle)
        count++
      }
      const mean = ((sum / count) * 180) / Math.PI
      if (count >= OVERLAP && (least === undefined || mean < least)) least = mean
    }
  }
  return least
}

/** Of two orientations, 0 to pi / 2. */
function difference(a, b) {
  const turn = Math.abs(a - b) % Math.PI
  return Math.min(turn, Math.PI - turn)
}

function quantile(list, share) {
  return list.toSorted((a, b) => a - b)[Math.floor(share * (list.length - 1))]
}

function round(value) {
  return Math.abs(value) < 10 ? value.toFixed(value < 1 ? 2 : 1) : value.toFixed(0)
}
