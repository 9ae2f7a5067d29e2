import { type HuffmanTable, MAX_CODE_BITS } from './huffman.js'

/** Deepest tree of 256 leaves. */
const MAX_DEPTH = 256

/**
 * The shortest codes for symbols that are used so often, of at most 16 bits and without one of ones alone, which is what fills the
 * last byte: found as in ITU-T T.81, annex K.2. Where no symbol is used there is a code for one nevertheless: there are decoders
 * that expect it.
 *
 * @param uses by symbol
 */
export function buildHuffmanTable(uses: Uint32Array): HuffmanTable {
  const symbols = Array.from(uses.keys())
    .filter(symbol => uses[symbol] > 0)
    .sort((a, b) => uses[b] - uses[a] || a - b)
  if (symbols.length === 0) symbols.push(1)
  // One leaf more, the deepest, whose code is then left out.
  const depths = countDepths([0, ...symbols.map(symbol => uses[symbol]).reverse()])
  limitDepths(depths)
  depths[depths.findLastIndex(count => count > 0)]--
  return { counts: depths.slice(1, MAX_CODE_BITS + 1), symbols }
}

/** How many leaves of the Huffman tree are at each depth. */
function countDepths(ascendingWeights: readonly number[]): number[] {
  const leaves = ascendingWeights.length
  const weights = [...ascendingWeights]
  const parents: number[] = []
  let leaf = 0
  let inner = leaves
  const takeLeast = (): number => {
    if (leaf < leaves && (inner >= weights.length || weights[leaf] <= weights[inner])) return leaf++
    return inner++
  }
  while (weights.length < 2 * leaves - 1) {
    const [a, b] = [takeLeast(), takeLeast()]
    parents[a] = parents[b] = weights.length
    weights.push(weights[a] + weights[b])
  }
  const depths = new Array<number>(MAX_DEPTH + 1).fill(0)
  const depthOf: number[] = []
  for (let node = weights.length - 1; node >= 0; node--) {
    depthOf[node] = node === weights.length - 1 ? 0 : depthOf[parents[node]] + 1
    if (node < leaves) depths[depthOf[node]]++
  }
  return depths
}

/** Two leaves that are too deep: one takes the place of their parent, the other goes below a leaf that is not (T.81, K.3). */
function limitDepths(depths: number[]): void {
  for (let depth = MAX_DEPTH; depth > MAX_CODE_BITS; depth--) {
    while (depths[depth] > 0) {
      let above = depth - 2
      while (depths[above] === 0) above--
      depths[depth] -= 2
      depths[depth - 1]++
      depths[above + 1] += 2
      depths[above]--
    }
  }
}
