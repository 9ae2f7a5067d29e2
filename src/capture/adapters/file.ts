/** Prints in files that are named one by one (entry point `sidik/capture/file`). */
import { stat } from 'node:fs/promises'
import { namingFile } from '../../node/naming-file.js'
import { readPrintFile } from '../../node/read-file.js'
import { callback, readOptions } from '../../options.js'
import { untilAborted } from '../../until-aborted.js'
import type { Adapter, AdapterRequest } from '../adapter.js'
import { deviceOption, type OnDeviation, ppiOption, readingOf, type StatedDevice } from '../adapter-options.js'
import { createSource } from '../create-source.js'
import { framesOfFile } from '../frames-of-file.js'
import type { CaptureFrame, CaptureSource, DeviceIdentity, DeviceState } from '../source.js'

export interface FileSourceOptions {
  /** Of the images, over what the files say, 250 to 1,100. */
  readonly ppi?: number
  /** What is known of the scanner; goes into each frame. */
  readonly device?: StatedDevice
  /** Called where a record in a file (its path) deviates from its standard, and is read all the same; such a record is an error without it. */
  readonly onDeviation?: OnDeviation
}

/** Paths that there are, or that come one after the other. */
export type FilePaths = string | Iterable<string> | AsyncIterable<string>

/**
 * The prints in files of any kind that is read, in their order; captures end with the last file. A capture goes on where the one
 * before was left, with the frame that was not accepted; nothing is remembered beyond the source.
 *
 * A file that cannot be read ends its capture with an error that names it (FILE_UNREADABLE, NO_IMAGE, and what reading and decoding
 * throw); the next capture goes on with the file behind it.
 *
 * @throws TypeError, RangeError for an option that is not what its type says
 */
export function fileSource(paths: FilePaths, options?: FileSourceOptions): CaptureSource {
  const { ppi, device, onDeviation } = readOptions('fileSource', options, ['ppi', 'device', 'onDeviation'])
  const read = { ppi: ppiOption(ppi), onDeviation: callback('onDeviation', onDeviation) }
  return createSource(new FileAdapter(iteratorOf(paths), read, deviceOption('file', device)))
}

interface HowToRead {
  readonly ppi: number | undefined
  readonly onDeviation: OnDeviation | undefined
}

class FileAdapter implements Adapter {
  readonly name = 'file'
  readonly #paths: Iterator<string> | AsyncIterator<string>
  readonly #how: HowToRead
  readonly #device: DeviceIdentity
  /** The next path, as long as it is waited for. */
  #asked: Promise<IteratorResult<string>> | undefined
  /** The file whose turn it is. */
  #path: string | undefined
  /** Its frames that were not accepted. */
  #left: CaptureFrame[] = []

  constructor(paths: Iterator<string> | AsyncIterator<string>, how: HowToRead, device: DeviceIdentity) {
    this.#paths = paths
    this.#how = how
    this.#device = device
  }

  async state(): Promise<DeviceState> {
    return { status: 'ready', message: 'files are read when they are asked for', device: this.#device }
  }

  async *frames(_request: AdapterRequest, signal: AbortSignal): AsyncGenerator<CaptureFrame, void, undefined> {
    for (;;) {
      while (this.#left.length > 0) yield this.#left[0]
      this.#path ??= await this.#nextPath(signal)
      if (this.#path === undefined) return
      try {
        this.#left = await untilAborted(this.#read(this.#path), signal)
      } catch (error) {
        if (!signal.aborted) this.#path = undefined
        throw error
      }
      this.#path = undefined
    }
  }

  async accept(frame: CaptureFrame): Promise<void> {
    this.#left = this.#left.filter(left => left !== frame)
  }

  async close(): Promise<void> {
    // It may never come to its end, if it is waiting for a path.
    void Promise.resolve(this.#paths.return?.()).catch(() => {})
  }

  async #nextPath(signal: AbortSignal): Promise<string | undefined> {
    this.#asked ??= Promise.resolve(this.#paths.next())
    const { done, value } = await untilAborted(this.#asked, signal).finally(() => {
      if (!signal.aborted) this.#asked = undefined
    })
    if (done) return undefined
    if (typeof value !== 'string' || value === '') throw new TypeError('paths must give names of files')
    return value
  }

  async #read(path: string): Promise<CaptureFrame[]> {
    const { buffer, byteOffset, length } = await readPrintFile(path)
    const { mtime: capturedAt } = await stat(path)
    const { ppi, onDeviation } = this.#how
    const origin = { device: this.#device, capturedAt, label: path, ppi }
    const bytes = new Uint8Array(buffer, byteOffset, length)
    return namingFile(path, () => framesOfFile(bytes, origin, readingOf(path, onDeviation)))
  }
}

function iteratorOf(paths: FilePaths): Iterator<string> | AsyncIterator<string> {
  if (typeof paths === 'string') return [paths][Symbol.iterator]()
  if (typeof paths === 'object' && paths !== null) {
    if (Symbol.asyncIterator in paths) return paths[Symbol.asyncIterator]()
    if (Symbol.iterator in paths) return paths[Symbol.iterator]()
  }
  throw new TypeError('paths must be the name of a file, or give several')
}
