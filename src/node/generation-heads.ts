import { join } from 'node:path'
import { SidikError } from '../errors.js'
import { GenerationSeal, type SealedFile } from '../gallery/cipher.js'
import type { Damage } from '../gallery/damage.js'
import { fitsSeal, readSealedHead, SEALED_HEAD_BYTES, type SealedHead } from '../gallery/sealed-head.js'
import { HEADER_BYTES } from '../gallery/snapshot.js'
import { PartFault } from '../gallery/snapshot-parts.js'
import { type RecordForm, TAIL_HEADER_BYTES, type TailHeader } from '../gallery/tail.js'
import { readTailHeader } from '../gallery/tail-read.js'
import { recordSalt, tailHeadBytes } from '../gallery/tail-write.js'
import type { FileWindow } from './file-window.js'
import { snapshotName, tailName } from './gallery-names.js'
import { readSnapshotHeader } from './snapshot-scan.js'
import { recordAt } from './tail-walk.js'

/** What a folder is opened with. */
export interface GivenKey {
  readonly key?: Uint8Array | undefined
  /** Without the key, which is not needed: what is sealed stays so. */
  readonly isUnopened?: boolean | undefined
}

/** Which generation of which gallery is read from where. */
export interface GenerationPlace {
  readonly folder: string
  readonly generation: number
  /** As the marker says; undefined where it says nothing. */
  readonly galleryId: bigint | undefined
}

/** What the beginnings of a generation's files say. */
export interface GenerationHeads {
  /** Undefined when it is damaged. */
  readonly tail: TailHeader | undefined
  /** Undefined in version 1. */
  readonly galleryId: bigint | undefined
  readonly isSealed: boolean
  /** Undefined without a key. */
  readonly seal: GenerationSeal | undefined
  readonly form: RecordForm
  /** Where the records of the tail begin. */
  readonly recordsFrom: number
}

interface Head {
  readonly galleryId: bigint | undefined
  readonly isSealed: boolean
  readonly sealedHead: SealedHead | undefined
}

/**
 * Reads the beginnings of snapshot and tail, before anything else is read: whether they belong
 * together and to the folder, and whether the key is theirs. Damage to the tail's is reported; the
 * snapshot's is when its blocks are read.
 *
 * @throws SidikError GALLERY_KEY; GALLERY_VERSION; GALLERY_CORRUPT for files that do not belong
 *   together, and where nothing can be opened because both heads are damaged; what `report` throws
 */
export async function readHeads(
  place: GenerationPlace,
  { snapshot, tail }: { readonly snapshot: FileWindow | undefined; readonly tail: FileWindow | undefined },
  given: GivenKey,
  report: (damage: Damage) => void,
): Promise<GenerationHeads> {
  const { folder, generation } = place
  const tailHeader = tail && (await headOfTail(tail, generation, report))
  const snapshotHead = snapshot && (await headOfSnapshot(snapshot))
  if (tailHeader && tailHeader.header.generation !== generation) {
    throw foreign(folder, tailName(generation), `is not the tail of generation ${generation}`)
  }
  const heads = [tailHeader, snapshotHead].filter(head => head !== undefined)
  const isSealed = heads.length === 0 ? given.key !== undefined : heads.some(head => head.isSealed)
  checkGiven(folder, given, isSealed, heads)
  const galleryId = place.galleryId ?? tailHeader?.galleryId ?? snapshotHead?.galleryId
  for (const [name, head] of [
    [tailName(generation), tailHeader],
    [snapshotName(generation), snapshotHead],
  ] as const) {
    if (head?.galleryId !== undefined && head.galleryId !== galleryId)
      throw foreign(folder, name, 'is of another gallery')
  }
  const seal = given.key && sealOf(place, galleryId, given.key, tailHeader?.sealedHead, snapshotHead?.sealedHead)
  const recordsFrom = tailHeadBytes(isSealed)
  const cipher = isSealed ? (seal?.cipherOf('tail') ?? 'unopened') : undefined
  // A tail of version 1 goes on in a folder whose marker is newer.
  const version1 = { salt: generation }
  const version2 = { salt: recordSalt(generation, galleryId), cipher }
  const isVersion1 = tailHeader
    ? tailHeader.galleryId === undefined
    : !isSealed && tail !== undefined && (await recordAt(tail, recordsFrom, version1)) !== undefined
  return {
    tail: tailHeader?.header,
    galleryId,
    isSealed,
    seal,
    form: isVersion1 ? version1 : version2,
    recordsFrom,
  }
}

async function headOfTail(
  window: FileWindow,
  generation: number,
  report: (damage: Damage) => void,
): Promise<(Head & { header: TailHeader }) | undefined> {
  const bytes = await window.bytes(0, TAIL_HEADER_BYTES)
  try {
    const header = readTailHeader(bytes)
    const { galleryId, isSealed } = header
    const sealedHead = isSealed ? await sealedHeadOf(window, bytes) : undefined
    return { header, galleryId, isSealed, sealedHead }
  } catch (fault) {
    if (!(fault instanceof PartFault)) throw fault
    const reason = `header: ${fault.message}`
    report({ file: tailName(generation), offsetBytes: 0, bytes: Math.max(bytes.length, fault.at), reason })
    return undefined
  }
}

async function headOfSnapshot(window: FileWindow): Promise<Head | undefined> {
  const bytes = await window.bytes(0, HEADER_BYTES)
  try {
    const { sealedFor } = readSnapshotHeader(bytes)
    if (sealedFor === undefined) return { galleryId: undefined, isSealed: false, sealedHead: undefined }
    return { galleryId: sealedFor, isSealed: true, sealedHead: await sealedHeadOf(window, bytes) }
  } catch (fault) {
    if (fault instanceof PartFault) return undefined
    throw fault
  }
}

async function sealedHeadOf(window: FileWindow, header: Uint8Array): Promise<SealedHead> {
  return readSealedHead(header, await window.bytes(header.length, SEALED_HEAD_BYTES))
}

function checkGiven(folder: string, { key, isUnopened }: GivenKey, isSealed: boolean, heads: readonly Head[]): void {
  if (isSealed && key === undefined && !isUnopened) {
    throw new SidikError('GALLERY_KEY', `${folder} is sealed: open it with its key`)
  }
  if (key === undefined || heads.every(head => head.isSealed)) return
  const hint = 'open it without one, and give it one by compact({ key })'
  throw new SidikError('GALLERY_KEY', `${folder} has no key: what is in it may be of anybody; ${hint}`)
}

/** The seal of a generation whose heads it fits. */
function sealOf(
  { folder, generation }: GenerationPlace,
  galleryId: bigint | undefined,
  key: Uint8Array,
  tail: SealedHead | undefined,
  snapshot: SealedHead | undefined,
): GenerationSeal {
  const salt = (tail ?? snapshot)?.salt
  if (salt === undefined || galleryId === undefined) {
    const message = `${folder}: snapshot and tail are damaged at their beginnings, without which no key opens them`
    throw new SidikError('GALLERY_CORRUPT', `${message}: use a copy`)
  }
  if (tail && snapshot && Buffer.compare(tail.salt, snapshot.salt) !== 0) {
    throw foreign(folder, tailName(generation), `continues another snapshot than ${snapshotName(generation)}`)
  }
  const seal = new GenerationSeal(key, galleryId, generation, salt)
  const fits = (head: SealedHead | undefined, file: SealedFile) => head && fitsSeal(head, seal, file)
  const fitting = [fits(tail, 'tail'), fits(snapshot, 'snapshot')]
  if (!fitting.includes(true)) {
    throw new SidikError('GALLERY_KEY', `this key does not open ${folder}: give the one it was made or compacted with`)
  }
  const at = fitting.indexOf(false)
  if (at < 0) return seal
  throw foreign(
    folder,
    at === 0 ? tailName(generation) : snapshotName(generation),
    "was not written with the gallery's key",
  )
}

function foreign(folder: string, name: string, problem: string): SidikError {
  return new SidikError('GALLERY_CORRUPT', `${join(folder, name)} ${problem}: use a copy of the folder`)
}
