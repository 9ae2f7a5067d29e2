import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { SidikError } from '../errors.js'
import type { Damage } from '../gallery/damage.js'
import type { SnapshotEntry } from '../gallery/snapshot.js'
import { PartFault } from '../gallery/snapshot-parts.js'
import type { RecordForm } from '../gallery/tail.js'
import {
  readTailLength,
  STATEMENT_BYTES,
  TAIL_LENGTH_BYTES,
  type TailLength,
  type TailPoint,
} from '../gallery/tail-length.js'
import { asFileError, type FileLayer, systemCode } from './file-layer.js'
import { FileWindow } from './file-window.js'
import { lengthName, snapshotName, tailName } from './gallery-names.js'
import { type GenerationHeads, type GenerationPlace, type GivenKey, readHeads } from './generation-heads.js'
import { scanSnapshot } from './snapshot-scan.js'
import { scanTail, type TailReading, type TailScan } from './tail-scan.js'
import { walkTail } from './tail-walk.js'

/** Takes one template of the gallery; says what is wrong with it if it cannot be taken. */
export type Receive = (entry: SnapshotEntry) => string | undefined

/** Is told what cannot be used; throws where that is not to be accepted. */
export type Report = (damage: Damage) => void

/** The files of a generation; undefined for one that is missing. */
export interface GenerationFiles {
  readonly snapshot: FileHandle | undefined
  readonly tail: FileHandle | undefined
  /** What says how far the tail goes. */
  readonly length: FileHandle | undefined
}

/**
 * Opens all before any is read: a compaction that removes them cannot take them away from then on.
 */
export async function openGeneration(
  folder: string,
  generation: number,
  writable: boolean,
  files: FileLayer,
): Promise<GenerationFiles> {
  const flags = writable ? 'r+' : 'r'
  const opened: FileHandle[] = []
  const open = async (name: string, flags: 'r' | 'r+') => {
    const file = await openIfThere(join(folder, name), flags, files)
    if (file) opened.push(file)
    return file
  }
  try {
    return {
      snapshot: await open(snapshotName(generation), 'r'),
      tail: await open(tailName(generation), flags),
      length: await open(lengthName(generation), flags),
    }
  } catch (cause) {
    for (const file of opened) await file.close()
    throw cause
  }
}

async function openIfThere(path: string, flags: 'r' | 'r+', files: FileLayer): Promise<FileHandle | undefined> {
  try {
    return await files.open(path, flags)
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined
    const code = flags === 'r' ? 'FILE_UNREADABLE' : 'FILE_UNWRITABLE'
    throw asFileError(code, `the gallery's ${path} cannot be opened`, cause)
  }
}

/** What was found in a generation's files. */
export interface LoadedGeneration {
  /** Undefined without a tail. */
  readonly scan: TailScan | undefined
  readonly form: RecordForm
  /** Undefined in version 1. */
  readonly galleryId: bigint | undefined
  readonly heads: GenerationHeads
  /** The file of the tail's length; undefined where there is none that can be gone on with. */
  readonly length: { /** What all of it says, if it does. */ readonly settled: TailPoint | undefined } | undefined
}

/**
 * Gives the templates of a generation to `receive`: each once, as the last change left it. First those of the snapshot
 * that no change names, then those of the tail, so in the order in which they came.
 *
 * @throws as {@link readHeads}
 */
export async function loadGeneration(
  place: GenerationPlace,
  files: GenerationFiles,
  given: GivenKey,
  receive: Receive,
  report: Report,
): Promise<LoadedGeneration> {
  const { folder, generation } = place
  const names = { snapshot: snapshotName(generation), tail: tailName(generation) }
  for (const kind of ['snapshot', 'tail'] as const) {
    if (files[kind]) continue
    report({ file: names[kind], offsetBytes: 0, bytes: 0, reason: `the ${kind} is missing` })
  }
  // Before the tail's size is asked: a writer may go on meanwhile, and the tail only grows.
  const stated =
    files.length && (await (await windowOf(files.length, lengthName(generation))).bytes(0, TAIL_LENGTH_BYTES + 1))
  const tail = files.tail && (await windowOf(files.tail, join(folder, names.tail)))
  const snapshot = files.snapshot && (await windowOf(files.snapshot, join(folder, names.snapshot)))
  const heads = await readHeads(place, { snapshot, tail }, given, report)
  const { form } = heads
  const stating = tail && statedLength(place, heads, stated, report)
  const reading = { file: names.tail, form, from: heads.recordsFrom, length: stating?.point }
  const scan = tail && (await scanTail(tail, reading))
  for (const damage of scan?.damage ?? []) report(damage)
  // None but the first was written while the tail ended where that says.
  const isTornAtMost = stating && scan && scan.lastSequence > stating.firstSequence
  const damaged = isTornAtMost ? [] : (stating?.differing ?? [])
  for (const statement of damaged) report({ file: lengthName(generation), bytes: STATEMENT_BYTES, ...statement })
  const settled = stating?.differing.length === 0 ? stating.point : undefined
  const length = stating && damaged.length === 0 ? { settled } : undefined
  const latest = scan?.latest ?? new Map<string, number>()
  if (snapshot) {
    const trailerCrc = await loadSnapshot(snapshot, names.snapshot)
    if (heads.tail && trailerCrc !== undefined && trailerCrc !== heads.tail.snapshotCrc) {
      throw new SidikError(
        'GALLERY_CORRUPT',
        `${join(folder, names.tail)} continues another snapshot than ${names.snapshot}`,
      )
    }
  }
  if (tail && scan && latest.size > 0) await loadTail(tail.upTo(scan.endBytes), reading)
  return { scan, form, galleryId: heads.galleryId, heads, length }

  async function loadSnapshot(window: FileWindow, file: string): Promise<number | undefined> {
    const cipher = heads.isSealed ? (heads.seal?.cipherOf('snapshot') ?? 'unopened') : undefined
    const blocks = scanSnapshot(window, cipher, damage => report({ file, ...damage }))
    for (;;) {
      const { value, done } = await blocks.next()
      if (done) return value
      const { entries, offsetBytes, bytes } = value
      for (const entry of entries) {
        if (!latest.has(entry.id)) take(entry, { file, offsetBytes, bytes })
      }
    }
  }

  async function loadTail(window: FileWindow, { form, from }: TailReading): Promise<void> {
    for await (const { record, offsetBytes, bytes } of walkTail(window, { form, from, sequence: 1 })) {
      if (record?.entry.kind !== 'insert' || latest.get(record.entry.id) !== record.sequence) continue
      take(record.entry, { file: names.tail, offsetBytes, bytes })
    }
  }

  function take({ id, template }: SnapshotEntry, at: Omit<Damage, 'reason'>): void {
    const problem = receive({ id, template })
    if (problem !== undefined) report({ ...at, reason: `'${id}' cannot be used: ${problem}` })
  }
}

/** What the file of the tail's length says; undefined where there is none yet, or it is damaged. */
function statedLength(
  { galleryId: marked, generation }: GenerationPlace,
  { tail, galleryId, seal, isSealed }: GenerationHeads,
  bytes: Uint8Array | undefined,
  report: Report,
): TailLength | undefined {
  const file = lengthName(generation)
  // A folder of version 1 has no such file, or an unfinished one.
  const isExpected = marked !== undefined || tail?.galleryId !== undefined
  if (!isExpected || galleryId === undefined) return undefined
  if (bytes === undefined) {
    report({ file, offsetBytes: 0, bytes: 0, reason: 'the file that says how far the tail goes is missing' })
    return undefined
  }
  try {
    const cipher = seal?.cipherOf('length')
    return readTailLength(bytes, { generation, galleryId, cipher }, isSealed && seal === undefined)
  } catch (fault) {
    if (!(fault instanceof PartFault)) throw fault
    report({ file, offsetBytes: fault.at, bytes: bytes.length, reason: fault.message })
    return undefined
  }
}

async function windowOf(file: FileHandle, path: string): Promise<FileWindow> {
  const { size } = await file.stat()
  return new FileWindow(file, path, size)
}
