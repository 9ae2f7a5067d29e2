/**
 * Tells which of a record's own templates show one finger: what its station would have refused,
 * unless somebody looked. Who matches such a record matches it under any of them, and is not doubted
 * for it. Once somebody at this station has said that they are different fingers, the record is
 * compared like any other.
 */
import { Turns } from '../../node/turns.js'
import { SAME_FINGER_SCORE } from '../../same-finger.js'
import { versionHeadersOf } from '../enrol/contents.js'
import { type RecordedFinger, readTemplates, samePrintPositions } from '../enrol/templates-payload.js'
import { decodeHeader } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import { TEMPLATES_ROLE } from '../project/gallery.js'
import type { Recogniser } from '../recogniser.js'
import type { StationParts } from '../station.js'
import { getPayload } from '../store/payloads.js'
import { caseRecord } from './cases.js'

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
   * Pairs of positions in templates that a record has or had; none when somebody has said that they
   * are different fingers. Up to 45 comparisons, some 10 ms, with turns between them. Without an
   * engine the first pair that has one print, and no pair that has two prints of one finger.
   *
   * @param templates their hash
   */
  async of(record: string, templates: Uint8Array): Promise<readonly AlikePair[]> {
    const pairs = await this.#pairsIn(templates)
    return pairs.length > 0 && areSaidDifferent(this.#parts, record, templates) ? [] : pairs
  }

  async #pairsIn(templates: Uint8Array): Promise<readonly AlikePair[]> {
    const { file, keys, recogniser } = this.#parts
    const bytes = getPayload(file, keys, templates)
    if (bytes === undefined) return []
    const name = Buffer.from(templates).toString('base64url')
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

/**
 * Whether the last that somebody at this station has said of a record's own fingers, in a version
 * with these templates, is that they are different ones.
 *
 * @param templates their hash
 * @throws SidikError STATION_CORRUPT where an entry of the record was altered
 */
export function areSaidDifferent(parts: StationParts, record: string, templates: Uint8Array): boolean {
  const { file, keys, identity } = parts
  const row = caseRecord(file, record)
  if (row === undefined) return false
  const hash = Buffer.from(templates).toString('hex')
  const isOfThese = ({ payloads }: { readonly payloads: readonly { role: string; hash: string }[] }) =>
    payloads.some(each => each.role === TEMPLATES_ROLE && each.hash === hash)
  const versions = new Set(
    versionHeadersOf(parts, record, row.station)
      .filter(isOfThese)
      .map(({ version }) => version),
  )
  const said = file.all<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal INDEXED BY journal_adjudicated
     WHERE kind = 'adjudicated' AND record = ? AND station = ? ORDER BY applied DESC`,
    record,
    identity.id,
  )
  for (const entry of said) {
    const { candidate, verdict } = bodyOf(file, keys, entry) as BodyOf<'adjudicated'>
    const isOwn = candidate === record && versions.has(decodeHeader(entry.header).recordVersion ?? 1)
    if (isOwn && verdict !== 'undecided') return verdict === 'different-persons'
  }
  return false
}
