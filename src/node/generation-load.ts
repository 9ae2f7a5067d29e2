import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { SidikError } from '../errors.js'
import type { Damage } from '../gallery/damage.js'
import type { SnapshotEntry } from '../gallery/snapshot.js'
import { PartFault } from '../gallery/snapshot-parts.js'
import { TAIL_HEADER_BYTES, type TailHeader } from '../gallery/tail.js'
import { readTailHeader } from '../gallery/tail-read.js'
import { asFileError, type FileLayer, systemCode } from './file-layer.js'
import { FileWindow } from './file-window.js'
import { snapshotName, tailName } from './gallery-names.js'
import { scanSnapshot } from './snapshot-scan.js'
import { scanTail, type TailScan } from './tail-scan.js'
import { walkTail } from './tail-walk.js'

/** Takes one template of the gallery; says what is wrong with it if it cannot be taken. */
export type Receive = (entry: SnapshotEntry) => string | undefined

/** Is told what cannot be used; throws where that is not to be accepted. */
export type Report = (damage: Damage) => void

/** The files of a generation; undefined for one that is missing. */
export interface GenerationFiles {
  readonly snapshot: FileHandle | undefined
  readonly tail: FileHandle | undefined
}

/** Opens both before either is read: a compaction that removes them cannot take them away from then on. */
export async function openGeneration(
  folder: string,
  generation: number,
  writable: boolean,
  files: FileLayer,
): Promise<GenerationFiles> {
  const snapshot = await openIfThere(join(folder, snapshotName(generation)), 'r', files)
  try {
    const tail = await openIfThere(join(folder, tailName(generation)), writable ? 'r+' : 'r', files)
    return { snapshot, tail }
  } catch (cause) {
    await snapshot?.close()
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

/**
 * Gives the templates of a generation to `receive`: each once, as the last change left it. First those of the snapshot
 * that no change names, then those of the tail, so in the order in which they came. Returns what is in the tail.
 */
export async function loadGeneration(
  folder: string,
  generation: number,
  { snapshot, tail }: GenerationFiles,
  receive: Receive,
  report: Report,
): Promise<TailScan | undefined> {
  const names = { snapshot: snapshotName(generation), tail: tailName(generation) }
  for (const kind of ['snapshot', 'tail'] as const) {
    if ({ snapshot, tail }[kind]) continue
    report({ file: names[kind], offsetBytes: 0, bytes: 0, reason: `the ${kind} is missing` })
  }
  const window = tail && (await windowOf(tail, join(folder, names.tail)))
  const header = window && (await headerOf(window, folder, names.tail, generation, report))
  const scan = window && (await scanTail(window, names.tail, generation))
  for (const damage of scan?.damage ?? []) report(damage)
  const latest = scan?.latest ?? new Map<string, number>()
  if (snapshot) {
    const trailerCrc = await loadSnapshot(await windowOf(snapshot, join(folder, names.snapshot)), names.snapshot)
    if (header && trailerCrc !== undefined && trailerCrc !== header.snapshotCrc) {
      throw new SidikError(
        'GALLERY_CORRUPT',
        `${join(folder, names.tail)} continues another snapshot than ${names.snapshot}`,
      )
    }
  }
  if (window && scan && latest.size > 0) await loadTail(window.upTo(scan.endBytes))
  return scan

  async function loadSnapshot(window: FileWindow, file: string): Promise<number | undefined> {
    const blocks = scanSnapshot(window, damage => report({ file, ...damage }))
    for (;;) {
      const { value, done } = await blocks.next()
      if (done) return value
      const { entries, offsetBytes, bytes } = value
      for (const entry of entries) {
        if (!latest.has(entry.id)) take(entry, { file, offsetBytes, bytes })
      }
    }
  }

  async function loadTail(window: FileWindow): Promise<void> {
    const start = { generation, from: TAIL_HEADER_BYTES, sequence: 1 }
    for await (const { record, offsetBytes, bytes } of walkTail(window, start)) {
      if (record?.entry.kind !== 'insert' || latest.get(record.entry.id) !== record.sequence) continue
      take(record.entry, { file: names.tail, offsetBytes, bytes })
    }
  }

  function take({ id, template }: SnapshotEntry, place: Omit<Damage, 'reason'>): void {
    const problem = receive({ id, template })
    if (problem !== undefined) report({ ...place, reason: `'${id}' cannot be used: ${problem}` })
  }
}

async function windowOf(file: FileHandle, path: string): Promise<FileWindow> {
  const { size } = await file.stat()
  return new FileWindow(file, path, size)
}

async function headerOf(
  window: FileWindow,
  folder: string,
  file: string,
  generation: number,
  report: Report,
): Promise<TailHeader | undefined> {
  const bytes = await window.bytes(0, TAIL_HEADER_BYTES)
  try {
    const header = readTailHeader(bytes)
    if (header.generation === generation) return header
  } catch (fault) {
    if (!(fault instanceof PartFault)) throw fault
    report({ file, offsetBytes: 0, bytes: bytes.length, reason: `header: ${fault.message}` })
    return undefined
  }
  throw new SidikError('GALLERY_CORRUPT', `${join(folder, file)} is not the tail of generation ${generation}`)
}
