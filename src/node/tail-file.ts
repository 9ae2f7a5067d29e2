import type { FileHandle } from 'node:fs/promises'
import { SidikError } from '../errors.js'
import { MAX_WRITE_BYTES, TAIL_HEADER_BYTES } from '../gallery/tail.js'
import { encodeRecord, encodeTailHeader, sealRecord } from '../gallery/tail-write.js'
import { asFileError, DISK, type FileLayer } from './file-layer.js'
import { FileWindow } from './file-window.js'
import { PRIVATE_FILE_MODE } from './modes.js'
import type { TailScan } from './tail-scan.js'
import { walkTail } from './tail-walk.js'

/** How far a tail goes: a point between two records. */
export interface TailPoint {
  readonly bytes: number
  readonly sequence: number
}

/** A tail that is written to, at its end only. One call at a time. */
export class TailFile {
  readonly path: string
  readonly generation: number
  readonly #file: FileHandle
  #end: TailPoint
  /** Sequence up to which all is on the disk, and up to which the records say so. */
  #settled: number
  #declared: number
  /** After it nothing is known of the file, and nothing more is written to it. */
  #failure: SidikError | undefined

  private constructor(path: string, generation: number, file: FileHandle, end: TailPoint) {
    this.path = path
    this.generation = generation
    this.#file = file
    this.#end = end
    this.#settled = end.sequence
    this.#declared = end.sequence
  }

  /** A new tail, in place of any file of this name, through to the disk. Its name in the folder is not. */
  static async create(
    path: string,
    header: { generation: number; snapshotCrc: number },
    files: FileLayer = DISK,
  ): Promise<TailFile> {
    const file = await files.open(path, 'w+', PRIVATE_FILE_MODE)
    const tail = new TailFile(path, header.generation, file, { bytes: TAIL_HEADER_BYTES, sequence: 0 })
    try {
      await writeAll(file, encodeTailHeader(header), 0)
      await file.datasync()
      return tail
    } catch (cause) {
      await file.close()
      throw cause
    }
  }

  /** Goes on with a tail behind what was found in it. A torn end is cut off, and all that was found is settled. */
  static async continue(path: string, file: FileHandle, generation: number, found: TailScan): Promise<TailFile> {
    const tail = new TailFile(path, generation, file, { bytes: found.endBytes, sequence: found.lastSequence })
    const { size } = await file.stat()
    if (size === found.endBytes && found.isSettled) {
      // The last record can be a mark, of which nobody knows that it is on the disk.
      tail.#settled = found.settled
      tail.#declared = found.settled
      return tail
    }
    try {
      if (size > found.endBytes) await file.truncate(found.endBytes)
      await file.datasync()
    } catch (cause) {
      throw asFileError('FILE_UNWRITABLE', `${path} cannot be written`, cause)
    }
    tail.#declared = found.settled
    await tail.mark()
    return tail
  }

  /** Where the next record goes. */
  get end(): TailPoint {
    return this.#end
  }

  /**
   * Writes records (of {@link encodeRecord}), no more than {@link MAX_WRITE_BYTES}, and returns when they are on the disk.
   *
   * @throws SidikError FILE_UNWRITABLE: then none of them is in the file; or, when not even that could be achieved, the
   *   message says that it is not known, and all further calls fail
   */
  async append(records: readonly Uint8Array[]): Promise<void> {
    this.assertUsable()
    let written = false
    try {
      await this.#write(records)
      written = true
      await this.#file.datasync()
    } catch (cause) {
      throw await this.#takeBack(cause, written)
    }
    this.#advance(records)
    this.#settled = this.#end.sequence
  }

  /**
   * Says in the file that all before is on the disk, if no record says so yet. Nobody waits for that to be on the disk:
   * if it is lost, the last write counts as one that may have been interrupted.
   */
  async mark(): Promise<void> {
    if (this.#failure || this.#declared >= this.#settled) return
    const mark = [encodeRecord({ kind: 'mark' })]
    try {
      await this.#write(mark)
    } catch {
      // The next records take its place.
      return
    }
    this.#advance(mark)
  }

  /** Appends to `target` the changes from one point of this tail to another. */
  async copy(from: TailPoint, to: TailPoint, target: TailFile): Promise<void> {
    const window = new FileWindow(this.#file, this.path, to.bytes)
    let waiting: Uint8Array[] = []
    let bytes = 0
    const start = { generation: this.generation, from: from.bytes, sequence: from.sequence + 1 }
    for await (const { record, bytes: length, offsetBytes } of walkTail(window, start)) {
      if (record === undefined) {
        throw new SidikError('GALLERY_CORRUPT', `${this.path} is damaged at byte ${offsetBytes}, ${length} bytes`)
      }
      if (record.entry.kind === 'mark') continue
      if (bytes + length > MAX_WRITE_BYTES) {
        await target.append(waiting)
        waiting = []
        bytes = 0
      }
      waiting.push(encodeRecord(record.entry))
      bytes += length
    }
    if (waiting.length > 0) await target.append(waiting)
  }

  /** @throws SidikError FILE_UNWRITABLE after a failure that nothing can be written behind */
  assertUsable(): void {
    if (this.#failure) throw this.#failure
  }

  /** Makes all further calls fail. */
  fail(failure: SidikError): void {
    this.#failure ??= failure
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #write(records: readonly Uint8Array[]): Promise<void> {
    let { sequence } = this.#end
    for (const record of records) {
      sealRecord(record, { generation: this.generation, sequence: ++sequence, settled: this.#settled })
    }
    await writeAll(this.#file, records.length === 1 ? records[0] : Buffer.concat(records), this.#end.bytes)
  }

  #advance(records: readonly Uint8Array[]): void {
    const bytes = records.reduce((sum, record) => sum + record.length, this.#end.bytes)
    this.#end = { bytes, sequence: this.#end.sequence + records.length }
    this.#declared = this.#settled
  }

  /**
   * Undoes a write that did not succeed, through to the disk: what was refused must not be there at the next opening.
   * When it was the wait for the disk that failed, the system may have dropped pages that it could not write, and says
   * so only once: whatever follows could be behind a hole.
   */
  async #takeBack(cause: unknown, written: boolean): Promise<SidikError> {
    const why = cause instanceof Error ? cause.message : String(cause)
    let undone = false
    try {
      await this.#file.truncate(this.#end.bytes)
      await this.#file.datasync()
      undone = true
    } catch {
      // Said below.
    }
    const error = new SidikError('FILE_UNWRITABLE', `the change was not made in ${this.path}: ${why}`, { cause })
    if (undone && !written) return error
    const message = `${this.path} takes no more changes after a failure (${why}): close the gallery and open it again`
    this.#failure = new SidikError('FILE_UNWRITABLE', message, { cause })
    if (undone) return error
    return new SidikError('FILE_UNWRITABLE', `whether the change was made shows at the next opening: ${message}`, {
      cause,
    })
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    if (bytesWritten === 0) throw new Error(`the system wrote none of ${bytes.length - done} bytes`)
    done += bytesWritten
  }
}
