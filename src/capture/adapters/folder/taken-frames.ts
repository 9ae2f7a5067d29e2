import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { SidikError } from '../../../errors.js'
import { asFileError, DISK, type FileLayer, systemCode } from '../../../node/file-layer.js'
import { lockFolder } from '../../../node/gallery-lock.js'
import { PRIVATE_FOLDER_MODE } from '../../../node/modes.js'
import { isTemporary, replaceFile } from '../../../node/replace-file.js'
import { formatLine, parseState, STATE_HEADER, type TakenLine } from './state-lines.js'

const STATE_NAME = 'taken.jsonl'

/** Lines beyond twice as many as are needed, from which on the state is written anew: some 250 KB. */
const SLACK_LINES = 1_000

interface Taken {
  readonly frames: Set<number>
  readonly of: number
  stat: string
}

/** One frame of one file, as the state names it. */
export interface FrameKey extends Pick<TakenLine, 'file' | 'sha256' | 'of' | 'stat'> {
  readonly frame: number
}

/** The frames that were taken, on the disk; it is had by one process at a time. */
export class TakenFrames {
  readonly #path: string
  readonly #files: FileLayer
  readonly #unlock: () => Promise<void>
  #handle: FileHandle
  /** By name, then by hash. */
  #taken = new Map<string, Map<string, Taken>>()
  #lines: number
  #sizeBytes: number
  /** Whether a write failed, and left what does not count behind the end. */
  #failed = false
  /** Whether another may have it by now. */
  #closed = false
  /** One change at a time. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(
    path: string,
    files: FileLayer,
    unlock: () => Promise<void>,
    handle: FileHandle,
    sizeBytes: number,
  ) {
    this.#path = path
    this.#files = files
    this.#unlock = unlock
    this.#handle = handle
    this.#sizeBytes = sizeBytes
    this.#lines = 0
  }

  /**
   * Opens the state in `folder`, which is made where it is missing (the one above it has to be there).
   *
   * @throws SidikError DEVICE_BUSY when another has it, FILE_UNREADABLE, FILE_UNWRITABLE, STATE_FORMAT, STATE_VERSION, STATE_CORRUPT
   */
  static async open(folder: string, files: FileLayer = DISK): Promise<TakenFrames> {
    await files.mkdir(folder, { mode: PRIVATE_FOLDER_MODE }).catch(cause => {
      if (systemCode(cause) === 'EEXIST') return
      throw asFileError('FILE_UNWRITABLE', `the folder ${folder}, for what was taken, cannot be made`, cause)
    })
    const unlock = await lockFolder(folder, files, ({ who, alive, file }) => {
      const hint = alive ? '' : `; if that no longer runs, delete ${file} there`
      return new SidikError('DEVICE_BUSY', `another source has the state in ${folder}: ${who}${hint}`)
    })
    try {
      return await TakenFrames.#read(join(folder, STATE_NAME), folder, files, unlock)
    } catch (cause) {
      await unlock().catch(() => {})
      throw asFileError('FILE_UNREADABLE', `the state in ${folder} cannot be read`, cause)
    }
  }

  static async #read(
    path: string,
    folder: string,
    files: FileLayer,
    unlock: () => Promise<void>,
  ): Promise<TakenFrames> {
    const names = await files.readdir(folder)
    for (const name of names.filter(isTemporary)) await files.rm(join(folder, name), { force: true })
    if (!names.includes(STATE_NAME)) await replaceFile(path, [Buffer.from(STATE_HEADER)], files)
    const { lines, bytes } = parseState(await files.readFile(path), path)
    const handle = await files.open(path, 'r+')
    const state = new TakenFrames(path, files, unlock, handle, bytes)
    state.#failed = true
    for (const line of lines) state.#add(line)
    return state
  }

  /** Whether all frames of a file are taken that the file system describes so. */
  isDone(file: string, stat: string): boolean {
    for (const taken of this.#taken.get(file)?.values() ?? []) {
      if (taken.stat === stat && taken.frames.size === taken.of) return true
    }
    return false
  }

  isTaken({ file, sha256, frame }: FrameKey): boolean {
    return this.#taken.get(file)?.get(sha256)?.frames.has(frame) ?? false
  }

  /** Whether all frames of a file with these bytes are taken. If so, it is noted how the file system describes it now. */
  isWhole({ file, sha256, stat }: Pick<FrameKey, 'file' | 'sha256' | 'stat'>): boolean {
    const taken = this.#taken.get(file)?.get(sha256)
    if (taken === undefined || taken.frames.size < taken.of) return false
    taken.stat = stat
    return true
  }

  /** Resolves when it is on the disk. Throws SidikError FILE_UNWRITABLE. */
  async take(key: FrameKey): Promise<void> {
    await this.#inTurn(async () => {
      if (this.isTaken(key)) return
      const { frame, ...of } = key
      const line = { ...of, frames: [frame] }
      await this.#append(formatLine(line))
      this.#add(line)
    })
  }

  /** Whether the state holds much more than is needed for a folder of so many files. */
  isLong(fileCount: number): boolean {
    return this.#lines > 2 * fileCount + SLACK_LINES
  }

  /** Writes the state anew, without the files that are not among `present`. Throws SidikError FILE_UNWRITABLE. */
  async compact(present: ReadonlySet<string>): Promise<void> {
    await this.#inTurn(async () => {
      const kept = [...this.#taken].filter(([file]) => present.has(file))
      const lines = kept.flatMap(([file, hashes]) =>
        Array.from(hashes, ([sha256, { frames, of, stat }]) => ({ file, sha256, frames: [...frames], of, stat })),
      )
      const text = Buffer.from([STATE_HEADER, ...lines.map(formatLine)].join(''))
      await replaceFile(this.#path, [text], this.#files)
      const handle = await this.#files.open(this.#path, 'r+')
      await this.#handle.close()
      this.#handle = handle
      this.#sizeBytes = text.length
      this.#lines = 0
      this.#taken = new Map()
      for (const line of lines) this.#add(line)
    })
  }

  /** Whether the file under its name is still this one: a folder can be removed, or another one mounted in its place. */
  async isInPlace(): Promise<boolean> {
    try {
      const [own, named] = await Promise.all([this.#handle.stat(), this.#files.stat(this.#path)])
      return own.ino === named.ino && own.dev === named.dev
    } catch {
      return false
    }
  }

  /** Waits for what is under way, and gives the state up. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#last
    await this.#handle.close().catch(() => {})
    await this.#unlock()
  }

  #add({ file, sha256, frames, of, stat }: TakenLine): void {
    const hashes = this.#taken.get(file) ?? new Map<string, Taken>()
    const taken = hashes.get(sha256) ?? { frames: new Set(), of, stat }
    for (const frame of frames) taken.frames.add(frame)
    taken.stat = stat
    this.#taken.set(file, hashes.set(sha256, taken))
    this.#lines++
  }

  async #append(text: string): Promise<void> {
    const bytes = Buffer.from(text)
    if (this.#failed) await this.#handle.truncate(this.#sizeBytes)
    this.#failed = true
    for (let written = 0; written < bytes.length; ) {
      const left = bytes.subarray(written)
      written += (await this.#handle.write(left, 0, left.length, this.#sizeBytes + written)).bytesWritten
    }
    await this.#handle.datasync()
    if ((await this.#handle.stat()).nlink === 0) {
      throw new SidikError('FILE_UNWRITABLE', `${this.#path} was removed while it was in use: capture again`)
    }
    this.#sizeBytes += bytes.length
    this.#failed = false
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    if (this.#closed) return Promise.reject(new SidikError('SOURCE_CLOSED', `the state ${this.#path} was closed`))
    const made = this.#last.then(change).catch(cause => {
      throw asFileError('FILE_UNWRITABLE', `what was taken cannot be written to ${this.#path}`, cause)
    })
    this.#last = made.catch(() => {})
    return made
  }
}
