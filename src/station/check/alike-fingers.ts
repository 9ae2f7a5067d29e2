/**
 * Tells which of a record's own templates show one finger: what its station would have refused,
 * unless somebody looked. Who matches such a record matches it under any of them.
 */
import { Turns } from '../../node/turns.js'
import { SAME_FINGER_SCORE } from '../../same-finger.js'
import { type RecordedFinger, readTemplates, samePrintPositions } from '../enrol/templates-payload.js'
import type { Recogniser } from '../recogniser.js'
import type { StationParts } from '../station.js'
import { getPayload } from '../store/payloads.js'

/** Two positions that show one finger. */
type AlikePair = readonly [number, number]

/** Records whose alike fingers are kept in mind. */
const MOST_KNOWN = 10_000

/** How long the event loop is held at most, about. */
const SLICE_MS = 10

export class AlikeFingers {
  readonly #parts: StationParts
  /** By the hash of templates, which of them are alike. */
  readonly #known = new Map<string, readonly AlikePair[]>()
  readonly #turns = new Turns(SLICE_MS)

  constructor(parts: StationParts) {
    this.#parts = parts
  }

  /**
   * Pairs of a record's positions; up to 45 comparisons, some 10 ms, with turns between them. Without
   * an engine the first pair that has one print, and no pair that has two prints of one finger.
   */
  async of(record: string): Promise<readonly AlikePair[]> {
    const { file, keys, recogniser } = this.#parts
    const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
    const hash = file.get<{ templates: Uint8Array | null }>(sql, record)?.templates
    const bytes = hash ? getPayload(file, keys, hash) : undefined
    if (bytes === undefined) return []
    const name = Buffer.from(hash!).toString('base64url')
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const fingers = readTemplates(bytes)
    const same = recogniser === undefined ? samePrintPositions(fingers) : undefined
    const pairs = recogniser === undefined ? (same ? [same] : []) : await this.#compared(recogniser, fingers)
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.set(name, pairs)
    return pairs
  }

  async #compared(recogniser: Recogniser, fingers: readonly RecordedFinger[]): Promise<AlikePair[]> {
    const present = fingers.flatMap(({ position, template }) => (template ? [{ position, template }] : []))
    const pairs: AlikePair[] = []
    for (const [i, a] of present.entries()) {
      for (const b of present.slice(i + 1)) {
        if (recogniser.explain(a.template, b.template).score >= SAME_FINGER_SCORE) pairs.push([a.position, b.position])
        await this.#turns.pause()
      }
    }
    return pairs
  }
}
