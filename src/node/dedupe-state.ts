import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Stretch } from '../dedupe/findings.js'
import {
  type DedupeRun,
  encodeRun,
  encodeStateHeader,
  encodeStretch,
  FOUND_ID,
  RUN_ID,
  readRun,
  readStateHeader,
  readStretch,
  STATE_HEADER_BYTES,
} from '../dedupe/state.js'
import { differences } from '../dedupe/state-differences.js'
import { SidikError } from '../errors.js'
import { PartFault } from '../gallery/snapshot-parts.js'
import { MAX_WRITE_BYTES } from '../gallery/tail.js'
import { encodeRecord, sealRecord } from '../gallery/tail-write.js'
import { crc32 } from '../template/crc32.js'
import { asFileError, DISK, type FileLayer, systemCode } from './file-layer.js'
import { FileWindow } from './file-window.js'
import { isTemporary, replaceFile } from './replace-file.js'
import { TailFile } from './tail-file.js'
import { scanTail, type TailReading, type TailScan } from './tail-scan.js'
import { walkTail } from './tail-walk.js'

/**
 * The file in which a deduplication keeps what it has found. It is for one run at a time: two that share it would write over
 * each other, which the next one finds as damage.
 */
export class DedupeState {
  readonly #tail: TailFile
  /** What was found before, in the order of the searches. */
  readonly stretches: readonly Stretch[]

  private constructor(tail: TailFile, stretches: readonly Stretch[]) {
    this.#tail = tail
    this.stretches = stretches
  }

  /**
   * The state of this run in a file; one in which nothing was found if there is no such file. A torn end is cut off.
   *
   * @throws SidikError STATE_FORMAT, STATE_VERSION, STATE_CORRUPT, STATE_MISMATCH, FILE_UNREADABLE, FILE_UNWRITABLE
   */
  static async open(path: string, run: DedupeRun, files: FileLayer = DISK): Promise<DedupeState> {
    const file = (await openPresent(path, files)) ?? (await create(path, run, files))
    try {
      const { generation, scan, stretches } = await read(path, file, run)
      const kind = { generation, form: { salt: generation } }
      return new DedupeState(await TailFile.continue(path, file, kind, scan), stretches)
    } catch (error) {
      await file.close()
      throw error instanceof SidikError && error.code.startsWith('STATE_')
        ? new SidikError(error.code, `${path}: ${error.message}`, { cause: error })
        : error
    }
  }

  /**
   * Adds what more was found, and returns when it is on the disk.
   *
   * @throws SidikError FILE_UNWRITABLE: what was added before is still there
   */
  async append(stretches: readonly Stretch[]): Promise<void> {
    const records = stretches.map(stretch => {
      return encodeRecord({ kind: 'insert', id: FOUND_ID, template: encodeStretch(stretch) })
    })
    try {
      for (const batch of batches(records)) await this.#tail.append(batch)
    } catch (cause) {
      const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
      const message = `${this.#tail.path} cannot be written (${why}): make room and call again, it goes on from there`
      throw new SidikError('FILE_UNWRITABLE', message, { cause })
    }
  }

  /** Says in the file that all before is on the disk, and closes it. */
  async close(): Promise<void> {
    await this.#tail.mark()
    await this.#tail.close()
  }
}

async function openPresent(path: string, files: FileLayer): Promise<FileHandle | undefined> {
  try {
    return await files.open(path, 'r+')
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined
    throw asFileError('FILE_UNREADABLE', `the state ${path} cannot be opened`, cause)
  }
}

async function create(path: string, run: DedupeRun, files: FileLayer): Promise<FileHandle> {
  const payload = encodeRun(run)
  const record = encodeRecord({ kind: 'insert', id: RUN_ID, template: payload })
  sealRecord(record, { sequence: 1, settled: 0, previousCrc: 0 }, { salt: crc32(payload) })
  try {
    await removeLeftOver(path, files)
    await replaceFile(path, [encodeStateHeader(payload), record], files)
    return await files.open(path, 'r+')
  } catch (cause) {
    throw asFileError('FILE_UNWRITABLE', `the state ${path} cannot be made`, cause)
  }
}

/** What a crash left of the making of this state. */
async function removeLeftOver(path: string, files: FileLayer): Promise<void> {
  const folder = dirname(path)
  for (const name of await files.readdir(folder)) {
    if (isTemporary(name) && name.startsWith(`.${basename(path)}.`)) await files.rm(join(folder, name), { force: true })
  }
}

async function read(path: string, file: FileHandle, run: DedupeRun) {
  const { size: sizeBytes } = await file.stat()
  const window = new FileWindow(file, path, sizeBytes)
  const generation = readHeader(await window.bytes(0, STATE_HEADER_BYTES))
  const reading = { file: path, form: { salt: generation }, from: STATE_HEADER_BYTES }
  const scan = await scanTail(window, reading)
  for (const { offsetBytes, bytes, reason } of scan.damage) throw corrupt(offsetBytes, `${bytes} bytes: ${reason}`)
  return { generation, scan, stretches: await readRecords(window.upTo(scan.endBytes), reading, scan, run) }
}

function readHeader(bytes: Uint8Array): number {
  try {
    return readStateHeader(bytes)
  } catch (error) {
    throw error instanceof PartFault ? corrupt(error.at, error.message) : error
  }
}

/** Checks what the state is of, and reads what was found. */
async function readRecords(window: FileWindow, { form, from }: TailReading, scan: TailScan, run: DedupeRun) {
  const stretches: Stretch[] = []
  let next = 0
  let known = false
  for await (const { record, offsetBytes } of walkTail(window, { form, from, sequence: 1 })) {
    const entry = record?.entry
    if (entry?.kind === 'mark') continue
    if (entry?.kind !== 'insert') throw corrupt(offsetBytes, 'it holds what no state holds')
    if (!known) {
      checkRun(entry.id === RUN_ID ? readRun(entry.template) : undefined, run)
      known = true
      continue
    }
    const stretch = entry.id === FOUND_ID ? readStretch(entry.template, next, run.size) : undefined
    if (stretch === undefined) throw corrupt(offsetBytes, 'it does not follow what comes before')
    stretches.push(stretch)
    next = stretch.to
  }
  if (!known) throw corrupt(scan.endBytes, 'it does not say what it is of')
  return stretches
}

function checkRun(found: DedupeRun | undefined, run: DedupeRun): void {
  if (found === undefined) throw corrupt(STATE_HEADER_BYTES, 'it does not say what it is of')
  const different = differences(found, run)
  if (different.length === 0) return
  const message = `the state is of ${different.join(', and of ')}: name another file, or delete this one to begin anew`
  throw new SidikError('STATE_MISMATCH', message)
}

function corrupt(offsetBytes: number, problem: string): SidikError {
  const message = `the state is damaged at byte ${offsetBytes}, ${problem}; put a copy in its place, or delete it to begin anew`
  return new SidikError('STATE_CORRUPT', message)
}

/** In their order, no more than may be written at once. */
function* batches(records: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = []
  let bytes = 0
  for (const record of records) {
    if (bytes + record.length > MAX_WRITE_BYTES) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(record)
    bytes += record.length
  }
  if (batch.length > 0) yield batch
}
