/** All pairs of prints of different fingers, by class: the origins of the two prints. */
import { rateInterval95 } from '../../dist/evaluate/calibration.js'
import { pairAt, SKIPPED } from './compare-all.js'

export class PairClasses {
  #similarities

  constructor(prints) {
    const sets = numbers(prints.map(({ set }) => set))
    const fingers = numbers(prints.map(({ finger }) => finger))
    this.setCount = sets.size
    this.fingerCount = fingers.size
    /** As compareAll takes them. */
    this.numbered = prints.map(print => ({
      ...print,
      class: sets.get(print.set),
      finger: fingers.get(print.finger),
    }))
    const kinds = new Map(prints.map(({ set, kind }) => [sets.get(set), kind]))
    /** Class of each pair of sets, as a number, and the classes' names. */
    this.names = []
    this.classOf = new Uint8Array(this.setCount ** 2)
    for (let a = 0; a < this.setCount; a++) {
      for (let b = 0; b < this.setCount; b++) {
        const name = className(kinds.get(a), kinds.get(b), a === b)
        if (!this.names.includes(name)) this.names.push(name)
        this.classOf[a * this.setCount + b] = this.names.indexOf(name)
      }
    }
  }

  /** The share of pairs to compare of each pair of sets, so that no class has more than `most`. */
  shares(most) {
    const counts = new Float64Array(this.names.length)
    this.#forEach((_, c) => counts[c]++)
    return Float64Array.from(this.classOf, c => Math.min(1, most / counts[c]))
  }

  /** The similarities that {@link compareAll} found. */
  take(similarities) {
    this.#similarities = similarities
    const counts = new Uint32Array(this.names.length)
    this.#compared((_, c) => counts[c]++)
    this.sorted = Array.from(counts, count => new Float32Array(count))
    const next = new Uint32Array(this.names.length)
    this.#compared((at, c) => {
      this.sorted[c][next[c]++] = similarities[at]
    })
    for (const some of this.sorted) some.sort().reverse()
    this.compared = counts.reduce((sum, count) => sum + count, 0)
  }

  /** The similarities of these classes, falling; `keep` says of which pairs of fingers. */
  similaritiesOf(names, keep) {
    const wanted = this.#wanted(names)
    if (keep === undefined) {
      const parts = this.sorted.filter((_, c) => wanted[c])
      const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
      let at = 0
      for (const part of parts) {
        all.set(part, at)
        at += part.length
      }
      return parts.length === 1 ? all : all.sort().reverse()
    }
    const some = []
    this.#compared((at, c, a, b) => {
      if (wanted[c] && keep(a, b)) some.push(this.#similarities[at])
    })
    return Float32Array.from(some).sort().reverse()
  }

  /** Of these classes: pairs, and of each threshold the pairs that reach it and the 95 % interval of their rate. */
  countAt(names, thresholds, keep = () => true) {
    const wanted = this.#wanted(names)
    const pairsOf = new Float64Array(this.fingerCount)
    const hits = thresholds.map(() => [])
    const least = Math.min(...thresholds)
    let pairs = 0
    this.#compared((at, c, a, b) => {
      if (!wanted[c] || !keep(a, b)) return
      pairs++
      pairsOf[a]++
      pairsOf[b]++
      const similarity = this.#similarities[at]
      if (similarity < least) return
      for (const [k, threshold] of thresholds.entries()) if (similarity >= threshold) hits[k].push([a, b])
    })
    return { pairs, levels: hits.map(some => ({ hits: some.length, interval95: rateInterval95(pairsOf, some) })) }
  }

  /** The `count` most similar strangers: whoever looks at their pictures sees whether they are strangers. */
  mostSimilar(count) {
    const least = Array.from(this.sorted, some => some[Math.min(count, some.length) - 1] ?? Infinity)
    const found = []
    this.#each((i, j, at, c) => {
      const similarity = this.#similarities[at]
      if (similarity >= least[c]) found.push({ similarity, files: [this.numbered[i].file, this.numbered[j].file] })
    })
    return found.sort((a, b) => b.similarity - a.similarity).slice(0, count)
  }

  #wanted(names) {
    const unknown = names.filter(name => !this.names.includes(name))
    if (unknown.length > 0)
      throw new Error(`no such class: ${unknown.join(', ')} (there are: ${this.names.join(', ')})`)
    return this.names.map(name => names.includes(name))
  }

  #compared(call) {
    this.#each((i, j, at, c) => {
      if (this.#similarities[at] !== SKIPPED) call(at, c, this.numbered[i].finger, this.numbered[j].finger)
    })
  }

  #forEach(call) {
    this.#each((i, j, at, c) => {
      if (this.numbered[i].finger !== this.numbered[j].finger) call(at, c)
    })
  }

  #each(call) {
    const prints = this.numbered
    const n = prints.length
    for (let i = 0; i < n; i++) {
      const row = prints[i].class * this.setCount
      for (let j = i + 1; j < n; j++) call(i, j, pairAt(i, j, n), this.classOf[row + prints[j].class])
    }
  }
}

function numbers(names) {
  return new Map([...new Set(names)].map((name, number) => [name, number]))
}

function className(a, b, sameSet) {
  if (a === 'real' && b === 'real') return sameSet ? 'real within a set' : 'real across sets'
  return [a, b].sort().join(' - ')
}
