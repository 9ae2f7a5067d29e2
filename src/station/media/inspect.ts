/** What of the bundles in a folder is there, what is missing and what is damaged: before anything is opened, and without any key. */
import { SidikError } from '../../errors.js'
import { abortSignal, callback, readOptions } from '../../options.js'
import { ReadAllowance } from './bounds.js'
import { type Damage, type NamedBundle, PartStarts, readManifestOf } from './bundle-manifest.js'
import { bytesOf, type CheckedParts, checkParts } from './check-parts.js'
import { type BundlePlaces, findBundles } from './find-bundles.js'
import { damageText } from './part-reader.js'
import type { BundleProgress } from './types.js'

export type { Damage } from './bundle-manifest.js'

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
  /**
   * Missing files and damaged stretches beyond the first 1,000 of each, which are not listed;
   * absent where all are.
   */
  readonly unlisted?: number
  /**
   * Why the manifest or a part is not read, when it is no damage: BUNDLE_VERSION, BUNDLE_FORMAT;
   * FILE_UNREADABLE also for what is no regular file (a FIFO, a device, a symbolic link).
   */
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
 * Nothing but regular files is opened, no link is followed, one manifest is in memory at a time,
 * and the signal ends each step.
 *
 * @throws SidikError FILE_UNREADABLE for a folder that cannot be read or holds more than 131,072
 *   names, and for more than 4,096 bundles;
 *   BUNDLE_FORMAT for one of `files` that is named as none of a bundle; the signal's reason
 */
export async function inspectBundles(options: InspectOptions): Promise<BundleContents[]> {
  const { signal, onProgress, ...places } = readOptions('inspectBundles', options, INSPECT_OPTIONS)
  const watch = {
    signal: abortSignal('signal', signal),
    onProgress: callback('onProgress', onProgress),
    allowance: new ReadAllowance(),
  }
  const bundles = await findBundles(places, watch.signal)
  const starts = new PartStarts(bundles, watch)
  const contents: BundleContents[] = []
  for (const found of bundles) {
    const named = await readManifestOf(found, watch)
    contents.push(contentsOf(named, await checkParts(named, starts, watch)))
  }
  return contents
}

export const INSPECT_OPTIONS = ['folder', 'files', 'signal', 'onProgress'] as const

export function contentsOf(
  named: NamedBundle,
  { missing, damaged, unlisted, error: ofParts }: Omit<CheckedParts, 'paths'>,
): BundleContents {
  const { bundle, manifest } = named
  const error = named.error ?? ofParts
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
    ...(unlisted > 0 && { unlisted }),
    ...(error && { error }),
  }
}

/** Why a bundle cannot be imported as it lies there; undefined when it is whole. */
export function faultOf({ bundle, missing, damaged, unlisted = 0, error }: BundleContents): SidikError | undefined {
  if (error !== undefined) return error
  const told = (list: readonly string[]) => {
    const more = list.length + unlisted - 5
    return `${list.slice(0, 5).join('; ')}${more > 0 ? ` and ${more} more` : ''}`
  }
  if (damaged.length > 0) {
    const where = told(damaged.map(each => damageText(each.file, each)))
    return new SidikError('BUNDLE_CORRUPT', `bundle ${bundle} was damaged: ${where}`)
  }
  if (missing.length === 0) return undefined
  return new SidikError('BUNDLE_INCOMPLETE', `bundle ${bundle} is not all there: ${told(missing)} missing`)
}
