/** What of the bundles in a folder is there, what is missing and what is damaged: before anything is opened, and without any key. */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { SidikError } from '../../errors.js'
import { asFileError } from '../../node/file-layer.js'
import { abortSignal, callback, readOptions } from '../../options.js'
import { sha256 } from '../store/payloads.js'
import { type BundlePlaces, type FoundBundle, findBundles } from './find-bundles.js'
import { chunkHash, MOST_MANIFEST_BYTES, type ReadManifest, readManifest, type Stretch } from './manifest.js'
import { manifestName, partName } from './names.js'
import { damageText, readChunks } from './part-reader.js'
import type { BundleProgress, Watch } from './types.js'

/** A stretch of a bundle's file that is not as it was written. */
export interface Damage extends Stretch {
  /** Path of the file. */
  readonly file: string
  /** From 1; absent for the manifest. */
  readonly part?: number
}

/** What can be said of a bundle without opening it. It is whole when nothing is missing or damaged. */
export interface BundleContents {
  readonly bundle: string
  /** The station that made it, as its manifest states; absent where that cannot be read. */
  readonly from?: string
  readonly to?: string
  readonly parts?: number
  /** Of all parts together. */
  readonly bytes?: number
  /** Names of files that are not there. */
  readonly missing: readonly string[]
  readonly damaged: readonly Damage[]
  /** Why the manifest is not read, when it is no damage: BUNDLE_VERSION, BUNDLE_FORMAT. */
  readonly error?: SidikError
}

export interface InspectOptions extends BundlePlaces {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: BundleProgress) => void
}

/**
 * Reads all files of all bundles in these places and compares them with the hashes in the manifests. That a manifest is its sender's own
 * is said by `importBundle` alone, which knows whom to trust.
 *
 * @throws TypeError when no place is given
 * @throws SidikError FILE_UNREADABLE for a folder that cannot be read, BUNDLE_FORMAT for one of `files` that is named as none of a bundle
 */
export async function inspectBundles(options: InspectOptions): Promise<BundleContents[]> {
  const { signal, onProgress, ...places } = readOptions('inspectBundles', options, INSPECT_OPTIONS)
  const watch = { signal: abortSignal('signal', signal), onProgress: callback('onProgress', onProgress) }
  const read = await Promise.all((await findBundles(places)).map(readManifestOf))
  const starts = startsOf(read)
  const contents: BundleContents[] = []
  for (const bundle of read) contents.push(contentsOf(bundle, await checkParts(bundle, starts, watch)))
  return contents
}

export const INSPECT_OPTIONS = ['folder', 'files', 'signal', 'onProgress'] as const

/** A bundle whose manifest was looked for. */
export interface NamedBundle extends FoundBundle {
  readonly manifest?: ReadManifest
  readonly missing: readonly string[]
  readonly damaged: readonly Damage[]
  readonly error?: SidikError
}

export interface CheckedParts {
  /** Of each part. To be used when nothing is missing or damaged. */
  readonly paths: readonly string[]
  readonly missing: readonly string[]
  readonly damaged: readonly Damage[]
}

/** With the first of its manifests that can be read. */
export async function readManifestOf(found: FoundBundle): Promise<NamedBundle> {
  const bundle = { ...found, missing: [] as string[], damaged: [] as Damage[] }
  let error: SidikError | undefined
  for (const file of found.manifests) {
    try {
      const read = readManifest(await smallFile(file), basename(file))
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

/** What the first chunks of all parts are, by their hashes: a part under another's name is known by it. */
export function startsOf(bundles: readonly NamedBundle[]): ReadonlyMap<string, string> {
  const starts = new Map<string, string>()
  for (const { bundle, manifest } of bundles) {
    for (const [i, part] of (manifest?.parts ?? []).entries()) {
      starts.set(Buffer.from(chunkHash(part, 0)).toString('hex'), `part ${i + 1} of bundle ${bundle}`)
    }
  }
  return starts
}

/** Of each part the first copy that is sound. Without a manifest only what its names say can be missing. */
export async function checkParts(
  { bundle, manifest, parts, count }: NamedBundle,
  starts: ReadonlyMap<string, string>,
  { signal, onProgress }: Watch,
): Promise<CheckedParts> {
  const total = manifest?.parts.length ?? count
  const ofBytes = bytesOf(manifest)
  const checked = { paths: [] as string[], missing: [] as string[], damaged: [] as Damage[] }
  let bytes = 0
  for (let part = 1; part <= total; part++) {
    const copies = parts.get(part) ?? []
    if (copies.length === 0) checked.missing.push(partName(bundle, part, total))
    if (manifest === undefined) continue
    let damages: Damage[] | undefined
    for (const file of copies) {
      const found: Damage[] = []
      for await (const { data, damage } of readChunks(file, manifest.parts[part - 1], manifest.chunkBytes)) {
        signal?.throwIfAborted()
        if (damage !== undefined) addDamage(found, { file, part, ...damage }, data, starts)
        onProgress?.({ bundle, doing: 'checking', bytes: bytes + data.length, ofBytes })
        bytes += data.length
      }
      damages ??= found
      if (found.length > 0) continue
      checked.paths.push(file)
      damages = []
      break
    }
    checked.damaged.push(...(damages ?? []))
  }
  return checked
}

export function contentsOf(named: NamedBundle, { missing, damaged }: Omit<CheckedParts, 'paths'>): BundleContents {
  const { bundle, manifest, error } = named
  const stated = manifest && {
    from: manifest.from,
    to: manifest.to,
    parts: manifest.parts.length,
    bytes: bytesOf(manifest),
  }
  return {
    bundle,
    ...stated,
    missing: [...named.missing, ...missing],
    damaged: [...named.damaged, ...damaged],
    ...(error && { error }),
  }
}

/** Why a bundle cannot be imported as it lies there; undefined when it is whole. */
export function faultOf({ bundle, missing, damaged, error }: BundleContents): SidikError | undefined {
  if (error !== undefined) return error
  const told = (list: readonly string[]) =>
    `${list.slice(0, 5).join('; ')}${list.length > 5 ? ` and ${list.length - 5} more` : ''}`
  if (damaged.length > 0) {
    const where = told(damaged.map(each => damageText(each.file, each)))
    return new SidikError('BUNDLE_CORRUPT', `bundle ${bundle} was damaged: ${where}`)
  }
  if (missing.length === 0) return undefined
  return new SidikError('BUNDLE_INCOMPLETE', `bundle ${bundle} is not all there: ${told(missing)} missing`)
}

function bytesOf(manifest: ReadManifest | undefined): number {
  return manifest?.parts.reduce((sum, part) => sum + part.sizeBytes, 0) ?? 0
}

/** One stretch for chunks that lie next to each other and have the same fault. */
function addDamage(found: Damage[], damage: Damage, data: Uint8Array, starts: ReadonlyMap<string, string>): void {
  const other = damage.offset === 0 ? starts.get(sha256(data).toString('hex')) : undefined
  const what = other === undefined ? damage.what : `${damage.what}: it begins as ${other} does`
  const last = found.at(-1)
  const goesOn = last !== undefined && last.offset + last.bytes === damage.offset && last.what.startsWith(damage.what)
  if (goesOn) found[found.length - 1] = { ...last, bytes: last.bytes + damage.bytes }
  else found.push({ ...damage, what })
}

function otherBundle(manifest: ReadManifest, bundle: string): Stretch | undefined {
  if (manifest.bundle === bundle) return undefined
  return { offset: 12, bytes: 16, what: `names bundle ${manifest.bundle}: the file was renamed` }
}

async function smallFile(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size <= MOST_MANIFEST_BYTES) return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw asFileError('FILE_UNREADABLE', `${path} cannot be read`, cause)
  }
  throw new SidikError('BUNDLE_FORMAT', `${path} is larger than a manifest can be`)
}
