/**
 * A bundle's manifest, found among its files: one is in memory at a time, and no more is read than
 * its header accounts for.
 */
import { basename } from 'node:path'
import { SidikError } from '../../errors.js'
import { asFileError } from '../../node/file-layer.js'
import { closeFile, openRegular, readInto } from '../../node/regular-file.js'
import { sha256 } from '../store/payloads.js'
import { MOST_COPIES } from './bounds.js'
import type { FoundBundle } from './find-bundles.js'
import {
  chunkHash,
  HEADER_BYTES,
  MOST_MANIFEST_BYTES,
  mostBytesOf,
  type ReadManifest,
  readManifest,
  readManifestHead,
  type Stretch,
} from './manifest.js'
import { manifestName } from './names.js'
import type { Watch } from './types.js'

/** A stretch of a bundle's file that is not as it was written. */
export interface Damage extends Stretch {
  /** Path of the file. */
  readonly file: string
  /** From 1; absent for the manifest. */
  readonly part?: number
}

/** A bundle whose manifest was looked for. */
export interface NamedBundle extends FoundBundle {
  readonly manifest?: ReadManifest
  readonly missing: readonly string[]
  readonly damaged: readonly Damage[]
  readonly error?: SidikError
}

/** Reads the first manifest of a bundle that can be read. @throws the signal's reason */
export async function readManifestOf(found: FoundBundle, watch: Watch): Promise<NamedBundle> {
  const bundle = { ...found, missing: [] as string[], damaged: [] as Damage[] }
  let error: SidikError | undefined
  for (const file of found.manifests.slice(0, MOST_COPIES)) {
    try {
      const read = await readFrom(file, watch)
      const stretch = 'what' in read ? read : otherBundle(read, found.bundle)
      if (stretch === undefined) return { ...found, missing: [], damaged: [], manifest: read as ReadManifest }
      bundle.damaged.push({ file, ...stretch })
    } catch (cause) {
      if (!(cause instanceof SidikError)) throw cause
      error ??= cause
    }
  }
  if (found.manifests.length === 0) bundle.missing.push(manifestName(found.bundle))
  return error === undefined ? bundle : { ...bundle, error }
}

/** @throws SidikError FILE_UNREADABLE, BUNDLE_FORMAT, BUNDLE_VERSION; the signal's reason */
async function readFrom(path: string, { signal, allowance }: Watch): Promise<ReadManifest | Stretch> {
  const name = basename(path)
  const regular = await openRegular(path, { signal })
  try {
    const { file, sizeBytes } = regular
    const start = Buffer.alloc(Math.min(HEADER_BYTES, sizeBytes))
    await readInto(file, start, 0, signal)
    const head = readManifestHead(start, name)
    if ('what' in head) return head
    const most = mostBytesOf(head)
    if (most > MOST_MANIFEST_BYTES) {
      throw new SidikError('BUNDLE_FORMAT', `${name} states more chunks than the largest manifest has`)
    }
    if (sizeBytes > most) return { offset: most, bytes: sizeBytes - most, what: 'has bytes behind its end' }
    allowance.take(sizeBytes, path)
    const bytes = Buffer.alloc(sizeBytes)
    return readManifest(bytes.subarray(0, await readInto(file, bytes, 0, signal)), name)
  } catch (cause) {
    throw asFileError('FILE_UNREADABLE', `${path} cannot be read`, cause)
  } finally {
    await closeFile(regular, signal)
  }
}

function otherBundle(manifest: ReadManifest, bundle: string): Stretch | undefined {
  if (manifest.bundle === bundle) return undefined
  return { offset: 12, bytes: 16, what: `names bundle ${manifest.bundle}: the file was renamed` }
}

/** Starts that are remembered. */
const MOST_STARTS = 131_072

/**
 * Hashes of the first chunks of all parts, by which a part under another's name is known. They are
 * read when one is first asked for.
 */
export class PartStarts {
  readonly #bundles: readonly FoundBundle[]
  readonly #watch: Watch
  #starts: Map<string, string> | undefined

  constructor(bundles: readonly FoundBundle[], watch: Watch) {
    this.#bundles = bundles
    this.#watch = watch
  }

  /** Names the part that begins with these bytes. @throws the signal's reason */
  async partWith(firstChunk: Uint8Array): Promise<string | undefined> {
    this.#starts ??= await this.#read()
    return this.#starts.get(sha256(firstChunk).toString('hex'))
  }

  async #read(): Promise<Map<string, string>> {
    const starts = new Map<string, string>()
    for (const found of this.#bundles) {
      const { bundle, manifest } = await readManifestOf(found, this.#watch)
      for (const [i, part] of (manifest?.parts ?? []).entries()) {
        if (starts.size >= MOST_STARTS) return starts
        if (part.sizeBytes === 0) continue
        starts.set(Buffer.from(chunkHash(part, 0)).toString('hex'), `part ${i + 1} of bundle ${bundle}`)
      }
    }
    return starts
  }
}
