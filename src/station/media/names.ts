/**
 * The names of a bundle's files. They say which belong together and nothing else, and every file system has room for them: letters that
 * FAT does not tell apart by case are all small.
 *
 *     k3m7q2xdwhz5ab6t.sidik          the manifest
 *     k3m7q2xdwhz5ab6t.2of3.sidik     a part
 *     .3276-01.k3m7q2xdwhz5ab6t.2.tmp a file that is being written, by station 3276-01; 0 is the manifest
 */
import { randomBytes } from 'node:crypto'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** 80 random bits: no two of 10^9 bundles share an id by chance (10^-6). */
export const BUNDLE_ID_LETTERS = 16

/** Most parts of a bundle. */
export const MOST_PARTS = 65_535

export function newBundleId(): string {
  return Array.from(randomBytes(BUNDLE_ID_LETTERS), byte => LETTERS[byte % LETTERS.length]).join('')
}

export function isBundleId(text: string): boolean {
  return /^[a-z2-7]{16}$/.test(text)
}

export function manifestName(bundle: string): string {
  return `${bundle}.sidik`
}

/** @param part from 1 */
export function partName(bundle: string, part: number, parts: number): string {
  return `${bundle}.${part}of${parts}.sidik`
}

/** What a file is by its name. */
export interface NamedFile {
  readonly bundle: string
  /** From 1; absent for the manifest. */
  readonly part?: number
  readonly parts?: number
}

/** undefined for a file that is of no bundle. */
export function readBundleName(name: string): NamedFile | undefined {
  const found = /^([a-z2-7]{16})(?:\.([1-9]\d{0,4})of([1-9]\d{0,4}))?\.sidik$/.exec(name.toLowerCase())
  if (found === null) return undefined
  const [, bundle, part, parts] = found
  return part === undefined ? { bundle } : { bundle, part: Number(part), parts: Number(parts) }
}

/** @param part 0 for the manifest */
export function temporaryName(station: string, bundle: string, part: number): string {
  return `.${station}.${bundle}.${part}.tmp`
}

/** The bundle that a station was writing under this name; undefined for any other file. */
export function bundleOfTemporary(name: string, station: string): string | undefined {
  const start = `.${station}.`.toLowerCase()
  const lower = name.toLowerCase()
  return lower.startsWith(start) ? /^([a-z2-7]{16})\.\d+\.tmp$/.exec(lower.slice(start.length))?.[1] : undefined
}
