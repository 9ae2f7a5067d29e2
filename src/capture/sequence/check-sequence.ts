import { clusterPrints } from './cluster.js'
import { disagreeingFindings } from './disagreeing.js'
import { labelClusters } from './label.js'
import { type Found, misplacedFindings, renumberedFindings } from './misplaced.js'
import { readPrints } from './read-prints.js'
import type { SequenceFinding, SequenceMatcher, SequencePrint, SequenceReport } from './types.js'
import { type Unknown, uncheckedPrints } from './unchecked.js'

/**
 * The prints of one enrolment against each other, before they are saved: the same finger twice, fingers swapped, a slap of the other
 * hand, prints of one finger that do not match. Every print is compared with every other: 190 comparisons for 20 prints, some 50 ms, on
 * the calling thread. A person may have any number of prints of a position, or none. The same prints in another order give the
 * same report.
 *
 * docs/sequence-check.md says what cannot be found (positions that are swapped in all prints alike) and how often it errs.
 *
 * @param engine what compares: an engine
 * @param prints at most 64
 * @throws TypeError, RangeError naming the print: what is not as its type says, a position twice in one capture
 * @throws SidikError TEMPLATE_FORMAT, TEMPLATE_VERSION, TEMPLATE_CORRUPT, naming the print, and what engine.match throws
 */
export function checkSequence(engine: SequenceMatcher, prints: readonly SequencePrint[]): SequenceReport {
  if (typeof engine?.match !== 'function') throw new TypeError('engine must have a method match(a, b)')
  const read = readPrints(prints)
  const scores = read.map(() => new Array<number>(read.length).fill(0))
  read.forEach((a, i) => {
    for (let j = i + 1; j < read.length; j++) {
      if (a.comparable && read[j].comparable) scores[i][j] = engine.match(a.template, read[j].template).score
      scores[j][i] = scores[i][j]
    }
  })
  const clusters = clusterPrints(read, scores)
  const enrolment = { prints: read, scores, clusters, labels: labelClusters(read, clusters) }
  const misplaced = [...renumberedFindings(enrolment), ...misplacedFindings(enrolment)]
  const found = [...misplaced, ...disagreeingFindings(enrolment, placesOf(misplaced))]
  return {
    findings: found.map(finding => ({ code: finding.code, ...reported(finding), proposed: proposedOf(finding) })),
    unchecked: uncheckedPrints(enrolment, placesOf(found)).map(unknown => ({
      reason: unknown.reason,
      ...reported(unknown),
    })),
  }

  function reported({ places, pairs, message }: Found | Unknown) {
    const evidence = pairs.map(([i, j]) => ({
      prints: ascending([read[i].index, read[j].index]) as [number, number],
      score: scores[i][j],
    }))
    return { prints: ascending(places.map(i => read[i].index)), evidence, message }
  }

  function proposedOf({ proposed }: Found): SequenceFinding['proposed'] {
    return proposed.map(({ place, position }) => ({ print: read[place].index, position }))
  }
}

function placesOf(found: readonly Found[]): Set<number> {
  return new Set(found.flatMap(({ places }) => places))
}

const ascending = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)
