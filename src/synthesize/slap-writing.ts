import type { Random } from '../random.js'
import { strokeText } from '../render/stroke-font.js'
import { drawLine, inking, type Mark, type PlaceMm, type SlapCanvas, sizeMm } from './slap-canvas.js'

/** Grain of paper under a pencil: values drawn once, of which each pixel takes one. */
const GRAIN_VALUES = 4096

/** What forms say round prints, in letters that the stroke font has. */
const CAPTIONS = [
  'right four fingers taken simultaneously',
  'left four fingers taken simultaneously',
  'plain impressions',
]
const SMALL_PRINT = [
  'leave blank',
  'signature of person fingerprinted',
  'date and signature of official',
  'see reverse side for further instructions',
]

/** Turns of a letter: how far along it, and how far up. */
const LETTERS = [
  [
    [0.1, 0],
    [0.35, 1],
    [0.2, 1],
    [0.3, 0],
  ],
  [
    [0.6, 0.9],
    [0.2, 0.8],
    [0.1, 0.2],
    [0.5, 0],
    [0.7, 0.6],
    [0.6, 0],
  ],
  [
    [0.1, 0],
    [0.2, 1],
    [0.5, 0.9],
    [0.6, 0],
  ],
] as const

/** Height at which the stroke font is asked for its strokes: it rounds to a tenth. */
const FONT_UNITS = 800

/**
 * Writes words by hand: numbers and names with a pencil or a pen, often above the prints, at times
 * across them; some are crossed out.
 */
export function writeByHand(canvas: SlapCanvas, random: Random): void {
  const { widthMm, heightMm } = sizeMm(canvas)
  const words = 1 + random.below(4)
  for (let i = 0; i < words; i++) {
    const word = random.child(i)
    const heightOfLetterMm = word.uniform(3, 9)
    const angleRad = word.normal(0, 0.3)
    const start = {
      x: canvas.left + word.uniform(0.02, 0.75) * widthMm,
      y: canvas.top + (word.chance(0.7) ? word.uniform(0.02, 0.4) : word.uniform(0.4, 0.95)) * heightMm,
    }
    const place = ({ x, y }: PlaceMm): PlaceMm => ({
      x: start.x + x * Math.cos(angleRad) - y * Math.sin(angleRad),
      y: start.y + x * Math.sin(angleRad) + y * Math.cos(angleRad),
    })
    const line = word.chance(0.2) ? crossedOut(word, heightOfLetterMm) : letters(word, heightOfLetterMm)
    drawLine(canvas, line.map(place), word.uniform(0.3, 0.95), pencil(word.uniform(0.4, 0.95), word.child('grain')))
  }
}

/** Points of a word that is joined up, from its baseline at (0, 0): stems, loops and arches. */
function letters(random: Random, heightMm: number): PlaceMm[] {
  const count = 2 + random.below(7)
  const slant = random.uniform(-0.1, 0.6)
  const paceMm = heightMm * random.uniform(0.3, 0.7)
  const turns: PlaceMm[] = []
  for (let i = 0; i < count; i++) {
    const up = heightMm * (random.chance(0.3) ? 1 : random.uniform(0.4, 0.7))
    const shape = LETTERS[random.below(LETTERS.length)]
    for (const [across, share] of shape) {
      const y = up * (share + random.normal(0, 0.06))
      turns.push({ x: paceMm * (i + across + random.normal(0, 0.08)) + slant * y, y: -y })
    }
  }
  return smooth(turns)
}

/** Points of a zigzag over a mistake: strokes beside each other, as ridges are. */
function crossedOut(random: Random, heightMm: number): PlaceMm[] {
  const lengthMm = random.uniform(8, 25)
  const stepMm = random.uniform(0.7, 1.6)
  const slant = random.uniform(0, 0.8)
  const turns = Array.from({ length: Math.ceil(lengthMm / stepMm) }, (_, i): PlaceMm => {
    const up = (i % 2) * heightMm * random.uniform(0.8, 1)
    return { x: i * stepMm + slant * up, y: -up }
  })
  return smooth(turns)
}

/** A curve through points, six parts between neighbours: Catmull and Rom, 1974. */
function smooth(points: readonly PlaceMm[]): PlaceMm[] {
  const at = (i: number) => points[Math.min(Math.max(i, 0), points.length - 1)]
  return points.flatMap((_, i) =>
    [0, 1, 2, 3, 4, 5].map(part => {
      const t = part / 6
      const value = (axis: 'x' | 'y') => {
        const [a, b, c, d] = [at(i - 1)[axis], at(i)[axis], at(i + 1)[axis], at(i + 2)[axis]]
        return b + (t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))) / 2
      }
      return { x: value('x'), y: value('y') }
    }),
  )
}

function pencil(darkness: number, random: Random): Mark {
  const roughness = random.uniform(0, 0.8)
  const grain = Float32Array.from({ length: GRAIN_VALUES }, () => 1 - roughness * random.uniform() ** 2)
  return (ink, coverage, pixel) => {
    // Multiplying by an odd number spreads neighbours over the values.
    const value = grain[(Math.imul(pixel, 2_654_435_761) >>> 8) % GRAIN_VALUES]
    return Math.max(ink, darkness * coverage * value)
  }
}

/** Prints a form: the caption of the box, often across the tips; small print; the lines round the box. */
export function printForm(canvas: SlapCanvas, random: Random): void {
  const { widthMm, heightMm } = sizeMm(canvas)
  const mark = inking(random.uniform(0.6, 1))
  const caption = CAPTIONS[random.below(CAPTIONS.length)]
  const from = { x: canvas.left + random.uniform(1, 6), y: canvas.top + random.uniform(1, 9) }
  printText(canvas, caption, from, random.uniform(2.2, 3.6), mark)
  const lines = random.chance(0.6) ? 1 + random.below(4) : 0
  const small = {
    x: canvas.left + random.uniform(0, 0.6) * widthMm,
    y: canvas.top + random.uniform(0, 0.95) * heightMm,
  }
  const heightOfLineMm = random.uniform(1, 2.2)
  for (let i = 0; i < lines; i++) {
    const text = SMALL_PRINT[random.below(SMALL_PRINT.length)]
    printText(canvas, text, { x: small.x, y: small.y + 1.3 * i * heightOfLineMm }, heightOfLineMm, mark)
  }
  const rule = (a: PlaceMm, b: PlaceMm) => drawLine(canvas, [a, b], random.uniform(0.25, 0.9), mark)
  const [right, bottom] = [canvas.left + widthMm, canvas.top + heightMm]
  const y = canvas.top + random.uniform(0.2, 3)
  if (random.chance(0.7)) rule({ x: canvas.left, y }, { x: right, y: y + random.normal(0, 0.3) })
  for (const x of [canvas.left + random.uniform(0, 2), right - random.uniform(0, 2)]) {
    if (random.chance(0.4)) rule({ x, y: canvas.top }, { x: x + random.normal(0, 0.3), y: bottom })
  }
}

function printText(canvas: SlapCanvas, text: string, from: PlaceMm, heightMm: number, mark: Mark): void {
  const scale = heightMm / FONT_UNITS
  for (const stroke of strokeText(text, 0, 0, FONT_UNITS).path.split('M').slice(1)) {
    const places = stroke.split('L').map((pair): PlaceMm => {
      const [x, y] = pair.split(' ').map(Number)
      return { x: from.x + x * scale, y: from.y + y * scale }
    })
    drawLine(canvas, places, 0.13 * heightMm, mark)
  }
}
