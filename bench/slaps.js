/**
 * node bench/slaps.js [SLAPS [COUNT [KINDS]]]: how slaps are cut into fingers, and what it costs.
 *
 * SLAPS holds images NAME_fgpCODE.png and expected_boxes.txt with lines "NAME_fgpCODE finger left right top bottom": fingers found and
 * their positions, overlap with those boxes, CPU time of this process. Then COUNT (200) synthetic slaps of each kind, of prints that
 * are made here: right counts, right positions where the hand is stated, the hand told where it is not, overlap with the true boxes.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { segmentSlap } from '../dist/capture/index.js'
import { decodeImage } from '../dist/image/decode.js'
import { SLAP_DISTURBANCES, synthesizeFinger, synthesizeImpression, synthesizeSlap } from '../dist/synthesize/index.js'
import { overlapOf } from './support/box-overlap.js'
import { describeMachine } from './support/machine.js'
import { median } from './support/median.js'
import { shareBetween } from './support/share-interval.js'
import { formatTable } from './support/table.js'

/** V8 compiles again what was called a few times. */
const WARMING = 8

const FINGERS = 12
const ONE_LEFT_OUT = [2, 3, 4, 5]
/** A person looks at the picture after these. */
const WARNS = ['wrong-count', 'fingers-overlap', 'hand-mismatch', 'rotated-too-far']
const percent = share => `${(100 * share).toFixed(1)}%`
const turned = degrees => (degrees * Math.PI) / 180

/** Kinds of synthetic slaps: what is drawn, and what is stated; `i` counts them. */
const KINDS = {
  plain: () => ({ draw: { code: 13 } }),
  'left hand': () => ({ draw: { code: 14 } }),
  'turned by up to 45 degrees': i => ({ draw: { code: 13, rotationRad: turned(((i * 37) % 91) - 45) } }),
  'one finger faint, a third as dark': i => ({
    draw: { code: 13, strength: ONE_LEFT_OUT.map((_, f) => (f === i % 4 ? 0.3 : 0.9)) },
  }),
  'all faint, residue a third as dark': () => ({ draw: { code: 13, strength: [0.3, 0.3, 0.3, 0.3], residue: 0.1 } }),
  'dark glass': () => ({ draw: { code: 13, background: 60 } }),
  'spread by 0.5 mm': () => ({ draw: { code: 13, gapMm: 0.5 } }),
  'overlapping by 1.5 mm': () => ({ draw: { code: 13, gapMm: -1.5 } }),
  'one missing, stated': i => ({ draw: { code: 13, missing: [2 + (i % 4)] }, missing: [2 + (i % 4)] }),
  'one missing, not stated': i => ({ draw: { code: 13, missing: [2 + (i % 4)] }, isWrong: true }),
  'one stated as missing that is there': i => ({ draw: { code: 13 }, missing: [2 + (i % 4)], isWrong: true }),
  'two missing, stated': i => ({
    draw: { code: 13, missing: [2 + (i % 4), 2 + ((i + 1) % 4)] },
    missing: [2 + (i % 4), 2 + ((i + 1) % 4)],
  }),
  thumbs: () => ({ draw: { code: 15 } }),
  'one thumb': () => ({ draw: { code: 11 } }),
  '1,000 ppi': () => ({ draw: { code: 13, ppi: 1000 }, share: 0.1 }),
  '250 ppi': () => ({ draw: { code: 13, ppi: 250 } }),
  'prints with faults': () => ({ draw: { code: 13 }, hasFaults: true }),
  ...Object.fromEntries(SLAP_DISTURBANCES.map(one => [one, () => ({ draw: { code: 13, disturbances: [one] } })])),
  'card (all of them)': () => ({ draw: { code: 13, disturbances: SLAP_DISTURBANCES } }),
  'card, left hand': () => ({ draw: { code: 14, disturbances: SLAP_DISTURBANCES } }),
  'card, turned by up to 45 degrees': i => ({
    draw: { code: 13, rotationRad: turned(((i * 37) % 91) - 45), disturbances: SLAP_DISTURBANCES },
  }),
  'card, one missing, stated': i => ({
    draw: { code: 13, missing: [2 + (i % 4)], disturbances: SLAP_DISTURBANCES },
    missing: [2 + (i % 4)],
  }),
  'card, one missing, not stated': i => ({
    draw: { code: 13, missing: [2 + (i % 4)], disturbances: SLAP_DISTURBANCES },
    isWrong: true,
  }),
}

let warmed = 0
const [folder, count = '200', only = ''] = process.argv.slice(2)
console.log(describeMachine())
if (folder !== undefined && existsSync(folder)) await measureSamples(folder)
measureSynthetic(Number(count))

async function measureSamples(from) {
  const expected = expectedBoxes(join(from, 'expected_boxes.txt'))
  const names = readdirSync(from).filter(name => /_fgp\d+\.png$/.test(name))
  const images = await Promise.all(names.map(async name => decodeImage(readFileSync(join(from, name)), { ppi: 500 })))
  const rows = names.map((name, i) => {
    const hand = Number(name.match(/_fgp(\d+)\.png$/)[1])
    const { result, cpuMs } = timed(images[i], { hand })
    const told = segmentSlap(images[i]).slap
    const overlaps = result.fingers.flatMap(({ position, box }) => {
      const [left, right, top, bottom] =
        expected.get(`${name.replace('.png', '')} ${hand === 12 ? hand : position}`) ?? []
      if (left === undefined) return []
      const theirs = [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
      ]
      return [overlapOf(cornersOf(box), theirs).toFixed(2)]
    })
    return [
      name,
      result.fingers.map(({ position }) => position ?? '?').join(' '),
      overlaps.join(' '),
      told === undefined ? '' : `${told.code} (${told.certainty.toFixed(3)})`,
      result.problems.map(({ code }) => code).join(' '),
      cpuMs.toFixed(0),
    ]
  })
  console.log(formatTable(['sample', 'fingers', 'overlap', 'hand told', 'problems', 'CPU ms'], rows))
}

function measureSynthetic(perKind) {
  const masters = Array.from({ length: FINGERS }, (_, i) => synthesizeFinger(77, i))
  const clean = touches(masters, ['contact', 'faults', 'platen'])
  const faulty = touches(masters, ['contact', 'platen'])
  const header = [
    ...['slaps', 'count', 'between', 'all placed', 'in silence', 'tips placed', 'hand told', 'wrongly'],
    ...['overlap said', 'overlap', 'worst 5 %'],
  ]
  const line = (kind, cells) =>
    console.log(`  ${kind.padEnd(38)}${cells.map(cell => String(cell).padStart(13)).join('')}`)
  line('synthetic', header)
  const times = []
  for (const [kind, make] of Object.entries(KINDS).filter(([kind]) => kind.includes(only))) {
    const tally = {
      slaps: 0,
      counts: 0,
      positions: 0,
      silent: 0,
      tips: 0,
      placed: 0,
      told: 0,
      toldWrong: 0,
      overlapReported: 0,
      overlaps: [],
    }
    for (let i = 0; i < perKind; i++) {
      const { draw, missing, isWrong, share = 1, hasFaults } = make(i)
      if (i >= perKind * share) break
      const pool = hasFaults ? faulty : clean
      const from = (i * 5) % pool.length
      const slap = synthesizeSlap([...pool.slice(from), ...pool.slice(0, from)], i, draw)
      const { result, cpuMs } = timed(slap.image, { hand: draw.code, ...(missing && { missing }) })
      if (slap.image.ppi === 500) times.push(cpuMs)
      addTo(tally, slap, result, isWrong)
      if (draw.code > 12 && draw.code < 15) {
        const { slap: told } = segmentSlap(slap.image, { ...(missing && { missing }) })
        if (told !== undefined) tally[told.code === draw.code ? 'told' : 'toldWrong']++
      }
    }
    const share = n => percent(n / tally.slaps)
    const sorted = tally.overlaps.sort((a, b) => a - b)
    line(kind, [
      tally.slaps,
      share(tally.counts),
      shareBetween(tally.counts, tally.slaps).map(percent).join('-'),
      share(tally.positions),
      share(tally.silent),
      percent(tally.placed / tally.tips),
      share(tally.told),
      share(tally.toldWrong),
      share(tally.overlapReported),
      sorted.length ? median(sorted).toFixed(2) : '',
      sorted.length ? sorted[Math.floor(sorted.length * 0.05)].toFixed(2) : '',
    ])
  }
  if (times.length === 0) return
  const sorted = times.sort((a, b) => a - b)
  console.log(
    `  CPU ms a slap of 500 ppi: median ${median(sorted).toFixed(0)}, 95 % ${sorted[Math.floor(sorted.length * 0.95)].toFixed(0)}`,
  )
}

/**
 * `count`: the right number, or a wrong one said; placed: each finger where it truly is, by half of
 * its box; in silence: positions are given, a finger is not where it is said to be, and nothing
 * warns of that.
 */
function addTo(tally, slap, { fingers, problems }, isWrong = false) {
  const said = problems.some(({ code }) => code === 'wrong-count')
  tally.slaps++
  if (isWrong ? said && fingers.every(({ position }) => position === undefined) : !said) tally.counts++
  if (problems.some(({ code }) => code === 'fingers-overlap')) tally.overlapReported++
  const overlaps = slap.fingers.map(({ position, corners }) => {
    const found = fingers.find(finger => finger.position === position)
    return found ? overlapOf(cornersOf(found.box), cornersOf({ corners })) : undefined
  })
  const placed = overlaps.filter(overlap => overlap > 0.5).length
  tally.tips += overlaps.length
  tally.placed += placed
  if (placed === overlaps.length) tally.positions++
  else if (fingers.some(({ position }) => position) && !problems.some(({ code }) => WARNS.includes(code)))
    tally.silent++
  tally.overlaps.push(...overlaps.filter(overlap => overlap !== undefined))
}

function touches(masters, without) {
  return [0, 1].flatMap(touch =>
    masters.map(master => synthesizeImpression(master, touch, { sensor: 'optical', without })),
  )
}

function timed(image, options) {
  for (; warmed < WARMING; warmed++) segmentSlap(image, options)
  const before = process.cpuUsage()
  const result = segmentSlap(image, options)
  const { user, system } = process.cpuUsage(before)
  return { result, cpuMs: (user + system) / 1000 }
}

function cornersOf({ corners }) {
  return corners.map(({ xPx, yPx }) => [xPx, yPx])
}

function expectedBoxes(path) {
  const lines = readFileSync(path, 'utf8').split('\n')
  return new Map(
    lines
      .filter(line => /^\w+ \d/.test(line))
      .map(line => {
        const [name, finger, ...edges] = line.split(' ')
        return [`${name} ${finger}`, edges.map(Number)]
      }),
  )
}
