import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ErrorCode, SidikError } from '../../../errors.js'
import { systemCode } from '../../../node/file-layer.js'
import { namingFile } from '../../../node/naming-file.js'
import { untilAborted } from '../../../until-aborted.js'
import type { Adapter, AdapterRequest } from '../../adapter.js'
import { type OnDeviation, readingOf } from '../../adapter-options.js'
import { framesOfFile } from '../../frames-of-file.js'
import type { CaptureFrame, DeviceIdentity, DeviceState } from '../../source.js'
import { FolderListing, type ListedFile } from './folder-listing.js'
import { FolderWatch } from './folder-watch.js'
import { readListed } from './read-listed.js'
import { type FrameKey, TakenFrames } from './taken-frames.js'

export interface FolderAdapterOptions {
  readonly folder: string
  readonly stateFolder: string
  readonly settleMs: number
  readonly pollMs: number
  readonly ppi: number | undefined
  readonly device: DeviceIdentity
  readonly onRefused: (file: string, error: SidikError) => void
  readonly onDeviation: OnDeviation | undefined
}

/** A file that does not decode may be one whose writer pauses: for so many times `settleMs` it is not reported. */
const PATIENCE = 10

/** The folder is looked through no more often, and for no more than a fifth of the time. */
const LEAST_REST_MS = 50
const REST_PER_LOOK = 4

const STATUS_OF: Partial<Record<ErrorCode, DeviceState['status']>> = {
  DEVICE_BUSY: 'busy',
  DEVICE_UNREACHABLE: 'unreachable',
}

export class FolderAdapter implements Adapter {
  readonly name = 'folder'
  readonly #options: FolderAdapterOptions
  readonly #listing: FolderListing
  readonly #given = new WeakMap<CaptureFrame, FrameKey>()
  #state: TakenFrames | undefined
  /** The state is opened by one at a time. */
  #lastOpened: Promise<unknown> = Promise.resolve()
  #lookedMs = Number.NEGATIVE_INFINITY
  #lookTookMs = 0

  constructor(options: FolderAdapterOptions) {
    this.#options = options
    this.#listing = new FolderListing(options.folder)
  }

  async state(signal: AbortSignal): Promise<DeviceState> {
    const { folder, device } = this.#options
    try {
      await untilAborted(this.#open(), signal)
      return { status: 'ready', message: `prints are taken from the files in ${folder}`, device }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof SidikError)) throw error
      return { status: STATUS_OF[error.code] ?? 'not-ready', message: error.message, device }
    }
  }

  async *frames(_request: AdapterRequest, signal: AbortSignal): AsyncGenerator<CaptureFrame, void, undefined> {
    const state = await untilAborted(this.#open(), signal)
    const watch = new FolderWatch(this.#options.folder)
    try {
      for (;;) {
        const file = await this.#nextFile(watch, state, signal)
        file.handled = true
        if (file.error !== undefined) {
          file.refused = true
          this.#options.onRefused(file.name, file.error)
          continue
        }
        for (const [key, frame] of await untilAborted(this.#read(file, state), signal)) {
          if (state.isTaken(key)) continue
          this.#given.set(frame, key)
          yield frame
        }
      }
    } finally {
      watch.close()
    }
  }

  async accept(frame: CaptureFrame): Promise<void> {
    const key = this.#given.get(frame)
    if (key === undefined || this.#state === undefined) throw new TypeError('frame must be one that this source gave')
    await this.#state.take(key)
  }

  async close(): Promise<void> {
    await this.#lastOpened
    await this.#state?.close()
  }

  #open(): Promise<TakenFrames> {
    const opened = this.#lastOpened.then(async () => {
      await assertFolder(this.#options.folder)
      if (this.#state !== undefined && (await this.#state.isInPlace())) return this.#state
      await this.#state?.close().catch(() => {})
      this.#state = undefined
      this.#state = await TakenFrames.open(this.#options.stateFolder)
      return this.#state
    })
    this.#lastOpened = opened.catch(() => {})
    return opened
  }

  /** Waits for a file that is complete, or is not and will not be. */
  async #nextFile(watch: FolderWatch, state: TakenFrames, signal: AbortSignal): Promise<ListedFile> {
    const { settleMs, pollMs } = this.#options
    for (;;) {
      signal.throwIfAborted()
      const restMs = Math.max(LEAST_REST_MS, REST_PER_LOOK * this.#lookTookMs)
      const nowMs = performance.now()
      const dueMs = this.#lookedMs + (watch.changed ? restMs : Math.max(restMs, pollMs))
      if (nowMs >= dueMs) {
        watch.changed = false
        await untilAborted(this.#look(state), signal)
        continue
      }
      const next = this.#listing.next(nowMs, settleMs, PATIENCE * settleMs)
      if (typeof next !== 'number') return next
      await untilAborted(watch.wait(Math.min(next, dueMs - nowMs)), signal)
    }
  }

  async #look(state: TakenFrames): Promise<void> {
    const begunMs = performance.now()
    try {
      await this.#listing.update((name, described) => state.isDone(name, described))
    } catch (cause) {
      if (systemCode(cause) === undefined) throw cause
      const { message } = cause as Error
      throw new SidikError('DEVICE_DISCONNECTED', `the folder ${this.#options.folder} went away: ${message}`, { cause })
    }
    this.#lookedMs = performance.now()
    this.#lookTookMs = this.#lookedMs - begunMs
    const { names } = this.#listing
    // An empty folder may be one whose disk is not there.
    if (names.size > 0 && state.isLong(names.size)) await state.compact(names)
  }

  /** The frames of a file that are not taken; none when it is not as it was listed, or is none that is read. */
  async #read(file: ListedFile, state: TakenFrames): Promise<[FrameKey, CaptureFrame][]> {
    const { folder, ppi, device, onDeviation } = this.#options
    const path = join(folder, file.name)
    try {
      const bytes = await readListed(path, file)
      if (bytes === undefined) return []
      const of = { file: file.name, sha256: createHash('sha256').update(bytes).digest('hex'), stat: file.stat }
      if (state.isWhole(of)) return []
      const capturedAt = new Date(Number(file.modifiedNs / 1_000_000n))
      const origin = { device, capturedAt, label: file.name, ppi }
      const read = readingOf(file.name, onDeviation)
      const frames = await namingFile(path, () => framesOfFile(bytes, origin, read))
      return frames.map((frame, i) => [{ ...of, frame: i, of: frames.length }, frame])
    } catch (error) {
      if (!(error instanceof SidikError)) throw error
      file.error = error
      file.handled = false
      return []
    }
  }
}

async function assertFolder(folder: string): Promise<void> {
  const why = await stat(folder).then(
    found => (found.isDirectory() ? undefined : 'it is no folder'),
    (cause: Error) => cause.message,
  )
  if (why === undefined) return
  throw new SidikError(
    'DEVICE_UNREACHABLE',
    `the folder ${folder} cannot be read (${why}): see whether its disk is there`,
  )
}
