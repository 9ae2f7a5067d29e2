/** Which bundles lie in folders, and of what files they are made up. */
import { basename, join } from 'node:path'
import { SidikError } from '../../errors.js'
import { namesIn } from '../../node/names-in.js'
import { MOST_BUNDLES, MOST_NAMES } from './bounds.js'
import { readBundleName } from './names.js'

/** Where bundles are looked for. */
export interface BundlePlaces {
  /** A folder, or several where a bundle is spread over them. */
  readonly folder?: string | readonly string[]
  /** Files, where not all of a folder is meant. */
  readonly files?: readonly string[]
}

export interface FoundBundle {
  readonly bundle: string
  /** Paths: more than one when there are copies. */
  readonly manifests: readonly string[]
  /** By the number of the part, from 1. */
  readonly parts: ReadonlyMap<number, readonly string[]>
  /** How many parts there are by the names of those that are here; 0 when there are none. */
  readonly count: number
}

/**
 * The bundles in these places, by their ids; files of other names are none. Nothing is opened: what
 * has a bundle's name may be anything.
 *
 * @throws TypeError when no place is given
 * @throws SidikError FILE_UNREADABLE for a folder that cannot be read, for more names or bundles
 *   than are looked at; BUNDLE_FORMAT for one
 *   of `files` that is named as none of a bundle; the signal's reason
 */
export async function findBundles(
  { folder = [], files = [] }: BundlePlaces,
  signal?: AbortSignal,
): Promise<FoundBundle[]> {
  const folders = typeof folder === 'string' ? [folder] : folder
  if (folders.length + files.length === 0) throw new TypeError('folder or files must say where bundles are')
  for (const stranger of files.filter(path => readBundleName(basename(path)) === undefined)) {
    throw new SidikError('BUNDLE_FORMAT', `${stranger} is not named as a file of a bundle is (<bundle>.<n>of<m>.sidik)`)
  }
  const paths = new Set(files)
  for (const each of folders) {
    for (const name of await namesIn(each, MOST_NAMES, signal)) {
      if (readBundleName(name) !== undefined) paths.add(join(each, name))
    }
  }
  const found = new Map<string, string[]>()
  for (const path of [...paths].sort()) {
    const { bundle } = readBundleName(basename(path))!
    const own = found.get(bundle)
    if (own === undefined) found.set(bundle, [path])
    else own.push(path)
  }
  if (found.size > MOST_BUNDLES) {
    const what = `${found.size} bundles lie there, ${MOST_BUNDLES} are the most that are looked at: name fewer of them`
    throw new SidikError('FILE_UNREADABLE', what)
  }
  return [...found].map(([bundle, own]) => bundleOf(bundle, own)).sort((a, b) => (a.bundle < b.bundle ? -1 : 1))
}

function bundleOf(bundle: string, paths: readonly string[]): FoundBundle {
  const manifests: string[] = []
  const copies = new Map<number, string[]>()
  let count = 0
  for (const path of paths) {
    const { part, parts: stated = 0 } = readBundleName(basename(path))!
    if (part === undefined) manifests.push(path)
    else if (copies.has(part)) copies.get(part)!.push(path)
    else copies.set(part, [path])
    count = Math.max(count, stated)
  }
  return { bundle, manifests, parts: copies, count }
}
