/**
 * Seeded random numbers: sfc32 of Chris Doty-Humphrey's PractRand 0.94 (a 128-bit state of which one word counts, so
 * that no cycle is shorter than 2^32), its key mixed from labels by FNV-1a and the finaliser of MurmurHash3.
 *
 * Streams form a tree: `child(label)` depends on the parent's key and the label alone, never on how many numbers were
 * drawn, so that impression 2 of finger 5 is the same whatever was made before it. Results are the same on every machine
 * that runs the same V8: its Math functions are compiled in (ports of fdlibm) and call no library of the system.
 */
export class Random {
  readonly #key: number
  #a: number
  #b: number
  #c: number
  #counter = 1

  /** @param key any 32 bits */
  constructor(key: number) {
    this.#key = key >>> 0
    this.#a = mix(this.#key ^ 0x9e3779b9)
    this.#b = mix(this.#a ^ this.#key)
    this.#c = mix(this.#b + this.#key)
    // PractRand's own seeding discards twelve results.
    for (let i = 0; i < 12; i++) this.bits()
  }

  /** The stream of that name below this one; independent of what was drawn here. */
  child(label: string | number): Random {
    let hash = 0x811c9dc5 ^ this.#key
    for (const character of `${typeof label}:${label}`) {
      hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193)
    }
    return new Random(mix(hash))
  }

  /** 32 random bits as an unsigned number. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** Uniform in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + ((high - low) * this.bits()) / 0x1_0000_0000
  }

  /** Normal with that mean and standard deviation (Box and Muller, Ann. Math. Stat. 29(2) 1958). */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.uniform())
  }

  /** Normal, drawn again until it lies in [low, high]. */
  normalWithin(mean: number, deviation: number, low: number, high: number): number {
    for (;;) {
      const value = this.normal(mean, deviation)
      if (value >= low && value <= high) return value
    }
  }

  /** 0 to `count` - 1, each with the same probability to within count / 2^32. */
  below(count: number): number {
    return Math.floor((this.bits() / 0x1_0000_0000) * count)
  }

  /** True with that probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability
  }

  /** One key of `weights` with probability proportional to its weight. */
  pick<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const entries = Object.entries(weights) as [Key, number][]
    let left = this.uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) {
      left -= weight
      if (left < 0) return key
    }
    return entries[entries.length - 1][0]
  }
}

/** The finaliser of MurmurHash3 (Austin Appleby): every bit of the input moves every bit of the result. */
function mix(value: number): number {
  let hash = value >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
