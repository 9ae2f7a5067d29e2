import type { Random } from '../random.js'
import type { RenderingStep } from './rendering-steps.js'
import type { SkinWarp } from './skin-warp.js'
import { SmoothField } from './smooth-field.js'

/** Exponent of the outline: 2 would be an ellipse; a pressed finger is a little squarer. */
const OUTLINE_EXPONENT = 2.25

/** Share of touches with the tip or one side alone, and of fingers rolled from nail to nail. */
const PARTIAL_SHARE = 0.12
const ROLLED_SHARE = 0.08

/**
 * How deep inside the contact area each pixel lies: 1 in its middle, 0 on its outline, negative outside.
 *
 * @param shape `ragged`: whether the outline is irregular and a touch may be partial or rolled; `rolled`: whether it is
 */
export function contactDepth(
  random: Random,
  warp: SkinWarp,
  widthPx: number,
  heightPx: number,
  { ragged, rolled, steps }: { ragged: boolean; rolled: boolean; steps: ReadonlySet<RenderingStep> },
): Float32Array {
  let halfWidth = random.normalWithin(124, 14, 90, 155)
  let halfHeight = random.normalWithin(176, 22, 120, 225)
  let dx = 0
  let dy = 0
  const varied = ragged && steps.has('contact')
  if (varied && !rolled && random.chance(PARTIAL_SHARE)) {
    halfWidth *= random.uniform(0.55, 0.85)
    halfHeight *= random.uniform(0.5, 0.8)
    dx = random.normal(0, 25)
    dy = random.normal(0, 40)
  } else if (rolled || (varied && random.chance(ROLLED_SHARE))) {
    halfWidth = random.uniform(170, 205)
    halfHeight = random.uniform(190, 240)
  }
  const coarse = new SmoothField(random.child('coarse'), widthPx, heightPx, 40, 0.05)
  const fine = new SmoothField(random.child('fine'), widthPx, heightPx, 8, 0.05)
  const coarseNoise = coarse.raster(widthPx, heightPx)
  const fineNoise = fine.raster(widthPx, heightPx)
  const depth = new Float32Array(widthPx * heightPx)
  for (let i = 0, y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, i++) {
      const at = warp.upright(x, y)
      const u = Math.abs(at.xPx - dx) / halfWidth
      const v = Math.abs(at.yPx - dy) / halfHeight
      depth[i] = 1 - (u ** OUTLINE_EXPONENT + v ** OUTLINE_EXPONENT) ** (1 / OUTLINE_EXPONENT)
      if (ragged) depth[i] += coarseNoise[i] + fineNoise[i]
    }
  }
  return depth
}
