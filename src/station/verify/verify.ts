import { existsSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { SidikError } from '../../errors.js'
import { abortSignal, callback, fileName, readOptions } from '../../options.js'
import { publicIdentity } from '../identity.js'
import { hostKeyOf } from '../open.js'
import { partsOf, type Station } from '../station.js'
import { DataKeys } from '../store/data-keys.js'
import { StationFile } from '../store/database.js'
import { markPathOf, readMark } from '../store/mark.js'
import { assertOwnFiles } from '../store/own-files.js'
import type { StationIdentity } from '../types.js'
import { type Check, type Finding, MOST_FINDINGS_OF_A_CODE, type VerifyCounts, zeroCounts } from './findings.js'
import { checkGuard } from './guard.js'
import { checkJournal } from './journal.js'
import { type Look, plain } from './look.js'
import { checkFileHeader, checkPages, checkWal, PageFile } from './pages.js'
import { checkDrafts, checkPayloads } from './payloads.js'
import { checkProjections } from './projections.js'
import { checkReceipts } from './receipts.js'
import { type Signer, signersOf } from './signers.js'
import { checkMark, checkMeta, checkSchema, checkStructure, treesOf } from './structure.js'

export interface VerifyProgress {
  readonly phase: 'pages' | 'structure' | 'journal' | 'payloads' | 'tables'
  readonly done: number
  readonly total: number
}

export interface VerifyOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: VerifyProgress) => void
  /** Keys of stations that the host knows by other ways than the file; what the file says of them is then not believed. */
  readonly peers?: readonly Signer[]
}

export interface Verification {
  /** Nothing was found, or nothing but bytes that hold nothing ('unused-bytes'). */
  readonly ok: boolean
  readonly findings: readonly Finding[]
  /** Findings of a code beyond the first 1,000 are not listed. */
  readonly unlisted: number
  readonly counts: Readonly<VerifyCounts>
}

/**
 * Looks at every byte of a station's file that means something: SQLite's own check, each page, each entry (hash, chain, signature, body),
 * each payload, and whether all tables are what follows from the journal. Damage is found and located, never thrown; nothing is changed,
 * and others may go on with the station meanwhile.
 *
 * @throws SidikError STATION_CLOSED, FILE_UNREADABLE; the signal's reason
 */
export async function verifyStation(station: Station, options?: VerifyOptions): Promise<Verification> {
  const asked = verifyOptions('verifyStation', options, [])
  const { file, keys, identity } = partsOf(station)
  const self = await publicIdentity(identity)
  return inspect(file.path, self, asked, opened => {
    const damaged = keys.changedSinceOpened(opened)
    return { keys, damaged }
  })
}

export interface VerifyFileOptions extends VerifyOptions {
  readonly key: Uint8Array
  readonly identity: StationIdentity
}

/**
 * The same for a file that no station opens any more, as far as it can be read. No other process should write to it.
 *
 * @throws SidikError STATION_KEY when the key opens nothing, STATION_IDENTITY, FILE_UNREADABLE; the signal's reason
 */
export async function verifyStationFile(path: string, options: VerifyFileOptions): Promise<Verification> {
  const asked = verifyOptions('verifyStationFile', options, ['key', 'identity'])
  if (fileName('path', path) === undefined) throw new TypeError('path must be the name of a file')
  const hostKey = hostKeyOf('key', asked.key)
  const self = await publicIdentity(asked.identity)
  return inspect(path, self, asked, opened => {
    const damaged: number[] = []
    return { keys: new DataKeys(opened, hostKey, number => damaged.push(number)), damaged }
  })
}

function verifyOptions<T extends VerifyOptions>(call: string, options: T | undefined, more: readonly (keyof T)[]): T {
  const asked = readOptions(call, options, ['signal', 'onProgress', 'peers', ...more])
  abortSignal('signal', asked.signal)
  callback('onProgress', asked.onProgress)
  if (asked.peers !== undefined && !Array.isArray(asked.peers)) throw new TypeError('peers must be a list')
  return asked
}

type OpenKeys = (file: StationFile) => { readonly keys: DataKeys; readonly damaged: readonly number[] }

async function inspect(
  path: string,
  self: Signer,
  { signal, onProgress, peers = [] }: VerifyOptions,
  openKeys: OpenKeys,
): Promise<Verification> {
  if (!existsSync(path)) throw new SidikError('FILE_UNREADABLE', `there is no station's file ${path}`)
  assertOwnFiles(path)
  const report = new Report(path, signal, onProgress)
  const mark = { path: markPathOf(path), exists: existsSync(markPathOf(path)), content: readMark(markPathOf(path)) }
  const file = opened(path, report)
  let pages: PageFile | undefined
  try {
    // From now on the file and its log are read as they are at this moment, whatever others write.
    if (file !== undefined) await report.take(snapshot(file))
    pages = new PageFile(path)
    const { counts } = report
    await report.take(checkFileHeader(pages))
    await report.take(checkWal(pages, path, counts))
    if (file === undefined) return report.result()
    await report.take(checkSchema(file))
    await report.take(
      treePages(file, pages, counts),
      'pages',
      () => pages!.pages,
      () => counts.pages,
    )
    await report.take(
      checkStructure(file, pages),
      'structure',
      () => 1,
      () => 0,
    )
    const keys = keysOrNone(file, openKeys, report)
    if (keys === undefined) return report.result()
    const look: Look = { file, keys, self: self.id, signers: signersOf(file, keys, self, peers), counts }
    await report.take(checkMark(look, mark.content, mark.path, mark.exists))
    await checkContents(look, report)
    return report.result()
  } finally {
    pages?.close()
    file?.close()
  }
}

/** Undefined, and found, when they cannot be read: then what is sealed under them cannot be looked at. */
function keysOrNone(file: StationFile, openKeys: OpenKeys, report: Report): DataKeys | undefined {
  const found = (message: string) => report.add({ code: 'key-damaged', where: { table: 'data_key' }, message })
  try {
    const { keys, damaged } = openKeys(file)
    for (const number of damaged) found(`data key ${number} does not open`)
    return keys
  } catch (error) {
    if (error instanceof SidikError && error.code === 'STATION_KEY') throw error
    found(plain(error))
    return undefined
  }
}

async function checkContents(look: Look, report: Report): Promise<void> {
  const { file, counts } = look
  const rows = (sql: string) => () => file.get<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)!.n
  await report.take(checkMeta(look))
  await report.take(checkGuard(look))
  await report.take(checkJournal(look), 'journal', rows('journal'), () => counts.entries)
  await report.take(checkPayloads(look), 'payloads', rows('payload'), () => counts.payloads)
  await report.take(checkDrafts(look))
  await report.take(checkReceipts(look))
  await report.take(checkProjections(look), 'tables', rows('record'), () => counts.projectedRows)
}

// biome-ignore lint/correctness/useYield: a check finds nothing where it does not fail
function* snapshot(file: StationFile): Check {
  file.run('BEGIN')
  file.all('SELECT 1 FROM sqlite_schema LIMIT 1')
}

function* treePages(file: StationFile, pages: PageFile, counts: VerifyCounts): Check {
  yield* checkPages(pages, treesOf(file), counts)
}

/** The file for reading alone; undefined, and found, where SQLite does not open it. */
function opened(path: string, report: Report): StationFile | undefined {
  try {
    return new StationFile(path, { create: false, readOnly: true })
  } catch (error) {
    report.add({ code: 'file-unopened', where: { file: path }, message: plain(error) })
    return undefined
  }
}

class Report {
  readonly counts = zeroCounts()
  readonly #findings: Finding[] = []
  readonly #ofCode = new Map<string, number>()
  readonly #signal: AbortSignal | undefined
  readonly #onProgress: VerifyOptions['onProgress']
  readonly #path: string
  #unlisted = 0

  constructor(path: string, signal: AbortSignal | undefined, onProgress: VerifyOptions['onProgress']) {
    this.#path = path
    this.#signal = signal
    this.#onProgress = onProgress
  }

  add(finding: Finding): void {
    const before = this.#ofCode.get(finding.code) ?? 0
    this.#ofCode.set(finding.code, before + 1)
    if (before < MOST_FINDINGS_OF_A_CODE) this.#findings.push(finding)
    else this.#unlisted++
  }

  /** What a check finds, with pauses in which others run. */
  async take(check: Check, phase?: VerifyProgress['phase'], total?: () => number, done?: () => number): Promise<void> {
    try {
      const all = total?.() ?? 0
      for (const found of check) {
        if (found !== undefined) {
          this.add(found)
          continue
        }
        await setImmediate()
        this.#signal?.throwIfAborted()
        if (phase !== undefined) this.#onProgress?.({ phase, done: done?.() ?? 0, total: all })
      }
    } catch (error) {
      this.#signal?.throwIfAborted()
      const message = plain(error)
      const where = { file: this.#path, ...(/schema/.test(message) && { table: 'sqlite_schema' }) }
      this.add({ code: 'table-unreadable', where, message })
    }
  }

  result(): Verification {
    const ok = this.#findings.every(({ code }) => code === 'unused-bytes')
    return { ok, findings: this.#findings, unlisted: this.#unlisted, counts: this.counts }
  }
}
