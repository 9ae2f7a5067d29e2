const BITS = 32

/**
 * A set of a memory's slots, a bit each: the lowest can be taken out in turn without a look at
 * those that are not in it.
 */
export class SlotSet {
  #words = new Uint32Array(64)
  #size = 0
  /** No slot of a lower word is in the set. */
  #lowestWord = 0

  /** Count of slots. */
  get size(): number {
    return this.#size
  }

  add(slot: number): void {
    const word = slot >>> 5
    if (word >= this.#words.length) this.#grow(word + 1)
    const bit = 1 << (slot % BITS)
    if ((this.#words[word] & bit) !== 0) return
    this.#words[word] |= bit
    this.#size++
    this.#lowestWord = Math.min(this.#lowestWord, word)
  }

  delete(slot: number): void {
    const word = slot >>> 5
    const bit = 1 << (slot % BITS)
    if (word >= this.#words.length || (this.#words[word] & bit) === 0) return
    this.#words[word] &= ~bit
    this.#size--
  }

  /** The lowest slot below `end`; undefined when there is none. */
  lowest(end: number): number | undefined {
    if (this.#size === 0) return undefined
    while (this.#words[this.#lowestWord] === 0) this.#lowestWord++
    const word = this.#words[this.#lowestWord]
    const slot = BITS * this.#lowestWord + (BITS - 1 - Math.clz32(word & -word))
    return slot < end ? slot : undefined
  }

  #grow(words: number): void {
    const grown = new Uint32Array(Math.max(words, 2 * this.#words.length))
    grown.set(this.#words)
    this.#words = grown
  }
}
