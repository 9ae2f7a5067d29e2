import { SidikError } from '../../errors.js'
import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { checkRecord } from './check.js'
import { RepeatedRecords } from './check-repeats.js'
import { compareToListed, contentsOf, type Listed, MOST_RECORDS, offsetOf, reportMissing } from './contents.js'
import { fieldName } from './field-names.js'
import { readBinary } from './read-binary.js'
import { readTagged, tagAt } from './read-tagged.js'
import { Resync, soundEnd } from './resync.js'
import type { Located, Source } from './source.js'
import { characterSetOf } from './text.js'
import {
  type AnsiNistRecord,
  type AnsiNistTransaction,
  CNT,
  DCS,
  isBinaryType,
  LEN,
  subfieldsOf,
  type TaggedRecord,
} from './transaction.js'
import { contentsOf as madeContents } from './write.js'

/** Items of text of a whole transaction: a record of 10,000 minutiae with 12 items each has 120,000. */
const MOST_ITEMS = 1_000_000

/** Fields of a whole transaction: 1,000 records of 20 fields each have 20,000. */
const MOST_TAGGED_FIELDS = 50_000

/**
 * Reads a transaction of ANSI/NIST-ITL in traditional encoding (an EBTS, EFT or .an2 file). `writeAnsiNist` gives the same bytes
 * again, also where a LEN or CNT deviated (`asFound`).
 *
 * Deviations are reported record by record: a LEN of a record of text that is not its length, records that 1.003 CNT does not
 * list or lists otherwise, bytes behind the last, fields twice, fields missing or of another form than the standard's tables
 * have, text outside the character set, images of another size or compression than their record says, two images of one finger.
 *
 * Where somebody listens to damage, a record that cannot be read is left out and reading goes on
 * with the next that is found. Each record that 1.003 CNT lists and that was not read is named by
 * type and IDC.
 *
 * @throws SidikError RECORD_FORMAT for bytes that do not begin with a Type-1 record, RECORD_CORRUPT for lengths or lists that
 *   contradict the bytes, naming field and offset; and for a deviation when nobody listens
 * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` is not a function
 */
export function readAnsiNist(bytes: Uint8Array, options: ReadOptions = {}): AnsiNistTransaction {
  const reader = new FieldReader(bytes, 'ANSI/NIST-ITL transaction', options)
  const tag = tagAt(bytes, 0)
  if (tag?.type !== 1 || tag.number !== LEN) {
    throw new SidikError(
      'RECORD_FORMAT',
      `${bytes.length} bytes that do not begin with field 1.001 LEN (offset 0), as in "1.001:": no ANSI/NIST-ITL transaction`,
    )
  }
  const left = { fieldsLeft: MOST_TAGGED_FIELDS, itemsLeft: MOST_ITEMS }
  const source: Source = { bytes, reader, characterSet: 'ascii', ...left }
  const typeOne = readTagged(source, 0)
  source.characterSet = characterSetOf(typeOne.record)
  checkRecord(source, typeOne, typeOne.record)
  if (source.characterSet === 'unread') {
    reader.deviation(
      fieldName(1, DCS),
      offsetOf(typeOne, DCS),
      'lists a character set that is not read: its text is bytes',
    )
  }
  const listed = contentsOf(source, typeOne)
  const { records, offset } = new RecordsReader(source, typeOne, listed).read()
  const all = [withStatedContents(typeOne.record, records), ...records]
  if (offset === bytes.length) return { records: all }
  reader.deviation('end of the transaction', offset, `has ${bytes.length - offset} bytes behind it`)
  return { records: all, trailing: bytes.slice(offset) }
}

/**
 * Reads the records behind the Type-1 record: those that 1.003 CNT lists, then those that it does
 * not.
 */
class RecordsReader {
  readonly #source: Source
  readonly #typeOne: TaggedRecord
  readonly #listed: readonly Listed[]
  readonly #repeats: RepeatedRecords
  readonly #resync: Resync
  readonly #records: AnsiNistRecord[] = []
  #offset: number
  /**
   * Where the next record is looked for: behind the image of the last one, whatever its length
   * says.
   */
  #soundEnd: number
  #skipped = false

  constructor(source: Source, { record, end }: Located<TaggedRecord>, listed: readonly Listed[]) {
    this.#source = source
    this.#typeOne = record
    this.#listed = listed
    this.#repeats = new RepeatedRecords(source)
    this.#resync = new Resync(source, listed)
    this.#offset = end
    this.#soundEnd = end
  }

  read(): { records: readonly AnsiNistRecord[]; offset: number } {
    for (let index = 0; index < this.#listed.length; index++) {
      if (this.#offset === this.#source.bytes.length) {
        this.#skipped = true
        break
      }
      if (this.#readListed(index)) continue
      // Only of a damaged record: without a listener it was thrown.
      this.#skipped = true
      const next = this.#resync.next(this.#soundEnd, index)
      if (next === undefined) break
      this.#offset = next.offset
      this.#soundEnd = next.offset + 1
      // The one that is skipped may be found yet, elsewhere than its predecessor's length says.
      index = next.index - 1
    }
    this.#readUnlisted()
    if (this.#skipped) reportMissing(this.#source, this.#listed, this.#records, this.#offset)
    return { records: this.#records, offset: this.#offset }
  }

  /** Whether it could be read. */
  #readListed(index: number): boolean {
    const source = this.#source
    const listed = this.#listed[index]
    const at = this.#offset
    const read = () => {
      const found = isBinaryType(listed.type) ? readBinary(source, at, listed.type) : readTagged(source, at)
      this.#refuseSwallowing(found, index)
      refuseSecondTypeOne(source, found)
      compareToListed(source, found, listed)
      return found
    }
    const [located] = source.reader.several(`record ${index + 2}`, 1, read, at)
    if (located !== undefined) this.#add(located)
    return located !== undefined
  }

  /**
   * Refuses a record of bytes that cannot be, within which one that is listed begins: the length
   * before it is wrong. Looked for where somebody listens to damage; whoever does not is told of
   * the numbers that cannot be.
   */
  #refuseSwallowing(located: Located<AnsiNistRecord>, index: number): void {
    const { record, start } = located
    const { reader } = this.#source
    if (record.kind !== 'fixed-image' || !reader.takesDamage || this.#resync.isPlausible(start, index)) return
    const inside = this.#resync.next(this.#soundEnd, index, soundEnd(located))
    if (inside === undefined) return
    const problem = `begins no record: one that ${fieldName(1, CNT)} lists begins at ${inside.offset}, before its end`
    throw reader.corrupt(fieldName(record.type, LEN), start, problem)
  }

  #readUnlisted(): void {
    const { bytes, reader } = this.#source
    while (tagAt(bytes, this.#offset)?.number === LEN) {
      const at = this.#offset
      if (this.#records.length >= MOST_RECORDS) throw reader.corrupt('record', at, `is one more than ${MOST_RECORDS}`)
      const read = () => {
        const found = readTagged(this.#source, at)
        refuseSecondTypeOne(this.#source, found)
        return found
      }
      const [located] = reader.several('record that is not listed', 1, read, at)
      if (located === undefined) break
      const problem = `begins a record that ${fieldName(1, CNT)} does not list`
      reader.deviation(fieldName(located.record.type, LEN), at, problem)
      this.#add(located)
    }
  }

  #add(located: Located<AnsiNistRecord>): void {
    checkRecord(this.#source, located, this.#typeOne)
    this.#repeats.add(located)
    this.#records.push(located.record)
    this.#offset = located.end
    this.#soundEnd = soundEnd(located)
  }
}

/** The Type-1 record, with its list where the writer would not make that of the records. */
function withStatedContents(typeOne: TaggedRecord, others: readonly AnsiNistRecord[]): TaggedRecord {
  const statedContents = subfieldsOf(typeOne, CNT)
  const isMade = JSON.stringify(madeContents(typeOne, others)) === JSON.stringify(statedContents)
  return isMade ? typeOne : { ...typeOne, asFound: { ...typeOne.asFound, statedContents } }
}

function refuseSecondTypeOne({ reader }: Source, { record, start }: { record: AnsiNistRecord; start: number }): void {
  if (record.type === 1) throw reader.corrupt(fieldName(1, LEN), start, 'begins a second Type-1 record')
}
