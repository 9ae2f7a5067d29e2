import type { Template } from 'sidik'
import type { Impression, SequencePrint, SequenceReport } from 'sidik/capture'
import { encodeTemplate } from 'sidik/formats'
import { random, randomMinutiae } from './random-templates.js'

/** A template as good as asked for, of no real finger. */
function blankTemplate(seed: number, minutiae = 40, quality = 70): Template {
  return encodeTemplate({
    widthPx: 320,
    heightPx: 400,
    sourcePpi: 500,
    quality,
    fingerPosition: 0,
    methodVersion: 0,
    minutiae: randomMinutiae(random(seed), minutiae),
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
  })
}

/** Prints that a matcher of their own scores: of one finger `mated`, of two `strangers`. */
export class Lab {
  readonly #fingers = new Map<Template, unknown>()
  #seed = 1
  compared = 0
  mated = 90
  strangers = 4

  /** Another print of a finger, whatever it is called. */
  print(finger: unknown, minutiae?: number, quality?: number): Template {
    const template = blankTemplate(this.#seed++, minutiae, quality)
    this.#fingers.set(template, finger)
    return template
  }

  match = (a: Template, b: Template) => {
    this.compared++
    return { score: this.#fingers.get(a) === this.#fingers.get(b) ? this.mated : this.strangers }
  }
}

const SLAPS = ['thumbs', 'right slap', 'right slap', 'right slap', 'right slap', 'thumbs'] as const
export const slapOf = (position: number): string => SLAPS[position - 1] ?? 'left slap'

/**
 * Ten rolled prints and three slaps: `of` says which finger is put down where one is asked for, and gives its print; undefined where
 * there is none.
 */
export function tenprint(
  of: (impression: 'rolled' | 'plain', position: number) => Template | undefined,
  impressions: readonly ('rolled' | 'plain')[] = ['rolled', 'plain'],
): SequencePrint[] {
  return impressions.flatMap(impression =>
    Array.from({ length: 10 }, (_, i) => i + 1).flatMap((position): SequencePrint[] => {
      const template = of(impression, position)
      if (template === undefined) return []
      return [{ position, impression, template, ...(impression === 'plain' && { group: slapOf(position) }) }]
    }),
  )
}

/** Places of the prints of an impression at some positions, all of them unless told. */
export function placesOf(
  prints: readonly SequencePrint[],
  impression: Impression,
  positions?: readonly number[],
): number[] {
  return prints.flatMap((print, i) =>
    print.impression === impression && (positions?.includes(print.position) ?? true) ? [i] : [],
  )
}

/** What of a report does not depend on the order of the prints: every index in terms of the prints themselves. */
export function unordered({ findings, unchecked }: SequenceReport, prints: readonly SequencePrint[]) {
  const nameOf = (i: number) => `${prints[i].impression} ${prints[i].position} ${prints[i].template.join()}`
  const names = (indices: readonly number[]) => indices.map(nameOf).sort()
  const evidenceOf = (all: SequenceReport['findings'][number]['evidence']) =>
    all.map(({ prints: pair, score }) => `${names(pair).join(' - ')} ${score}`).sort()
  return {
    findings: findings.map(({ prints: indices, proposed, evidence, ...rest }) => ({
      ...rest,
      prints: names(indices),
      proposed: proposed.map(({ print, position }) => `${nameOf(print)} ${position}`).sort(),
      evidence: evidenceOf(evidence),
    })),
    unchecked: unchecked.map(({ prints: indices, evidence, ...rest }) => ({
      ...rest,
      prints: names(indices),
      evidence: evidenceOf(evidence),
    })),
  }
}
