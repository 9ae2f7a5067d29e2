import type { BigIntStats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SidikError } from '../../../errors.js'
import { systemCode } from '../../../node/file-layer.js'

/** A file as it was when the folder was last looked through. */
export interface ListedFile {
  readonly name: string
  /** {@link describeFile} */
  readonly stat: string
  readonly sizeBytes: number
  readonly modifiedNs: bigint
  /** Since when it is seen so, by performance.now(). */
  readonly sinceMs: number
  /** Whether it was seen otherwise before. */
  readonly changed: boolean
  /** Why it could not be read as it is; reported once it is clear that nobody goes on writing it. */
  error?: SidikError
  /** Whether the error was reported. */
  refused?: boolean
  /** Whether it was dealt with since the folder was looked through. */
  handled?: boolean
}

/** Hidden files, and what programs call files that they have not finished. */
const UNFINISHED = /^\.|~$|^~|\.(tmp|temp|part|partial|crdownload|filepart|swp)$/i

/** Calls to the file system at a time. */
const AT_ONCE = 32

/**
 * What the file system says of a file: when any of it changes, the content may have. To rename a file over another changes the latter
 * of the times; inode numbers are left out, which network file systems make up as they please.
 */
export function describeFile({ size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${size}.${mtimeNs}.${ctimeNs}`
}

/** The files of a folder that may hold prints, and since when they are as they are. */
export class FolderListing {
  readonly #folder: string
  #files = new Map<string, ListedFile>()
  #sorted: ListedFile[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#files.keys())
  }

  /**
   * Looks the folder through.
   *
   * @param isDone whether nothing is left to do with a file that looks so
   * @throws the system's error
   */
  async update(isDone: (name: string, stat: string) => boolean): Promise<void> {
    const names = (await readdir(this.#folder)).filter(name => !UNFINISHED.test(name))
    const files = new Map<string, ListedFile>()
    for (let i = 0; i < names.length; i += AT_ONCE) {
      const some = names.slice(i, i + AT_ONCE)
      for (const file of await Promise.all(some.map(name => this.#look(name)))) {
        if (file !== undefined) files.set(file.name, file)
      }
    }
    this.#files = files
    this.#sorted = Array.from(files.values())
      .filter(({ name, stat, refused }) => !refused && !isDone(name, stat))
      .sort(byTimeThenName)
  }

  /**
   * The first file, by the time of its last change and then by name, that was as it is for `settleMs`; or after how long there may be
   * one. A file just come makes those behind it wait; one that is being written does not, since its time changes.
   */
  next(nowMs: number, settleMs: number, patienceMs: number): ListedFile | number {
    let waitMs = Number.POSITIVE_INFINITY
    for (const file of this.#sorted) {
      if (file.handled) continue
      const leftMs = file.sinceMs + (file.error === undefined ? settleMs : patienceMs) - nowMs
      if (leftMs <= 0) return file
      waitMs = Math.min(waitMs, leftMs)
      if (file.error === undefined && !file.changed) break
    }
    return waitMs
  }

  async #look(name: string): Promise<ListedFile | undefined> {
    const found = await stat(join(this.#folder, name), { bigint: true }).catch(cause => {
      // Removed meanwhile, a link to nothing, or one that nobody may follow.
      if (['ENOENT', 'ELOOP', 'EACCES', 'EPERM'].includes(systemCode(cause) ?? '')) return undefined
      throw cause
    })
    if (!found?.isFile()) return undefined
    const before = this.#files.get(name)
    const described = describeFile(found)
    if (before?.stat === described) {
      before.handled = false
      return before
    }
    return {
      name,
      stat: described,
      sizeBytes: Number(found.size),
      modifiedNs: found.mtimeNs,
      sinceMs: performance.now(),
      changed: before !== undefined,
    }
  }
}

function byTimeThenName(a: ListedFile, b: ListedFile): number {
  if (a.modifiedNs !== b.modifiedNs) return a.modifiedNs < b.modifiedNs ? -1 : 1
  return a.name < b.name ? -1 : 1
}
