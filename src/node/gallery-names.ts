import { isTemporary } from './replace-file.js'

/** The names of the files in a durable gallery's folder. */

export const MARKER_NAME = 'sidik-gallery'

/** Added to the name of a file that was found damaged, when a compaction takes its place. */
const ASIDE = '.damaged'

const digits = (generation: number) => String(generation).padStart(6, '0')

export const snapshotName = (generation: number) => `snapshot-${digits(generation)}.sidikgal`

export const tailName = (generation: number) => `tail-${digits(generation)}.sidiktail`

/** Name of the file that says how far a tail goes. */
export const lengthName = (generation: number) => `length-${digits(generation)}.sidiklength`

export const isLength = (name: string) => /^length-\d{6,10}\.sidiklength$/.test(name)

export const asideName = (name: string) => `${name}${ASIDE}`

export const isAside = (name: string) => name.endsWith(ASIDE) && isOurs(name)

const LOCK = /^lock-[0-9a-f-]{36}\.json$/
const SOCKET = /^lock-[0-9a-f-]{36}\.socket$/

export const lockName = (id: string) => `lock-${id}.json`

export const isLock = (name: string) => LOCK.test(name)

export const isLockSocket = (name: string) => SOCKET.test(name)

/** Whether a file of this name is one that a gallery makes. */
export function isOurs(name: string): boolean {
  const bare = name.endsWith(ASIDE) ? name.slice(0, -ASIDE.length) : name
  return bare === MARKER_NAME || generationOf(bare) !== undefined || isLock(bare) || isLockSocket(bare)
}

const OF_GENERATION = /^(?:snapshot-(\d{6,10})\.sidikgal|tail-(\d{6,10})\.sidiktail|length-(\d{6,10})\.sidiklength)$/

/** Generation in the name of a snapshot, tail or length; undefined for any other file. */
export function generationOf(name: string): number | undefined {
  const found = OF_GENERATION.exec(name)
  return found === null ? undefined : Number(found[1] ?? found[2] ?? found[3])
}

/** What a crash can have left: files that were never named by the marker, or no longer are. */
export function isLeftOver(name: string, current: number): boolean {
  const generation = generationOf(name)
  return isTemporary(name) || (generation !== undefined && generation !== current)
}
