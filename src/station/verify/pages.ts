/** All pages of the file: each belongs to one tree or to the list of free ones, and what holds nothing is zero. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { APPLICATION_ID, MIGRATIONS } from '../store/schema.js'
import { PAGE_BYTES, readWal, type WalContent, walBytes, walPathOf } from '../store/wal.js'
import type { Check, Finding, VerifyCounts } from './findings.js'
import { readPage, strayAfter } from './page.js'

/** The page at 2^30 is left out of every file: systems lock there. */
const LOCK_PAGE = 2 ** 30 / PAGE_BYTES + 1

const FILE_HEADER_BYTES = 100

/** A trunk of the list of free pages: 4 bytes next trunk, 4 bytes number of leaves, 4 bytes each. */
const TRUNK_HEAD_BYTES = 8

/** After how many pages others may run. */
const PAGES_AT_ONCE = 100

/** A tree of the file by its name in the schema. */
export interface Tree {
  readonly name: string
  readonly table: string
  readonly root: number
}

/** A database file with its write-ahead log, read past SQLite, at one moment. */
export class PageFile {
  readonly wal: WalContent
  readonly pages: number
  readonly #path: string
  readonly #file: number
  readonly #log: Buffer

  constructor(path: string) {
    this.#path = path
    this.#file = openSync(path, 'r')
    this.#log = walBytes(path)
    this.wal = readWal(this.#log)
    const ownPages = Math.floor(fstatSync(this.#file).size / PAGE_BYTES)
    // The log can say any number: a page that is neither here nor there is none.
    const last = [...this.wal.pages.keys()].reduce((most, page) => Math.max(most, page), ownPages)
    this.pages = Math.min(this.wal.filePages ?? ownPages, last)
  }

  page(number: number): Buffer {
    const page = Buffer.alloc(PAGE_BYTES)
    const logged = this.wal.pages.get(number)
    if (logged === undefined) readSync(this.#file, page, 0, PAGE_BYTES, (number - 1) * PAGE_BYTES)
    else this.#log.copy(page, 0, logged, logged + PAGE_BYTES)
    return page
  }

  /** Where a byte of a page lies. */
  where(page: number, byte = 0): { file: string; page: number; offsetBytes: number } {
    const logged = this.wal.pages.get(page)
    return logged === undefined
      ? { file: this.#path, page, offsetBytes: (page - 1) * PAGE_BYTES + byte }
      : { file: walPathOf(this.#path), page, offsetBytes: logged + byte }
  }

  close(): void {
    closeSync(this.#file)
  }
}

export function* checkWal({ wal }: PageFile, path: string, counts: VerifyCounts): Check {
  counts.walFrames = wal.frames
  // A power cut can leave one commit that was never acknowledged.
  if (wal.damage === undefined || wal.damage.commits < 2) return
  const { offsetBytes, commits } = wal.damage
  yield {
    code: 'wal-damaged',
    where: { file: walPathOf(path), offsetBytes },
    message: `from byte ${offsetBytes} on it is not as it was written: ${commits} commits are not seen. Keep a copy of it before anything is written`,
  }
}

/** The fields of the first 100 bytes that can have one value only, or one that the rest of the file states too. */
export function* checkFileHeader(file: PageFile): Check {
  const header = file.page(1)
  const wrong = (at: number, what: string): Finding => ({
    code: 'file-header',
    where: file.where(1, at),
    message: `byte ${at}, ${what}, is not what it must be`,
  })
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') yield wrong(0, "SQLite's signature")
  const fixed: [number, number, string][] = [
    [16, PAGE_BYTES, 'the size of a page'],
    [18, 0x0202, 'the kind of journal'],
    [20, 64, 'the reserved bytes and the largest share of a cell'],
    [22, 0x2020, 'the least share of a cell'],
  ]
  for (const [at, value, what] of fixed) if (header.readUInt16BE(at) !== value) yield wrong(at, what)
  const words: [number, number, string][] = [
    [28, file.pages, 'the number of pages'],
    [44, 4, 'the format of the schema'],
    [48, 0, 'the size of the cache'],
    [52, 0, 'the largest root'],
    [56, 1, 'the encoding of text'],
    [60, MIGRATIONS.length, 'the version'],
    [64, 0, 'the mode of vacuum'],
    [68, APPLICATION_ID, "the mark of a station's file"],
    [92, header.readUInt32BE(24), 'the number of changes'],
  ]
  for (const [at, value, what] of words) if (header.readUInt32BE(at) !== value) yield wrong(at, what)
  const reserved = header.subarray(72, 92).findIndex(byte => byte !== 0)
  if (reserved !== -1) yield wrong(72 + reserved, 'which is kept for later')
}

/** @param trees of the schema; the schema's own is added */
export function* checkPages(file: PageFile, trees: readonly Tree[], counts: VerifyCounts): Check {
  const walk = new Walk(file, counts)
  for (const { name, table, root } of [{ name: 'sqlite_schema', table: 'sqlite_schema', root: 1 }, ...trees]) {
    yield* walk.tree(name, table, root)
  }
  yield* walk.freePages()
  for (let page = 1; page <= file.pages; page++) {
    if (page % PAGES_AT_ONCE === 0) yield undefined
    if (walk.isSeen(page) || page === LOCK_PAGE) continue
    yield { code: 'page-lost', where: file.where(page), message: `page ${page} belongs to nothing` }
  }
}

class Walk {
  readonly #file: PageFile
  readonly #counts: VerifyCounts
  readonly #seen: Uint8Array

  constructor(file: PageFile, counts: VerifyCounts) {
    this.#file = file
    this.#counts = counts
    this.#seen = new Uint8Array(file.pages + 1)
  }

  isSeen(page: number): boolean {
    return this.#seen[page] === 1
  }

  *tree(name: string, table: string, root: number): Check {
    const open = [root]
    for (let page = open.pop(); page !== undefined; page = open.pop()) {
      if (!(yield* this.#take(page, table, name))) continue
      const start = page === 1 ? FILE_HEADER_BYTES : 0
      const content = readPage(this.#file.page(page), start)
      if (content === undefined) {
        yield this.#unreadable(page, table, `page ${page} of ${name} is no page of a tree`)
        continue
      }
      this.#counts.unusedBytes += content.unused
      this.#counts.strayBytes += content.stray.length
      open.push(...content.children)
      for (const overflow of content.overflows) yield* this.#chain(overflow, table, name)
    }
  }

  *#chain({ page: first, bytes }: { page: number; bytes: number }, table: string, name: string): Check {
    const room = PAGE_BYTES - 4
    let page = first
    for (let left = bytes; left > 0; left -= room) {
      if (!(yield* this.#take(page, table, name))) return
      const content = this.#file.page(page)
      if (left <= room) {
        this.#counts.unusedBytes += room - left
        yield* this.#zero(page, strayAfter(content, 4 + left), table)
        if (content.readUInt32BE(0) !== 0) {
          yield this.#unreadable(page, table, `page ${page} of ${name} names one after it and is the last of its row`)
        }
      }
      page = content.readUInt32BE(0)
    }
  }

  *freePages(): Check {
    const header = this.#file.page(1)
    let count = 0
    for (let trunk = header.readUInt32BE(32); trunk !== 0; ) {
      if (!(yield* this.#take(trunk, 'free pages', 'the list of free pages'))) return
      const content = this.#file.page(trunk)
      const leaves = Math.min(content.readUInt32BE(4), (PAGE_BYTES - TRUNK_HEAD_BYTES) / 4)
      count += 1 + leaves
      for (let i = 0; i < leaves; i++) {
        const leaf = content.readUInt32BE(TRUNK_HEAD_BYTES + 4 * i)
        if (!(yield* this.#take(leaf, 'free pages', 'the list of free pages'))) continue
        this.#counts.unusedBytes += PAGE_BYTES
        yield* this.#zero(leaf, strayAfter(this.#file.page(leaf), 0), 'free pages')
      }
      trunk = content.readUInt32BE(0)
    }
    if (count === header.readUInt32BE(36)) return
    yield {
      code: 'file-header',
      where: this.#file.where(1, 36),
      message: `byte 36 says ${header.readUInt32BE(36)} free pages, ${count} are there`,
    }
  }

  /** False when the page cannot belong to this. */
  *#take(page: number, table: string, name: string): Generator<Finding | undefined, boolean> {
    if (++this.#counts.pages % PAGES_AT_ONCE === 0) yield undefined
    const isThere = page >= 1 && page <= this.#file.pages && page !== LOCK_PAGE
    if (isThere && this.#seen[page] === 0) {
      this.#seen[page] = 1
      return true
    }
    const what = isThere ? 'belongs to something else too' : `is not in a file of ${this.#file.pages}`
    const where = isThere ? this.#file.where(page) : {}
    yield { code: 'page-lost', where: { ...where, table }, message: `page ${page}, named by ${name}, ${what}` }
    return false
  }

  *#zero(page: number, stray: readonly number[], table: string): Check {
    if (stray.length > 0) yield* this.#flipped(page, stray[0], table)
  }

  *#flipped(page: number, byte: number, table: string): Check {
    const message = `byte ${byte} of page ${page} holds nothing and is not zero`
    yield { code: 'unused-bytes', where: { ...this.#file.where(page, byte), table }, message }
  }

  #unreadable(page: number, table: string, message: string): Finding {
    return { code: 'page-unreadable', where: { ...this.#file.where(page), table }, message }
  }
}
