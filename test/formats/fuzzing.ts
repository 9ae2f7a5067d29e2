/** Mutated bytes for tests of parsers. */
import fc from 'fast-check'

/** Inputs a parser: two thousand as a rule, as many as SIDIK_FUZZ_RUNS says for a long run. */
export const FUZZ_RUNS = Number(process.env.SIDIK_FUZZ_RUNS ?? 2000)

/** Whether an error is the only kind that bytes may cause. Its stack is not looked at: making it takes longer than a parser. */
export function isRefusal(error: unknown): boolean {
  const { name, code } = error as { name?: unknown; code?: unknown }
  return name === 'SidikError' && (code === 'RECORD_FORMAT' || code === 'RECORD_CORRUPT')
}

/** One change of some bytes. Places are taken modulo the length, so that they fit whatever is left. */
type Change =
  | { readonly kind: 'set'; readonly at: number; readonly value: number }
  | { readonly kind: 'insert'; readonly at: number; readonly value: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'remove' | 'repeat'; readonly at: number; readonly length: number }

/** Without the bias of generators towards small numbers, which would change the beginning alone. */
const place = fc.noBias(fc.nat({ max: 2 ** 31 - 1 }))

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
  const at = one.at % Math.max(bytes.length, 1)
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

/**
 * One of `seeds` as parts that end with a separator, of which 1 to 3 are left out, repeated, moved or changed: what is still a document
 * to the parser's first look.
 */
export function mutatedByParts(
  seeds: readonly Uint8Array[],
  separator: number,
  likely: readonly number[],
): fc.Arbitrary<Uint8Array> {
  const step = fc.record({
    kind: fc.constantFrom('remove', 'repeat', 'move', 'change', 'change'),
    at: place,
    to: place,
    change: change(likely),
  })
  return fc.tuple(fc.constantFrom(...seeds), fc.array(step, { minLength: 1, maxLength: 3 })).map(([seed, steps]) => {
    const parts = partsOf(seed, separator)
    for (const one of steps) {
      const at = one.at % Math.max(parts.length, 1)
      const [part] = parts.splice(at, 1)
      if (part === undefined || one.kind === 'remove') continue
      if (one.kind === 'repeat') parts.splice(at, 0, part, part)
      else if (one.kind === 'move') parts.splice(one.to % (parts.length + 1), 0, part)
      else parts.splice(at, 0, changed(part, one.change))
    }
    return Uint8Array.of(...parts.flatMap(part => [...part]))
  })
}

function partsOf(bytes: Uint8Array, separator: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  let start = 0
  bytes.forEach((byte, i) => {
    if (byte !== separator && i < bytes.length - 1) return
    parts.push(bytes.subarray(start, i + 1))
    start = i + 1
  })
  return parts
}
