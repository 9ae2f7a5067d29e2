import type { FileHandle } from 'node:fs/promises'
import { SidikError } from '../errors.js'
import { MAX_WRITE_BYTES, type RecordForm, SEALED_RECORD_BYTES } from '../gallery/tail.js'
import type { TailPoint } from '../gallery/tail-length.js'
import { encodeRecord, sealRecord, storedCrc } from '../gallery/tail-write.js'
import { asFileError, DISK, type FileLayer } from './file-layer.js'
import { FileWindow } from './file-window.js'
import { replaceFile } from './replace-file.js'
import type { TailLengthFile } from './tail-length-file.js'
import type { TailScan } from './tail-scan.js'
import { walkTail } from './tail-walk.js'

/** Which tail a file is. */
export interface TailKind {
  readonly generation: number
  readonly form: RecordForm
}

/** A tail that is written to, at its end only. One call at a time. */
export class TailFile {
  readonly path: string
  readonly generation: number
  readonly #form: RecordForm
  readonly #file: FileHandle
  #length: TailLengthFile | undefined
  #end: TailPoint
  /** CRC of the record before it; 0 where that is unknown. */
  #lastCrc: number
  /** Sequence up to which all is on the disk, and up to which the records say so. */
  #settled: number
  #declared: number
  /** Whether a mark was written that may not be on the disk. */
  #unsynced = false
  /** After it nothing is known of the file, and nothing more is written to it. */
  #failure: SidikError | undefined

  private constructor(path: string, { generation, form }: TailKind, file: FileHandle, end: TailPoint, lastCrc = 0) {
    this.path = path
    this.generation = generation
    this.#form = form
    this.#file = file
    this.#end = end
    this.#lastCrc = lastCrc
    this.#settled = end.sequence
    this.#declared = end.sequence
  }

  /**
   * A new tail, on the disk with its name, in place of any file of it. A crash leaves no tail
   * without its head.
   *
   * @param head what comes before the records
   */
  static async create(path: string, head: Uint8Array, kind: TailKind, files: FileLayer = DISK): Promise<TailFile> {
    await replaceFile(path, [head], files)
    return new TailFile(path, kind, await files.open(path, 'r+'), { bytes: head.length, sequence: 0 })
  }

  /** Goes on with a tail behind what was found in it. A torn end is cut off, and all that was found is settled. */
  static async continue(path: string, file: FileHandle, kind: TailKind, found: TailScan): Promise<TailFile> {
    const end = { bytes: found.endBytes, sequence: found.lastSequence }
    const tail = new TailFile(path, kind, file, end, found.lastCrc)
    tail.#unsynced = true
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

  /** A tail to which nothing is written any more, because another generation is to follow. */
  static leave(path: string, file: FileHandle, kind: TailKind, found: TailScan): TailFile {
    return new TailFile(path, kind, file, { bytes: found.endBytes, sequence: found.lastSequence })
  }

  /** From now on `length` says how far the tail goes; it is closed with the tail. */
  keepLengthIn(length: TailLengthFile): void {
    this.#length = length
  }

  /**
   * The same with a file that `create` makes, given how far the tail is on the disk.
   *
   * @throws SidikError FILE_UNWRITABLE
   */
  async beginLength(create: (end: TailPoint) => Promise<TailLengthFile>): Promise<void> {
    try {
      if (this.#unsynced) await this.#file.datasync()
      this.#unsynced = false
      this.#length = await create(this.#end)
    } catch (cause) {
      throw asFileError('FILE_UNWRITABLE', `how far ${this.path} goes cannot be written`, cause)
    }
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
    const written = this.#sealed(records)
    let isWritten = false
    try {
      await this.#write(written)
      isWritten = true
      await this.#file.datasync()
    } catch (cause) {
      throw await this.#takeBack(cause, isWritten)
    }
    this.#advance(written)
    this.#settled = this.#end.sequence
    this.#unsynced = false
    this.#length?.note(this.#end)
  }

  /**
   * Says in the file that all before is on the disk, if no record says so yet. Nobody waits for that to be on the disk:
   * if it is lost, the last write counts as one that may have been interrupted.
   */
  async mark(): Promise<void> {
    if (this.#failure || this.#declared >= this.#settled) return
    const mark = this.#sealed([encodeRecord({ kind: 'mark' })])
    try {
      await this.#write(mark)
    } catch {
      // The next records take its place.
      return
    }
    this.#advance(mark)
    this.#unsynced = true
  }

  /**
   * Says through to the disk, in the file that is there for it, how far the tail goes: whatever
   * cuts it short from then on is seen.
   *
   * @throws what the system says; nothing acknowledged depends on it
   */
  async settleLength(): Promise<void> {
    if (this.#failure || !this.#length) return
    if (this.#unsynced) await this.#file.datasync()
    this.#unsynced = false
    await this.#length.settle(this.#end)
  }

  /** Appends to `target` the changes from one point of this tail to another. */
  async copy(from: TailPoint, to: TailPoint, target: TailFile): Promise<void> {
    const window = new FileWindow(this.#file, this.path, to.bytes)
    let waiting: Uint8Array[] = []
    let bytes = 0
    const start = { form: this.#form, from: from.bytes, sequence: from.sequence + 1 }
    for await (const { record, bytes: length, offsetBytes } of walkTail(window, start)) {
      if (record === undefined) {
        throw new SidikError('GALLERY_CORRUPT', `${this.path} is damaged at byte ${offsetBytes}, ${length} bytes`)
      }
      if (record.entry.kind === 'mark' || record.entry.kind === 'unopened') continue
      const nextBytes = length + SEALED_RECORD_BYTES
      if (bytes + nextBytes > MAX_WRITE_BYTES) {
        await target.append(waiting)
        waiting = []
        bytes = 0
      }
      waiting.push(encodeRecord(record.entry))
      bytes += nextBytes
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
    try {
      await this.#length?.close()
    } finally {
      await this.#file.close()
    }
  }

  #sealed(records: readonly Uint8Array[]): Uint8Array[] {
    let { sequence } = this.#end
    let previousCrc = this.#lastCrc
    return records.map(record => {
      const written = sealRecord(record, { sequence: ++sequence, settled: this.#settled, previousCrc }, this.#form)
      previousCrc = storedCrc(written)
      return written
    })
  }

  async #write(records: readonly Uint8Array[]): Promise<void> {
    await writeAll(this.#file, records.length === 1 ? records[0] : Buffer.concat(records), this.#end.bytes)
  }

  #advance(records: readonly Uint8Array[]): void {
    const bytes = records.reduce((sum, record) => sum + record.length, this.#end.bytes)
    this.#end = { bytes, sequence: this.#end.sequence + records.length }
    const last = records.at(-1)
    if (last !== undefined) this.#lastCrc = storedCrc(last)
    this.#declared = this.#settled
  }

  /**
   * Undoes a write that did not succeed, through to the disk: what was refused must not be there at the next opening.
   * When it was the wait for the disk that failed, the system may have dropped pages that it could not write, and says
   * so only once: whatever follows could be behind a hole.
   */
  async #takeBack(cause: unknown, isWritten: boolean): Promise<SidikError> {
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
    if (undone && !isWritten) return error
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
