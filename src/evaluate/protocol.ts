/**
 * Which prints are compared with which (FVC: Maio, Maltoni, Cappelli, Wayman, Jain, "FVC2000: Fingerprint Verification
 * Competition", IEEE TPAMI 24(3), 2002). Fingers may have unequal numbers of impressions.
 */

/** Whose print: numbers as in the file name, not necessarily consecutive. */
export interface Impression {
  readonly finger: number
  readonly impression: number
}

/** Pair k is print `first[k]` with print `second[k]`: places in the list that was given. */
export interface PairList {
  readonly first: Uint32Array
  readonly second: Uint32Array
}

/**
 * all-pairs: every impression with every impression of every other finger.
 * fvc: the first impression of each finger with the first of every other, as in the FVC protocol.
 */
export type NonMatedProtocol = 'all-pairs' | 'fvc'

/** Every impression with every other of the same finger, once. */
export function matedPairs(prints: readonly Impression[]): PairList {
  return pairsWhere(prints, (a, b) => prints[a].finger === prints[b].finger)
}

/** Prints of different fingers, each pair once. */
export function nonMatedPairs(prints: readonly Impression[], protocol: NonMatedProtocol): PairList {
  const differ = (a: number, b: number) => prints[a].finger !== prints[b].finger
  if (protocol === 'all-pairs') return pairsWhere(prints, differ)
  const first = firstImpressions(prints)
  return pairsWhere(prints, (a, b) => first.has(a) && first.has(b) && differ(a, b))
}

/** Places of each finger's impression of lowest number. */
export function firstImpressions(prints: readonly Impression[]): Set<number> {
  const firstOf = new Map<number, number>()
  prints.forEach((print, place) => {
    const best = firstOf.get(print.finger)
    if (best === undefined || print.impression < prints[best].impression) firstOf.set(print.finger, place)
  })
  return new Set(firstOf.values())
}

function pairsWhere(prints: readonly Impression[], wanted: (a: number, b: number) => boolean): PairList {
  const first: number[] = []
  const second: number[] = []
  for (let a = 0; a < prints.length; a++) {
    for (let b = a + 1; b < prints.length; b++) {
      if (!wanted(a, b)) continue
      first.push(a)
      second.push(b)
    }
  }
  return { first: Uint32Array.from(first), second: Uint32Array.from(second) }
}
