import { FRICTION_RIDGE_POSITIONS } from '../finger-positions.js'
import { fieldName } from './field-names.js'
import type { Located, Source } from './source.js'
import { type AnsiNistRecord, fieldOf, IDC, idcOf, subfieldsOf, textOf } from './transaction.js'

/** Types of which no two records may share an IDC: images. */
const WITH_OWN_IDC: ReadonlySet<number> = new Set([3, 4, 5, 6, 10, 13, 14, 15, 17])

/** Ten-print images: of one kind of impression each finger is there once. Latent ones (4 to 7, 12 to 15) may be many. */
const TEN_PRINT_IMPRESSIONS: ReadonlySet<number> = new Set([0, 1, 2, 3])

/** Finds what two records of a transaction have in common and should not. */
export class RepeatedRecords {
  readonly #source: Source
  /** Offset of the record that was first. */
  readonly #idcs = new Map<string, number>()
  readonly #prints = new Map<string, number>()

  constructor(source: Source) {
    this.#source = source
  }

  add(located: Located<AnsiNistRecord>): void {
    const { record, start } = located
    if (!WITH_OWN_IDC.has(record.type)) return
    const idc = idcOf(record)
    if (idc !== undefined) {
      const first = firstOf(this.#idcs, `${record.type}/${Number(idc)}`, start)
      if (first !== undefined) this.#deviation(located, IDC, `is ${idc}, as that of the record at ${first}`)
    }
    const print = printOf(record)
    if (print === undefined) return
    const first = firstOf(this.#prints, `${record.type}/${print.impression}/${print.position}`, start)
    if (first === undefined) return
    const what = `${print.position} (${FRICTION_RIDGE_POSITIONS.get(print.position)?.name}) of impression type ${print.impression}`
    this.#deviation(
      located,
      record.type === 4 ? 4 : 13,
      `is a second image of position ${what}: the first is in the record at ${first}`,
    )
  }

  #deviation({ record, start, fieldOffsets }: Located<AnsiNistRecord>, number: number, message: string): void {
    const field = record.kind === 'tagged' ? fieldOf(record, number) : undefined
    const index = record.kind === 'tagged' && field !== undefined ? record.fields.indexOf(field) : number - 1
    this.#source.reader.deviation(fieldName(record.type, number), fieldOffsets[index] ?? start, message)
  }
}

function firstOf(seen: Map<string, number>, key: string, start: number): number | undefined {
  const first = seen.get(key)
  if (first === undefined) seen.set(key, start)
  return first
}

/** Of a ten-print image of one position from 1 to 15. */
function printOf(record: AnsiNistRecord): { impression: number; position: number } | undefined {
  if (record.type !== 4 && record.type !== 14) return undefined
  const isTagged = record.kind === 'tagged'
  const impression = isTagged ? Number(textOf(record, 3)) : 'impression' in record ? record.impression : -1
  const positions = isTagged
    ? subfieldsOf(record, 13).map(([item]) => Number(item))
    : 'positions' in record
      ? record.positions
      : []
  const [position] = positions
  const isOnePosition = positions.length === 1 && position >= 1 && position <= 15
  return isOnePosition && TEN_PRINT_IMPRESSIONS.has(impression) ? { impression, position } : undefined
}
