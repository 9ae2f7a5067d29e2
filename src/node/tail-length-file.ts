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

/** Where the file of a tail's length is, and of which tail. */
export interface TailLengthPlace {
  readonly folder: string
  readonly tail: StatedTail
  readonly files: FileLayer
}

/** The file beside a tail that says how far it goes (tail-length.ts), for the tail's writer. */
export class TailLengthFile {
  readonly #folder: string
  readonly #tail: StatedTail
  readonly #files: FileLayer
  #file: FileHandle
  /** What all its statements say, if they do, and what one is to say next. */
  #settled: TailPoint | undefined
  #wanted: TailPoint | undefined
  #writing: Promise<void> | undefined
  #turn = 0

  private constructor({ folder, tail, files }: TailLengthPlace, file: FileHandle, settled: TailPoint | undefined) {
    this.#folder = folder
    this.#tail = tail
    this.#files = files
    this.#file = file
    this.#settled = settled
  }

  /**
   * A new file, on the disk, in place of any of its name. `point` is where the tail ends on the
   * disk.
   */
  static async create(place: TailLengthPlace, point: TailPoint): Promise<TailLengthFile> {
    return new TailLengthFile(place, await replace(place, point), point)
  }

  /** Goes on with a file, of which `settled` is what all its statements say, if they do. */
  static continue(place: TailLengthPlace, file: FileHandle, settled: TailPoint | undefined): TailLengthFile {
    return new TailLengthFile(place, file, settled)
  }

  /**
   * Says that the tail is on the disk up to `point`. Nobody waits for it and nothing fails: if it
   * is lost, a cut behind the statement before is taken for a torn end.
   */
  note(point: TailPoint): void {
    this.#wanted = point
    this.#settled = undefined
    this.#writing ??= this.#write()
  }

  /**
   * The same, and returns when it is on the disk.
   *
   * @throws what the system says
   */
  async settle(point: TailPoint): Promise<void> {
    await this.#writing
    if (this.#settled?.bytes === point.bytes && this.#settled.sequence === point.sequence) return
    const place = { folder: this.#folder, tail: this.#tail, files: this.#files }
    const file = await replace(place, point)
    const old = this.#file
    this.#file = file
    this.#settled = point
    await old.close()
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

/** A new file in place of the one there is, on the disk, and open. */
async function replace({ folder, tail, files }: TailLengthPlace, point: TailPoint): Promise<FileHandle> {
  const path = join(folder, lengthName(tail.generation))
  await replaceFile(path, [encodeTailLength(point, tail)], files)
  return await files.open(path, 'r+')
}
