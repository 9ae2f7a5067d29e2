/** Which bundles lie in folders, and of what files they are made up. */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { SidikError } from '../../errors.js'
import { asFileError } from '../../node/file-layer.js'
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
 * The bundles in these places, by their ids; files of other names are none.
 *
 * @throws TypeError when no place is given
 * @throws SidikError FILE_UNREADABLE for a folder that cannot be read, BUNDLE_FORMAT for one of `files` that is named as none of a bundle
 */
export async function findBundles({ folder = [], files = [] }: BundlePlaces): Promise<FoundBundle[]> {
  const folders = typeof folder === 'string' ? [folder] : folder
  if (folders.length + files.length === 0) throw new TypeError('folder or files must say where bundles are')
  const paths = [...files]
  for (const stranger of files.filter(path => readBundleName(basename(path)) === undefined)) {
    throw new SidikError('BUNDLE_FORMAT', `${stranger} is not named as a file of a bundle is (<bundle>.<n>of<m>.sidik)`)
  }
  for (const each of folders) paths.push(...(await namesIn(each)).map(name => join(each, name)))
  const found = new Map<string, string[]>()
  for (const path of [...new Set(paths)].sort()) {
    const bundle = readBundleName(basename(path))?.bundle
    if (bundle !== undefined) found.set(bundle, [...(found.get(bundle) ?? []), path])
  }
  return [...found].map(([bundle, own]) => bundleOf(bundle, own)).sort((a, b) => (a.bundle < b.bundle ? -1 : 1))
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    throw asFileError('FILE_UNREADABLE', `the folder ${folder} cannot be read`, cause)
  }
}

function bundleOf(bundle: string, paths: readonly string[]): FoundBundle {
  const manifests: string[] = []
  const parts = new Map<number, string[]>()
  let count = 0
  for (const path of paths) {
    const { part, parts: stated = 0 } = readBundleName(basename(path))!
    if (part === undefined) manifests.push(path)
    else parts.set(part, [...(parts.get(part) ?? []), path])
    count = Math.max(count, stated)
  }
  return { bundle, manifests, parts, count }
}
