/** Findings about prints that show another finger than was stated. */
import type { Scores } from './cluster.js'
import type { Labels, Renumbered } from './label.js'
import type { ReadPrint } from './read-prints.js'
import type { SequenceCode } from './types.js'
import { captureNames, fingerName, listed, printName } from './wording.js'

/** A finding in terms of places in the list of prints. */
export interface Found {
  readonly code: SequenceCode
  readonly places: readonly number[]
  readonly proposed: readonly { readonly place: number; readonly position: number }[]
  readonly pairs: readonly (readonly [number, number])[]
  readonly message: string
}

export interface Enrolment {
  readonly prints: readonly ReadPrint[]
  readonly scores: Scores
  /** Of each print the number of its finger. */
  readonly clusters: readonly number[]
  readonly labels: Labels
}

/** Whole slaps, or all single captures of a hand, numbered wrongly: of both hands at once it is one mistake. */
export function renumberedFindings(enrolment: Enrolment): Found[] {
  const { renumbered } = enrolment.labels
  const rest = [...renumbered]
  const found: Found[] = []
  while (rest.length > 0) {
    const first = rest.shift()!
    const like = (other: Renumbered) => first.numbering.name !== 'shifted' && other.kind === first.kind
    const together = [first, ...rest.filter(other => like(other) && other.numbering.name !== 'shifted')]
    for (const other of together.slice(1)) rest.splice(rest.indexOf(other), 1)
    found.push(renumberedFinding(enrolment, together))
  }
  return found
}

function renumberedFinding({ prints, clusters, labels }: Enrolment, batches: readonly Renumbered[]): Found {
  const places = batches.flatMap(({ members }) => members).sort((a, b) => a - b)
  const names = captureNames(places.map(i => prints[i]))
  const [{ kind, numbering }] = batches
  const message =
    numbering.name === 'shifted'
      ? `${names}: its fingers are numbered one off: see which finger is not in it, number them again or capture it again`
      : kind === 'singles'
        ? `${names} show the fingers of the other hand: capture them again`
        : `${names} ${batches.length > 1 ? 'show each the other hand: capture both again' : 'shows the other hand: capture it again'}; ` +
          'if that changes nothing, the single captures of these hands were taken the wrong way round'
  const proposed = places.flatMap(place => {
    const position = labels.shown[place]
    return position === undefined || position === prints[place].position ? [] : [{ place, position }]
  })
  const pairs = places.flatMap(i =>
    matesOf(clusters, i)
      .filter(j => !places.includes(j))
      .map(j => [i, j] as const),
  )
  const code = numbering.name === 'shifted' ? 'fingers-shifted' : 'hands-swapped'
  return { code, places, proposed, pairs, message }
}

/** Places of the other prints of the same finger. */
export function matesOf(clusters: readonly number[], i: number): number[] {
  return clusters.flatMap((cluster, j) => (j !== i && cluster === clusters[i] ? [j] : []))
}

/** Places of prints whose finger is not the one that was stated, wrongly numbered batches put right. */
export function misplacedPrints({ labels: { shown, stated } }: Enrolment): number[] {
  return shown.flatMap((position, i) => (position === undefined || position === stated[i] ? [] : [i]))
}

/** The same finger twice, and fingers swapped: one finding for all positions that hang together. */
export function misplacedFindings(enrolment: Enrolment): Found[] {
  const wrong = misplacedPrints(enrolment).filter(i => enrolment.labels.stated[i] !== undefined)
  return components(enrolment, wrong).map(members => misplacedFinding(enrolment, members))
}

/** Misplaced prints by positions that are connected through them. */
function components({ labels: { shown, stated } }: Enrolment, wrong: readonly number[]): number[][] {
  const groups: { positions: Set<number>; members: number[] }[] = []
  for (const i of wrong) {
    const own = { positions: new Set([stated[i]!, shown[i]!]), members: [i] }
    for (const group of groups.filter(({ positions }) => [...own.positions].some(each => positions.has(each)))) {
      for (const position of group.positions) own.positions.add(position)
      own.members.push(...group.members)
      groups.splice(groups.indexOf(group), 1)
    }
    groups.push(own)
  }
  return groups.map(({ members }) => members.sort((a, b) => a - b))
}

function misplacedFinding(enrolment: Enrolment, wrong: readonly number[]): Found {
  const { prints, clusters, labels } = enrolment
  const { shown, stated } = labels
  const displaced = displacedBy(enrolment, wrong)
  const equal = equallyLikely(enrolment, wrong)
  const places = [...new Set([...wrong, ...displaced, ...equal])].sort((a, b) => a - b)
  const left = new Set(wrong.map(i => stated[i]))
  const swapped = displaced.length > 0 || wrong.some(i => left.has(shown[i]))
  const names = captureNames(places.map(i => prints[i]))
  const said = listed(wrong.map(i => `${printName(prints[i])} shows ${fingerName(shown[i]!)}`))
  const [first] = wrong
  const positions = [...new Set(wrong.flatMap(i => [stated[i]!, shown[i]!]))].sort((a, b) => a - b)
  const message =
    equal.length === 0
      ? `${said}: capture ${names} again`
      : swapped
        ? `${listed(positions.map(fingerName))} are swapped in some of their prints, in which ones cannot be told: capture ${names} again`
        : `${listed([first, ...equal].sort((a, b) => a - b).map(i => printName(prints[i])))} show one finger, which of the two cannot be told: capture ${names} again`
  const pairs = wrong.flatMap(i => matesOf(clusters, i).map(j => [i, j] as const))
  const proposed = equal.length > 0 ? [] : wrong.map(place => ({ place, position: shown[place]! }))
  return { code: swapped ? 'fingers-swapped' : 'same-finger-twice', places, proposed, pairs, message }
}

/**
 * Prints of the same kind of capture at the positions that misplaced prints show, which are of no finger that is known: where they
 * should stand is not proved, but where they stand somebody else does.
 */
function displacedBy({ prints, clusters, labels: { shown, stated } }: Enrolment, wrong: readonly number[]): number[] {
  const displaced = wrong.flatMap(i =>
    prints.flatMap((other, j) => {
      const { impression, group } = prints[i]
      const alike = other.impression === impression && (other.group === undefined) === (group === undefined)
      return alike &&
        other.comparable &&
        shown[j] === undefined &&
        stated[j] === shown[i] &&
        clusters[j] !== clusters[i]
        ? [j]
        : []
    }),
  )
  return [...new Set(displaced)]
}

/** Prints at the position that a misplaced print's finger was given, if as many speak for the one that the print was stated to be of. */
function equallyLikely({ prints, clusters, labels }: Enrolment, wrong: readonly number[]): number[] {
  const { shown, stated, weights } = labels
  const weightAt = (cluster: number, position: number | undefined) =>
    prints.reduce((sum, _, j) => (clusters[j] === cluster && stated[j] === position ? sum + weights[j] : sum), 0)
  const equal = wrong
    .filter(i => weightAt(clusters[i], stated[i]) >= weightAt(clusters[i], shown[i]))
    .flatMap(i => matesOf(clusters, i).filter(j => stated[j] === shown[i]))
  return [...new Set(equal)]
}
