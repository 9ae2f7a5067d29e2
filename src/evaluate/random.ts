/**
 * xoshiro128** (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47(4), 2021), its state
 * filled from the seed by a Weyl sequence through the 32-bit finaliser of MurmurHash3. The same seed gives the same
 * numbers on every machine.
 */
export interface Random {
  /** 0 to 2^32 - 1. */
  uint32(): number
  /** 0 to `count` - 1, each with the same probability to within count / 2^32. */
  below(count: number): number
}

/** 2^32 over the golden ratio: steps of the Weyl sequence. */
const WEYL_STEP = 0x9e3779b9

/** @throws RangeError when `seed` is not an integer from 0 to 2^32 - 1 */
export function createRandom(seed: number): Random {
  if (seed >>> 0 !== seed) throw new RangeError(`seed must be an integer from 0 to 4294967295, not ${seed}`)
  const state = new Uint32Array(4)
  for (let k = 0; k < 4; k++) state[k] = finalise(seed + (k + 1) * WEYL_STEP)

  function uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0
    const shifted = state[1] << 9
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotateLeft(state[3], 11)
    return result
  }

  return { uint32, below: count => Math.floor((uint32() / 2 ** 32) * count) }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function finalise(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
