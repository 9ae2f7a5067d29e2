/** From ridges to what touches the sensor: pressure and moisture widen, thin or break them. */

import type { Random } from '../random.js'
import type { Master } from './master.js'
import type { RenderingStep } from './rendering-steps.js'
import { addGhost, drawFaults, NO_FAULTS } from './skin-faults.js'
import { drawCreases, drawPores } from './skin-marks.js'
import type { SkinWarp } from './skin-warp.js'
import { SmoothField } from './smooth-field.js'

/** State of the skin at one touch; each 0 on average with deviation 1. */
export interface SkinState {
  /** Negative: dry, ridges thin and broken; positive: wet, valleys fill. */
  readonly moisture: number
  /** Negative: light; positive: hard. */
  readonly pressure: number
}

export interface Touch {
  readonly widthPx: number
  readonly heightPx: number
  /** The ridges under each pixel: 1 on a crest, -1 in a valley. */
  readonly ridges: Float32Array
  /** See contactDepth. */
  readonly depth: Float32Array
  /** Whether somebody cleans the sensor between two fingers. */
  readonly attended: boolean
  readonly steps: ReadonlySet<RenderingStep>
}

/** Share of touches with drops or sweat that flood valleys. */
const FLOODED_SHARE = 0.06

/** Coverage of each pixel by skin, 0 to 1. */
export function inkOf(touch: Touch, master: Master, warp: SkinWarp, skin: SkinState, random: Random): Float32Array {
  const { widthPx, heightPx, ridges, depth, attended, steps } = touch
  const raster = (name: string, spacingPx: number, deviation: number) =>
    new SmoothField(random.child(name), widthPx, heightPx, spacingPx, deviation).raster(widthPx, heightPx)
  const dryness = Math.max(0, -skin.moisture)
  const wetness = Math.max(0, skin.moisture)
  const patches = raster('patches', 45, 0.5 + 0.15 * dryness + 0.15 * wetness)
  const rough = raster('rough', 2, random.uniform(0.3, 0.8) + 0.35 * dryness)
  const crumbs = raster('crumbs', 3.1, 0.45 + 1.1 * dryness)
  const mottle = raster('mottle', 2.5, random.uniform(0.1, 0.6))
  const floods = random.chance(FLOODED_SHARE) && steps.has('faults') ? raster('floods', 10, 1) : undefined

  const gaps = new Float32Array(widthPx * heightPx)
  const openness = Math.max(0, 1 - 0.4 * wetness) * random.uniform(0, 1)
  if (steps.has('marks')) {
    drawPores(gaps, widthPx, master, warp, openness)
    drawCreases(gaps, widthPx, master, warp, random.child('creases'))
  }

  const faults = steps.has('faults') ? drawFaults(random.child('faults'), widthPx, heightPx) : NO_FAULTS
  const bias = 0.1 + 0.26 * skin.moisture + 0.18 * skin.pressure
  const softness = random.uniform(0.1, 0.24)
  const rimDepth = random.uniform(0.06, 0.3)
  const ink = new Float32Array(widthPx * heightPx)
  for (let i = 0; i < ink.length; i++) {
    if (depth[i] < -0.05) continue
    // Pressure falls to nothing at the outline: ridges end there in ever smaller dots.
    const rim = Math.max(0, 1 - depth[i] / rimDepth)
    const lost = faults.lost?.[i] ?? 0
    const fog = faults.fog?.[i] ?? 0
    // Where skin hardly touches, its roughness decides where it does.
    let level = ridges[i] + bias + patches[i] + rough[i] * (1 + lost + rim) - 1.1 * rim * rim - lost + 1.3 * fog
    level -= Math.max(0, crumbs[i]) * (0.6 + 0.5 * dryness)
    if (floods) level += 4 * Math.min(Math.max(floods[i] + 0.4 * patches[i] + 0.25 * rough[i] - 0.55, 0), 0.5)
    const body = 1 - Math.max(0, mottle[i])
    ink[i] = (body * (1 - gaps[i])) / (1 + Math.exp(-level / softness))
    const held = Math.min(Math.max(depth[i] / 0.1, 0), 1)
    ink[i] = Math.max(ink[i], fog * held * (1 - 0.6 * gaps[i]) * (1 + 0.3 * rough[i]))
    if (faults.blots) ink[i] += faults.blots[i] * held * (1 - ink[i])
  }
  if (steps.has('faults')) addGhost(ink, widthPx, master, attended, random.child('ghost'))
  return ink
}
