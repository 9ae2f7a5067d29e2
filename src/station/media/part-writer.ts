/**
 * Writes a bundle's files into a folder so that a medium that is pulled out, or fills up, leaves nothing that is taken for whole: under
 * temporary names and through to the medium first; then the parts get their names; the manifest, without which they are of no use, last.
 */
import { createHash, type Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { SidikError } from '../../errors.js'
import { asFileError, DISK, type FileLayer, systemCode } from '../../node/file-layer.js'
import { PRIVATE_FILE_MODE } from '../../node/modes.js'
import { entriesOf } from '../../node/names-in.js'
import { syncFolder } from '../../node/replace-file.js'
import { MOST_NAMES } from './bounds.js'
import type { ManifestPart } from './manifest.js'
import { bundleOfTemporary, MOST_PARTS, manifestName, partName, temporaryName } from './names.js'

/** What of a bundle has a hash of its own: damage is located to so many bytes, and 10 GB have 1.3 MB of hashes. */
export const CHUNK_BYTES = 262_144

export interface PartWriterOptions {
  readonly folder: string
  /** Who writes. */
  readonly station: string
  readonly bundle: string
  /** At least CHUNK_BYTES. Parts hold whole chunks, so that they can be a little smaller. */
  readonly partBytes: number
  readonly files?: FileLayer
}

/** Bundles that are being written by this program: their temporary files are not left over. */
const beingWritten = new Set<string>()

interface OpenPart {
  readonly file: FileHandle
  readonly sha256: Hash
  readonly chunkHashes: Buffer[]
  sizeBytes: number
}

export class PartWriter {
  readonly #options: PartWriterOptions
  readonly #files: FileLayer
  readonly #partBytes: number
  readonly #chunk = Buffer.alloc(CHUNK_BYTES)
  #filled = 0
  #part: OpenPart | undefined
  readonly #parts: ManifestPart[] = []
  /** What lies in the folder and would have to go. */
  readonly #written: string[] = []

  constructor(options: PartWriterOptions) {
    this.#options = options
    this.#files = options.files ?? DISK
    this.#partBytes = options.partBytes - (options.partBytes % CHUNK_BYTES)
    beingWritten.add(options.bundle)
  }

  /**
   * Removes what a kill or a medium that was pulled out left of earlier bundles of this station, as
   * far as that can be removed. Whatever it is, it is not opened, and of a folder that somebody
   * filled only the first names are looked at.
   *
   * @throws as {@link write}; the signal's reason
   */
  async clean(signal?: AbortSignal): Promise<void> {
    const { folder, station } = this.#options
    const left: string[] = []
    await this.#guarded(async () => {
      let names = 0
      for await (const entry of entriesOf(folder, signal)) {
        const bundle = bundleOfTemporary(entry.name, station)
        if (bundle !== undefined && !beingWritten.has(bundle) && !entry.isDirectory()) left.push(entry.name)
        if (++names >= MOST_NAMES) break
      }
    })
    for (const name of left) {
      signal?.throwIfAborted()
      await this.#files.rm(join(folder, name), { force: true }).catch(() => {})
    }
  }

  /** @throws SidikError MEDIA_FULL, FILE_UNWRITABLE */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + CHUNK_BYTES - this.#filled)
      this.#chunk.set(piece, this.#filled)
      this.#filled += piece.length
      at += piece.length
      if (this.#filled === CHUNK_BYTES) await this.#guarded(() => this.#endChunk())
    }
  }

  /**
   * Gives the bundle its names. @returns them, the manifest first
   *
   * @param manifestOf the bytes of the manifest of these parts
   * @throws as {@link write}
   */
  async finish(manifestOf: (parts: readonly ManifestPart[]) => Uint8Array): Promise<string[]> {
    const names = await this.#guarded(async () => {
      if (this.#filled > 0) await this.#endChunk()
      await this.#endPart()
      const manifest = await this.#create(0)
      try {
        await manifest.writeFile(manifestOf(this.#parts))
        await manifest.sync()
      } finally {
        await manifest.close()
      }
      return await this.#giveNames()
    })
    beingWritten.delete(this.#options.bundle)
    return names
  }

  /** Removes what was written. Where that is not possible (the medium is gone) the next bundle does it. */
  async discard(): Promise<void> {
    await this.#part?.file.close().catch(() => {})
    for (const path of this.#written) await this.#files.rm(path, { force: true }).catch(() => {})
    beingWritten.delete(this.#options.bundle)
  }

  async #endChunk(): Promise<void> {
    this.#part ??= await this.#beginPart()
    const chunk = this.#chunk.subarray(0, this.#filled)
    await this.#part.file.writeFile(chunk)
    this.#part.sha256.update(chunk)
    this.#part.chunkHashes.push(createHash('sha256').update(chunk).digest())
    this.#part.sizeBytes += chunk.length
    this.#filled = 0
    if (this.#part.sizeBytes >= this.#partBytes) await this.#endPart()
  }

  async #beginPart(): Promise<OpenPart> {
    const number = this.#parts.length + 1
    if (number > MOST_PARTS)
      throw new RangeError(`partBytes is ${this.#partBytes}, which makes more than ${MOST_PARTS} parts`)
    return { file: await this.#create(number), sha256: createHash('sha256'), chunkHashes: [], sizeBytes: 0 }
  }

  async #endPart(): Promise<void> {
    const part = this.#part
    if (part === undefined) return
    await part.file.sync()
    await part.file.close()
    this.#part = undefined
    const chunkHashes = Buffer.concat(part.chunkHashes)
    this.#parts.push({ sizeBytes: part.sizeBytes, sha256: part.sha256.digest(), chunkHashes })
  }

  async #create(part: number): Promise<FileHandle> {
    const path = this.#temporary(part)
    const file = await this.#files.open(path, 'wx', PRIVATE_FILE_MODE)
    this.#written.push(path)
    return file
  }

  async #giveNames(): Promise<string[]> {
    const { folder, bundle } = this.#options
    const count = this.#parts.length
    for (let number = 1; number <= count; number++) await this.#rename(number, partName(bundle, number, count))
    await syncFolder(folder, this.#files)
    await this.#rename(0, manifestName(bundle))
    await syncFolder(folder, this.#files)
    return [manifestName(bundle), ...this.#parts.map((_, i) => partName(bundle, i + 1, count))]
  }

  async #rename(part: number, name: string): Promise<void> {
    const [from, to] = [this.#temporary(part), join(this.#options.folder, name)]
    // The names are random, so that nothing is overwritten.
    await this.#files.rename(from, to)
    this.#written.push(to)
  }

  #temporary(part: number): string {
    const { folder, station, bundle } = this.#options
    return join(folder, temporaryName(station, bundle, part))
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      const { folder } = this.#options
      if (['ENOSPC', 'EDQUOT'].includes(systemCode(cause) ?? '')) {
        const told = `there is no room left in ${folder} for the bundle: nothing of it was kept there`
        throw new SidikError('MEDIA_FULL', told, { cause })
      }
      throw asFileError('FILE_UNWRITABLE', `the bundle cannot be written to ${folder}`, cause)
    }
  }
}
