/** Mutated bytes for tests of parsers. */
import fc from 'fast-check'

/** Inputs a parser: two thousand as a rule, as many as SIDIK_FUZZ_RUNS says for a long run. */
export const FUZZ_RUNS = Number(process.env.SIDIK_FUZZ_RUNS ?? 2000)

/** One change of some bytes. Places are fractions, so that they fit whatever is left. */
type Change =
  | { readonly kind: 'set' | 'insert'; readonly at: number; readonly value: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut' | 'remove' | 'repeat'; readonly at: number; readonly length: number }

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

/** `likely`: bytes that mean something to the parser. */
function change(likely: readonly number[]): fc.Arbitrary<Change> {
  const value = fc.oneof(fc.constantFrom(...likely), fc.integer({ min: 0, max: 255 }))
  return fc.oneof(
    fc.record({ kind: fc.constantFrom('set' as const, 'insert' as const), at: place, value }),
    fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat({ max: 7 }) }),
    fc.record({
      kind: fc.constantFrom('remove' as const, 'repeat' as const, 'cut' as const),
      at: place,
      length: fc.integer({ min: 1, max: 40 }),
    }),
  )
}

function changed(bytes: Uint8Array, one: Change): Uint8Array {
  const at = Math.floor(one.at * bytes.length)
  if (one.kind === 'set' || one.kind === 'flip') {
    const copy = bytes.slice()
    if (copy.length > 0) copy[at] = one.kind === 'set' ? one.value : copy[at] ^ (1 << one.bit)
    return copy
  }
  if (one.kind === 'insert') return Uint8Array.of(...bytes.subarray(0, at), one.value, ...bytes.subarray(at))
  if (one.kind === 'cut') return bytes.slice(0, at)
  const part = bytes.subarray(at, at + one.length)
  const rest = bytes.subarray(at + one.length)
  return one.kind === 'remove'
    ? Uint8Array.of(...bytes.subarray(0, at), ...rest)
    : Uint8Array.of(...bytes.subarray(0, at), ...part, ...part, ...rest)
}

/** One of `seeds`, with 1 to 4 changes. */
export function mutated(seeds: readonly Uint8Array[], likely: readonly number[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change(likely), { minLength: 1, maxLength: 4 }))
    .map(([seed, changes]) => changes.reduce(changed, seed))
}
