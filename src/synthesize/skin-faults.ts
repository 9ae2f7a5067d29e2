/**
 * Large faults of a touch, each in some prints alone and there in some places alone: parts that hardly touch, skin
 * mottled by dryness, valleys filled by hard pressure, blots, and the ghost of an earlier print on the platen.
 */
import type { Random } from '../random.js'
import { CREST, type Master } from './master.js'
import { SmoothField } from './smooth-field.js'

/** Shares of touches with each fault. */
const FADED_SHARE = 0.25
const MOTTLED_SHARE = 0.14
const FOGGED_SHARE = 0.22
const BLOTTED_SHARE = 0.1
const GHOST_SHARE = 0.15
const UNATTENDED_GHOST_SHARE = 0.6

/** A map as large as the image, or nothing where the touch is spared. */
export interface SkinFaults {
  /** What the ridges' level loses, in half heights of a ridge: 0 to about 1.5. */
  readonly lost: Float32Array | undefined
  /** Least coverage of valleys, 0 to 1. */
  readonly fog: Float32Array | undefined
  /** Coverage by blots: 0 or 1 and slopes of a pixel or two. */
  readonly blots: Float32Array | undefined
}

export const NO_FAULTS: SkinFaults = { lost: undefined, fog: undefined, blots: undefined }

export function drawFaults(random: Random, widthPx: number, heightPx: number): SkinFaults {
  const raster = (name: string, spacingPx: number, deviation: number) =>
    new SmoothField(random.child(name), widthPx, heightPx, spacingPx, deviation).raster(widthPx, heightPx)
  const rate = (name: string) => random.child(name)
  const faded = rate('faded')
  const mottled = rate('mottled')
  const fogged = rate('fogged')
  const blotted = rate('blotted')

  const lost: Float32Array[] = []
  if (faded.chance(FADED_SHARE)) {
    const most = faded.uniform(0.5, 1.5)
    const start = faded.uniform(-0.3, 0.4)
    lost.push(raster('fading', 75, 1).map(value => most * clamped(2 * (value - start))))
  }
  if (mottled.chance(MOTTLED_SHARE)) {
    // Flakes of three to eight pixels break ridges to blocks; more of them in some places.
    const flakes = raster('flakes', mottled.uniform(3, 6), 1)
    const where = raster('flaky', 60, 1)
    const most = mottled.uniform(1.5, 3.5)
    lost.push(flakes.map((value, i) => most * clamped(value + 0.1) * clamped(0.7 + where[i])))
  }
  let fog: Float32Array | undefined
  if (fogged.chance(FOGGED_SHARE)) {
    const most = fogged.uniform(0.3, 0.7)
    const start = fogged.uniform(-0.5, 0.3)
    fog = raster('fog', 65, 1).map(value => most * clamped(1.6 * (value - start)))
  }
  let blots: Float32Array | undefined
  if (blotted.chance(BLOTTED_SHARE)) {
    const drops = raster('drops', blotted.uniform(7, 16), 1)
    const where = raster('flooded', 55, 0.8)
    const least = blotted.uniform(0.15, 0.6)
    blots = drops.map((value, i) => clamped(6 * (value + where[i] - least)))
  }
  return { lost: sumOf(lost), fog, blots }
}

/**
 * Lays a faint other print over `ink`, as a greasy platen keeps it: the finger's mirror image, elsewhere and
 * turned. Where nobody cleans the platen it is there more often, darker, and turned by any angle.
 */
export function addGhost(ink: Float32Array, widthPx: number, master: Master, attended: boolean, random: Random): void {
  if (!random.chance(attended ? GHOST_SHARE : UNATTENDED_GHOST_SHARE)) return
  const heightPx = ink.length / widthPx
  const strength = attended ? random.uniform(0.04, 0.2) : random.uniform(0.06, 0.4)
  const angle = attended ? random.normal(0, 0.3) : random.uniform(-Math.PI, Math.PI)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const [left, top] = [random.normal(0, 60), random.normal(0, 90)]
  const [shiftXPx, shiftYPx] = [random.normal(0, 70), random.normal(0, 90)]
  const where = new SmoothField(random.child('where'), widthPx, heightPx, 60, 1).raster(widthPx, heightPx)
  for (let i = 0, y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, i++) {
      const [dx, dy] = [x - widthPx / 2, y - heightPx / 2]
      const far = Math.hypot((dx + shiftXPx) / 110, (dy + shiftYPx) / 150)
      if (far > 1) continue
      const column = Math.round(master.widthPx / 2 - (cos * dx - sin * dy) + left)
      const row = Math.round(master.heightPx / 2 + sin * dx + cos * dy + top)
      if (column < 0 || row < 0 || column >= master.widthPx || row >= master.heightPx) continue
      const ridge = clamped(0.5 + master.wave[row * master.widthPx + column] / CREST)
      ink[i] += strength * ridge * clamped(0.4 + 1.5 * where[i]) * clamped(5 * (1 - far)) * (1 - ink[i])
    }
  }
}

function sumOf(maps: readonly Float32Array[]): Float32Array | undefined {
  if (maps.length < 2) return maps[0]
  return maps[0].map((value, i) => value + maps[1][i])
}

function clamped(value: number): number {
  return Math.min(Math.max(value, 0), 1)
}
