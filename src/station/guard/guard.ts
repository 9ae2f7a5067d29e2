/**
 * Keeps what somebody wrote into the file who has no key of it from being believed. What follows
 * from the journal is covered by MACs:
 *
 * - the head: peers with their keys, what they used of their quotas, how far journals were heard, the
 *   station's own keys, which tables there are, where the journal ends, and the root of
 * - a tree over all records: the rows that say how each stands, which cards and letters belong to
 *   each NIK, and which numbers letters have.
 *
 * The head is checked when a file is opened, and at the beginning of each transaction and moment
 * before which another connection has written. The rows of a record are checked before an entry
 * about it takes effect, and those of all others of its NIK as often as the head: no card is
 * reserved, sent or handed over, and no letter issued, on the word of a row that somebody else
 * wrote. An entry costs no more where the NIK has many records.
 *
 * A whole old copy of the file has the MACs that belong to it: the mark tells of that, and the
 * peers do.
 */
import type { SidikError } from '../../errors.js'
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import type { Watch } from '../store/watch.js'
import {
  hasCards,
  letterName,
  memberName,
  nikName,
  nikTagsOf,
  recordMacs,
  recordName,
  tagText,
} from './about-record.js'
import { altered } from './altered.js'
import { ChangedRows } from './changed-rows.js'
import { coverAll, coverRecord, IS_THERE } from './covered-records.js'
import { headMac, headState } from './head.js'
import { apartFromRecord, areEntriesFound, IndexedRecords, isIndexed, reindex } from './indexes.js'
import { JournalSum } from './journal-sum.js'
import { GuardTree } from './tree.js'
import { assertIndexed, assertSchema, peersMac, TRUSTED_TABLES, trustedMac, USED_TABLES, useMac } from './trusted.js'

/** How long the head, and records beside the one in work, are believed while SQLite tells of no change. */
const LOOK_AGAIN_MS = 1_000

export class Guard implements Watch {
  readonly #file: StationFile
  readonly #keys: DataKeys
  readonly #self: string
  readonly #tree: GuardTree
  readonly #sum: JournalSum
  /** SQLite's count of what other connections have committed, when the head was checked. */
  #version: unknown
  #lookedMs = 0
  #trusted = ''
  #use = ''
  #peers = ''
  /** The head is one of an older program, which is believed once, when the file is opened. */
  #isHeadOlder = false
  #isOpening = false
  #isUseChanged = false
  #isTrustedChanged = false
  #isJournalChanged = false
  #isRemade = false
  /** Records whose rows were compared in this transaction. */
  readonly #checked = new Set<string>()
  /** Records, and NIKs with all of their records, whose rows were compared since the head was. */
  readonly #believed = new Set<string>()
  readonly #believedNiks = new Set<string>()
  readonly #indexed: IndexedRecords
  readonly #changed: ChangedRows

  /** @param self the station whose file it is */
  constructor(file: StationFile, keys: DataKeys, self: string) {
    this.#file = file
    this.#keys = keys
    this.#self = self
    this.#tree = new GuardTree(file, keys)
    this.#sum = new JournalSum(keys)
    this.#indexed = new IndexedRecords(file)
    for (const [table, key] of TRUSTED_TABLES) {
      file.onRows(table, [key], () => {
        this.#isTrustedChanged = true
      })
    }
    for (const [table, key] of USED_TABLES) {
      file.onRows(table, [key], () => {
        this.#isUseChanged = true
      })
    }
    file.onRows('journal', ['rowid'], () => {
      this.#isJournalChanged = true
    })
    this.#sum.keepIn(file)
    this.#changed = new ChangedRows(file)
    file.watch(this)
  }

  /**
   * Begins to keep the file, whose rows are believed as they stand. To be called in a transaction.
   */
  make(): void {
    const file = this.#file
    file.run(
      'INSERT INTO guard_head (one, journal, mac) VALUES (1, ?, ?)',
      this.#sum.masked(this.#sum.of(file)),
      new Uint8Array(0),
    )
    this.#fill()
    this.#isTrustedChanged = true
    this.#isJournalChanged = true
    this.#version = file.pragma('data_version')
  }

  /**
   * Looks at all of the head, and whether the journal has the entries that it is of. @throws
   * SidikError STATION_ALTERED
   */
  check(): void {
    this.#version = undefined
    this.#isOpening = true
    const file = this.#file
    const state = file.moment(() => this.#sum.stateIn(file))
    if (state === 'wrong') throw this.#alteredJournal()
    const isWhole = areEntriesFound(file)
    if (this.#isHeadOlder || state === 'older' || !isWhole) {
      file.transaction(() => {
        if (!isWhole) reindex(file, 'journal')
        if (state === 'older') file.run('UPDATE guard_head SET journal = ?', this.#sum.masked(this.#sum.of(file)))
        this.#isTrustedChanged = true
      })
    }
    this.#isOpening = false
  }

  /** All of the head is looked at again after a while too, as bytes of the file can be edited in place. */
  begun(): void {
    this.#checked.clear()
    this.#tree.compareAgain()
    const version = this.#file.pragma('data_version')
    if (version === this.#version && performance.now() - this.#lookedMs <= LOOK_AGAIN_MS) return
    if (version !== this.#version) this.#indexed.forget()
    this.#checkHead()
    this.#version = version
  }

  /** Looks at the keys of peers each time, as bytes of the file can be edited without SQLite. */
  looking(): void {
    this.begun()
    if (peersMac(this.#file, this.#keys) !== this.#peers) this.#checkHead()
  }

  ending(): void {
    for (const record of this.#changed.records) this.#assertCompared(record)
    const apart = this.#changed.apart()
    if (apart !== undefined) throw this.#alteredRecord(apart)
    if (this.#isTrustedChanged) this.#readTrusted()
    if (this.#isUseChanged) this.#use = useMac(this.#file, this.#keys)
    if (this.#isTrustedChanged || this.#isUseChanged || this.#isJournalChanged || this.#tree.isChanged) {
      const covered = { trusted: this.#trusted, use: this.#use, branches: this.#tree.renew() }
      const mac = headMac(this.#file, this.#keys, this.#self, covered)
      this.#file.run('UPDATE guard_head SET mac = ?', Buffer.from(mac, 'hex'))
    }
    this.#forget()
  }

  undone(): void {
    this.#forget()
    this.#indexed.forget()
    this.#version = undefined
  }

  /**
   * Lets `change` change rows of a record, and of others that bear its NIK, when all of them are as
   * this station wrote them.
   *
   * @param nikTag of the NIK that the record gets by it, if it gets one
   * @throws SidikError STATION_ALTERED
   */
  changing(record: string, nikTag: Uint8Array | undefined, change: () => void): void {
    if (this.#isRemade) {
      change()
      return
    }
    const [file, keys] = [this.#file, this.#keys]
    const tags = this.#compare(record, nikTag)
    for (const id of this.#changed.records) this.#assertCompared(id)
    this.#changed.records.clear()
    change()
    for (const id of this.#changed.records) {
      this.#assertCompared(id)
      coverRecord(this.#tree, file, keys, id)
    }
    this.#changed.records.clear()
    const niks = new Set(hasCards(file, record) ? nikTagsOf(file, record) : [])
    for (const tag of tags) this.#tree.set(memberName(tag, record), niks.delete(tag) ? IS_THERE : undefined)
    if (niks.size > 0) throw altered(this.#file, `the NIK of record ${record}`)
  }

  /** Lets `remake` make all tables again from the journal, whose entries it checks one by one. */
  remaking(remake: () => void): void {
    if (this.#sum.stateIn(this.#file) !== 'right') throw this.#alteredJournal()
    if (!isIndexed(this.#file, 'journal')) reindex(this.#file, 'journal')
    this.#isRemade = true
    remake()
    this.#fill()
    this.#isRemade = false
  }

  #fill(): void {
    this.#tree.clear()
    coverAll(this.#tree, this.#file, this.#keys)
    this.#changed.clear()
  }

  #alteredJournal(): SidikError {
    return altered(this.#file, 'its journal, in which entries were taken out, put in or edited,')
  }

  assure(record: string, letter?: string): void {
    this.#compare(record, undefined)
    if (letter !== undefined && apartFromRecord(this.#file, 'letter', [letter]) !== undefined) {
      throw this.#alteredRecord(record)
    }
  }

  assureNoLetter(station: string, number: string): void {
    if (this.#tree.macOf(letterName(station, number)) === undefined) return
    throw altered(this.#file, `letter ${number} of station ${station}`)
  }

  #checkHead(): void {
    const [file, keys] = [this.#file, this.#keys]
    this.#lookedMs = performance.now()
    this.#believed.clear()
    this.#believedNiks.clear()
    assertSchema(file)
    assertIndexed(file)
    this.#readTrusted()
    const covered = { trusted: this.#trusted, use: this.#use, branches: this.#tree.branches() }
    const state = headState(file, keys, this.#self, covered)
    this.#isHeadOlder = state === 'older'
    if (state === 'right' || (state === 'older' && this.#isOpening)) return
    throw altered(
      file,
      'whom it knows by which keys, how much its peers sent and how far it heard journals, what its own ' +
        'keys are, or where its journal ends',
    )
  }

  #readTrusted(): void {
    this.#trusted = trustedMac(this.#file, this.#keys)
    this.#use = useMac(this.#file, this.#keys)
    this.#peers = peersMac(this.#file, this.#keys)
  }

  /**
   * Compares the rows of a record, once in each transaction, and those of the others of its NIKs.
   *
   * @returns tags of the NIKs
   */
  #compare(record: string, nikTag: Uint8Array | undefined): readonly string[] {
    if (!this.#checked.has(record)) this.#compareRows([record])
    this.#checked.add(record)
    const given = nikTag === undefined ? [] : [tagText(nikTag)]
    const tags = [...new Set([...given, ...nikTagsOf(this.#file, record)])]
    for (const tag of tags) {
      if (this.#believedNiks.has(tag)) continue
      this.#compareRows(this.#tree.members(nikName(tag)).filter(id => !this.#believed.has(id)))
      this.#believedNiks.add(tag)
    }
    return tags
  }

  #compareRows(ids: readonly string[]): void {
    for (const [id, mac] of recordMacs(this.#file, this.#keys, ids)) {
      if (this.#tree.macOf(recordName(id)) !== mac?.toString('hex')) throw this.#alteredRecord(id)
    }
    const wrong = this.#indexed.firstWrong(ids)
    if (wrong !== undefined) throw this.#alteredRecord(wrong)
    for (const id of ids) this.#believed.add(id)
  }

  /** A row that says another record than the entry does was not compared. */
  #assertCompared(record: string): void {
    if (!this.#believed.has(record)) throw this.#alteredRecord(record)
  }

  #alteredRecord(id: string): SidikError {
    return altered(this.#file, `record ${id}, its requests, cards or letters`)
  }

  #forget(): void {
    this.#checked.clear()
    this.#changed.clear()
    this.#isTrustedChanged = false
    this.#isUseChanged = false
    this.#isJournalChanged = false
    this.#isRemade = false
  }
}
