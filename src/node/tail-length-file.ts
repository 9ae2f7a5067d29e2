import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import {
  encodeStatement,
  encodeTailLength,
  STATEMENT_BYTES,
  type StatedTail,
  type TailPoint,
} from '../gallery/tail-length.js'
import type { FileLayer } from './file-layer.js'
import { lengthName } from './gallery-names.js'
import { replaceFile } from './replace-file.js'

/** Where the statements that change begin, in turn. */
const TURNS = [STATEMENT_BYTES, 2 * STATEMENT_BYTES]

/** The file beside a tail that says how far it goes (tail-length.ts), for the tail's writer. */
export class TailLengthFile {
  readonly #file: FileHandle
  readonly #tail: StatedTail
  /** What the file says, and what it is to say next. */
  #stated: TailPoint
  #wanted: TailPoint | undefined
  #writing: Promise<void> | undefined
  #turn = 0

  private constructor(file: FileHandle, tail: StatedTail, stated: TailPoint) {
    this.#file = file
    this.#tail = tail
    this.#stated = stated
  }

  /**
   * A new file, on the disk, in place of any of its name. `point` is where the tail ends on the
   * disk.
   */
  static async create(folder: string, point: TailPoint, tail: StatedTail, files: FileLayer): Promise<TailLengthFile> {
    const path = join(folder, lengthName(tail.generation))
    await replaceFile(path, [encodeTailLength(point, tail)], files)
    return new TailLengthFile(await files.open(path, 'r+'), tail, point)
  }

  /** Goes on with a file that says `stated`. */
  static continue(file: FileHandle, tail: StatedTail, stated: TailPoint): TailLengthFile {
    return new TailLengthFile(file, tail, stated)
  }

  /**
   * Says that the tail is on the disk up to `point`. Nobody waits for it and nothing fails: if it
   * is lost, a cut behind the statement before is taken for a torn end.
   */
  note(point: TailPoint): void {
    this.#wanted = point
    this.#writing ??= this.#write()
  }

  /**
   * The same, and returns when it is on the disk.
   *
   * @throws what the system says
   */
  async settle(point: TailPoint): Promise<void> {
    await this.#writing
    if (this.#stated.bytes === point.bytes && this.#stated.sequence === point.sequence) return
    // Both, so that damage to one does not hide that the tail was cut.
    for (const _ of TURNS) {
      await this.#state(point)
      await this.#file.datasync()
    }
    this.#stated = point
  }

  async close(): Promise<void> {
    await this.#writing
    await this.#file.close()
  }

  async #write(): Promise<void> {
    for (let point = this.#wanted; point !== undefined; point = this.#wanted) {
      this.#wanted = undefined
      // The next one takes its place.
      await this.#state(point).catch(() => {})
    }
    this.#writing = undefined
  }

  async #state(point: TailPoint): Promise<void> {
    const at = TURNS[this.#turn]
    this.#turn = 1 - this.#turn
    await this.#file.write(encodeStatement(point, this.#tail), 0, STATEMENT_BYTES, at)
  }
}
