/** Steps of the rendering that can be left out, one at a time, to measure what each is worth (docs/training.md). */
export const RENDERING_STEPS = [
  /** Parts that hardly touch, flakes, fog, blots, floods, ghosts. */
  'faults',
  /** Pores, creases, wrinkles, folds, scratches. */
  'marks',
  /** Dirt, residue, drops, stains, dead columns: what is on the sensor, not on the skin. */
  'platen',
  /** Tips and sides alone, rolled fingers, contact cut off by the image's edge. */
  'contact',
  /** Skin dragged along or turned in some touches; every touch is stretched a little all the same. */
  'drag',
] as const

export type RenderingStep = (typeof RENDERING_STEPS)[number]

/** @throws RangeError when one of `without` is no step */
export function stepsWithout(without: readonly RenderingStep[] = []): ReadonlySet<RenderingStep> {
  for (const step of without) {
    if (!RENDERING_STEPS.includes(step)) {
      throw new RangeError(`without: of ${RENDERING_STEPS.join(', ')}, not ${String(step)}`)
    }
  }
  return new Set(RENDERING_STEPS.filter(step => !without.includes(step)))
}
