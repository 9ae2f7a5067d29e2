/** The parts of a bundle against its manifest: the first sound copy of each. */
import { SidikError } from '../../errors.js'
import { MOST_COPIES, MOST_LISTED } from './bounds.js'
import type { Damage, NamedBundle, PartStarts } from './bundle-manifest.js'
import type { ReadManifest } from './manifest.js'
import { partName } from './names.js'
import { readChunks } from './part-reader.js'
import type { Watch } from './types.js'

export interface CheckedParts {
  /** Sound file of each part, to be used when nothing is missing or damaged. */
  readonly paths: readonly string[]
  readonly missing: readonly string[]
  readonly damaged: readonly Damage[]
  /** Missing files and damaged stretches that are not listed. */
  readonly unlisted: number
  /** Why a part could not be read at all. */
  readonly error?: SidikError
}

/**
 * Finds the first sound copy of each part. Without a manifest, only gaps between the names of parts
 * can be reported.
 *
 * @throws the signal's reason
 */
export async function checkParts(
  { bundle, manifest, parts, count }: NamedBundle,
  starts: PartStarts,
  watch: Watch,
): Promise<CheckedParts> {
  const { signal, onProgress, allowance } = watch
  const total = manifest?.parts.length ?? count
  const ofBytes = bytesOf(manifest)
  const paths: string[] = []
  const missing: string[] = []
  const damaged: Damage[] = []
  let unlisted = 0
  let error: SidikError | undefined
  let bytes = 0
  const list = <T>(to: T[], found: readonly T[]) => {
    const room = Math.max(0, MOST_LISTED - to.length)
    to.push(...found.slice(0, room))
    unlisted += Math.max(0, found.length - room)
  }
  for (let part = 1; part <= total; part++) {
    const copies = (parts.get(part) ?? []).slice(0, MOST_COPIES)
    if (copies.length === 0) list(missing, [partName(bundle, part, total)])
    if (manifest === undefined) continue
    let damages: Damages | undefined
    let unreadable: SidikError | undefined
    let isSound = false
    for (const file of copies) {
      const found = new Damages(starts)
      try {
        for await (const { data, damage } of readChunks(file, manifest.parts[part - 1], manifest.chunkBytes, signal)) {
          allowance.take(data.length, file)
          if (damage !== undefined) await found.add({ file, part, ...damage }, data)
          onProgress?.({ bundle, doing: 'checking', bytes: bytes + data.length, ofBytes })
          bytes += data.length
        }
      } catch (cause) {
        if (!(cause instanceof SidikError)) throw cause
        unreadable ??= cause
        continue
      }
      damages ??= found
      isSound = found.list.length === 0
      if (!isSound) continue
      paths.push(file)
      break
    }
    if (isSound) continue
    if (damages === undefined) error ??= unreadable
    list(damaged, damages?.list ?? [])
    unlisted += damages?.unlisted ?? 0
  }
  return { paths, missing, damaged, unlisted, ...(error && { error }) }
}

export function bytesOf(manifest: ReadManifest | undefined): number {
  return manifest?.parts.reduce((sum, part) => sum + part.sizeBytes, 0) ?? 0
}

/**
 * Damaged stretches of one file. Chunks that lie next to each other and have the same fault are one
 * stretch.
 */
class Damages {
  readonly list: Damage[] = []
  unlisted = 0
  readonly #starts: PartStarts

  constructor(starts: PartStarts) {
    this.#starts = starts
  }

  async add(damage: Damage, data: Uint8Array): Promise<void> {
    const other = damage.offset === 0 ? await this.#starts.partWith(data) : undefined
    const what = other === undefined ? damage.what : `${damage.what}: it begins as ${other} does`
    const last = this.list.at(-1)
    const goesOn = last !== undefined && last.offset + last.bytes === damage.offset && last.what.startsWith(damage.what)
    if (goesOn) this.list[this.list.length - 1] = { ...last, bytes: last.bytes + damage.bytes }
    else if (this.list.length < MOST_LISTED) this.list.push({ ...damage, what })
    else this.unlisted++
  }
}
