import type { Random } from '../random.js'
import type { RenderingStep } from './rendering-steps.js'
import type { Sensor } from './sensors.js'
import { SmoothField } from './smooth-field.js'

/** Gray levels from one to the next: converters of 7 bits, finer than any of the sensors' noise. */
const GRAY_STEP = 2

/** Shares of images with dead columns (where columns differ at all), with drops on the platen, with a stain. */
const STRIPED_SHARE = 0.3
const DROPS_SHARE = 0.12
const STAINED_SHARE = 0.12
const UNATTENDED_STAINED_SHARE = 0.4

/** Least of what fingers before have left on a platen that nobody cleans, as `residue` of a sensor. */
const UNATTENDED_RESIDUE = 0.3

/**
 * The gray image that `sensor` makes of a touch (`ink`: coverage 0 to 1, a value a pixel).
 *
 * @param platen `attended`: whether somebody cleans it
 */
export function expose(
  ink: Float32Array,
  sensor: Sensor,
  random: Random,
  { attended, steps }: { attended: boolean; steps: ReadonlySet<RenderingStep> },
): Uint8Array<ArrayBuffer> {
  const { widthPx, heightPx } = sensor
  const raster = (name: string, spacingPx: number, deviation: number) =>
    new SmoothField(random.child(name), widthPx, heightPx, spacingPx, deviation).raster(widthPx, heightPx)
  const backgroundGray = random.uniform(...sensor.background)
  const inkGray = random.uniform(...sensor.ink)
  const noise = random.uniform(...sensor.noise)
  const gradient = raster('gradient', 150, sensor.gradient)
  const gain = raster('gain', 90, 0.12)
  const grain = raster('grain', 2.4, 2 * random.uniform(...sensor.grain))
  const stripedShare = steps.has('platen') ? STRIPED_SHARE : 0
  const columns = columnOffsets(random.child('columns'), widthPx, sensor.columnBands, stripedShare)

  if (steps.has('platen')) {
    const residue = attended ? sensor.residue : Math.max(sensor.residue, UNATTENDED_RESIDUE)
    addDirt(ink, { ...sensor, residue }, random.child('dirt'))
    addSpots(ink, widthPx, attended, random.child('spots'))
  }
  blur(ink, widthPx, random.uniform(...sensor.blur))
  const mean = sensor.localContrast ? localMean(ink, widthPx, 14) : undefined

  const data = new Uint8Array(widthPx * heightPx)
  for (let i = 0, y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, i++) {
      const u = (2 * x) / widthPx - 1
      const v = (2 * y) / heightPx - 1
      const base = backgroundGray + gradient[i] - (sensor.vignette * (u * u + v * v)) / 2 + columns[x]
      const depth = (backgroundGray - inkGray) * (1 + gain[i])
      const gray = mean ? base - 2.6 * depth * (ink[i] - mean[i]) : base - depth * Math.min(ink[i], 1.05)
      const noisy = (gray + grain[i] + random.normal(0, noise)) / GRAY_STEP
      data[i] = Math.min(Math.max(Math.round(noisy) * GRAY_STEP, 0), 255)
    }
  }
  if (sensor.wedgePx > 0) drawWedge(data, widthPx, sensor.wedgePx)
  return data
}

/** Columns differ a little each, and slowly in groups; some are dead and bright. */
function columnOffsets(random: Random, widthPx: number, deviation: number, stripedShare: number): Float32Array {
  const slow = new SmoothField(random.child('slow'), widthPx, 1, 9, 2 * deviation)
  const offsets = Float32Array.from({ length: widthPx }, (_, x) => slow.at(x, 0) + random.normal(0, 0.4 * deviation))
  if (deviation > 0 && random.chance(stripedShare)) {
    const stripes = 2 + random.below(7)
    const middle = random.uniform(0, widthPx)
    for (let i = 0; i < stripes; i++) {
      const column = Math.round(random.normal(middle, 12))
      if (column >= 0 && column < widthPx) offsets[column] += random.uniform(15, 50)
    }
  }
  return offsets
}

/** Specks, more of them in some places, and the smear that an earlier finger left. */
function addDirt(ink: Float32Array, sensor: Sensor, random: Random): void {
  const { widthPx, heightPx } = sensor
  if (sensor.dirt > 0) {
    const amount = sensor.dirt * random.uniform(0, 1)
    const specks = new SmoothField(random.child('specks'), widthPx, heightPx, 2.6, 1).raster(widthPx, heightPx)
    const where = new SmoothField(random.child('where'), widthPx, heightPx, 50, 0.4).raster(widthPx, heightPx)
    for (let i = 0; i < ink.length; i++) {
      const speck = Math.min(Math.max((specks[i] + where[i] * amount - 1.45) * 4, 0), 1)
      ink[i] = Math.max(ink[i], amount * speck)
    }
  }
  if (sensor.residue > 0) {
    const amount = sensor.residue * random.uniform(0, 1)
    const smear = new SmoothField(random.child('smear'), widthPx, heightPx, 24, 1).raster(widthPx, heightPx)
    const streaks = new SmoothField(random.child('streaks'), widthPx, heightPx, 5, 1).raster(widthPx, heightPx)
    for (let i = 0; i < ink.length; i++) {
      ink[i] += amount * (1 - ink[i]) * Math.max(0, smear[i]) * Math.max(0, 0.7 + streaks[i])
    }
  }
}

/** Drops on the platen, which keep skin off it, and a square or round stain, gray whatever lies there. */
function addSpots(ink: Float32Array, widthPx: number, attended: boolean, random: Random): void {
  const heightPx = ink.length / widthPx
  const spot = (radiusPx: number, squareness: number, change: (before: number) => number) => {
    const [xPx, yPx] = [random.uniform(0, widthPx), random.uniform(0, heightPx)]
    for (let y = Math.max(0, Math.ceil(yPx - radiusPx)); y <= Math.min(heightPx - 1, yPx + radiusPx); y++) {
      for (let x = Math.max(0, Math.ceil(xPx - radiusPx)); x <= Math.min(widthPx - 1, xPx + radiusPx); x++) {
        const [u, v] = [Math.abs(x - xPx) / radiusPx, Math.abs(y - yPx) / radiusPx]
        if (u ** squareness + v ** squareness < 1) ink[y * widthPx + x] = change(ink[y * widthPx + x])
      }
    }
  }
  if (random.chance(DROPS_SHARE)) {
    const clear = random.uniform(0.1, 0.6)
    for (let left = 5 + random.below(30); left > 0; left--) spot(random.uniform(2, 9), 2, before => clear * before)
  }
  if (random.chance(attended ? STAINED_SHARE : UNATTENDED_STAINED_SHARE)) {
    const dark = random.uniform(0.15, 0.5)
    spot(random.uniform(12, 35), random.uniform(2, 8), before => dark + (1 - dark) * before)
  }
}

/** Two passes of a 3 x 3 binomial filter, mixed in by `share`; the outermost pixels stay. */
function blur(values: Float32Array, widthPx: number, share: number): void {
  const before = new Float32Array(values.length)
  for (const step of [1, widthPx, 1, widthPx]) {
    before.set(values)
    for (let i = widthPx + 1; i < values.length - widthPx - 1; i++) {
      const mean = (before[i - step] + 2 * before[i] + before[i + step]) / 4
      values[i] = before[i] + share * (mean - before[i])
    }
  }
}

/** Mean over a square of 2 radius + 1 px, twice, so that no corner shows. */
function localMean(values: Float32Array, widthPx: number, radiusPx: number): Float32Array {
  const heightPx = values.length / widthPx
  let from = Float32Array.from(values)
  for (let pass = 0; pass < 2; pass++) {
    from = runningMean(from, widthPx, heightPx, 1, widthPx, radiusPx)
    from = runningMean(from, heightPx, widthPx, widthPx, 1, radiusPx)
  }
  return from
}

function runningMean(
  values: Float32Array<ArrayBuffer>,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
  radius: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length)
  for (let line = 0; line < lines; line++) {
    const at = (i: number) => line * lineStep + Math.min(Math.max(i, 0), length - 1) * step
    let sum = 0
    for (let i = -radius; i <= radius; i++) sum += values[at(i)]
    for (let i = 0; i < length; i++) {
      out[at(i)] = sum / (2 * radius + 1)
      sum += values[at(i + radius + 1)] - values[at(i - radius)]
    }
  }
  return out
}

function drawWedge(data: Uint8Array, widthPx: number, wedgePx: number): void {
  const heightPx = data.length / widthPx
  for (let y = 0; y < heightPx; y++) {
    const border = Math.round(wedgePx * (1 - y / heightPx))
    data.fill(255, y * widthPx, y * widthPx + border)
    data.fill(255, (y + 1) * widthPx - border, (y + 1) * widthPx)
  }
}
