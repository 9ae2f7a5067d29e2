import { SidikError } from '../errors.js'
import { crc32 } from '../node/crc32.js'
import type { Cipher } from './cipher.js'
import {
  BLOCK_NUMBER_BYTES,
  HEADER_BYTES,
  HEADER_MAGIC,
  INDEX_ENTRY_BYTES,
  MAX_PAYLOAD_BYTES,
  SEAL_BYTES,
  SEALED_FILE_VERSION,
  SEALED_HEADER_BYTES,
  type SnapshotEntry,
  TRAILER_MAGIC,
} from './snapshot.js'

/** The parts of a gallery file (snapshot.ts draws them), each from exactly its bytes. What is wrong is a PartFault. */

/** What is wrong with a part, and at which of its bytes. */
export class PartFault extends Error {
  readonly at: number

  constructor(problem: string, at: number) {
    super(problem)
    this.at = at
  }
}

export interface SnapshotHeader {
  readonly count: number
  readonly blocks: number
  /** The gallery's number, where a sealed head follows and blocks are sealed. */
  readonly sealedFor: bigint | undefined
}

export interface BlockHeader {
  readonly payloadBytes: number
  readonly entries: number
  readonly payloadCrc: number
}

/** @throws SidikError GALLERY_FORMAT for bytes that are not the beginning of a gallery */
export function checkMagic(bytes: Uint8Array): void {
  if (bytes.length > 0 && HEADER_MAGIC.every((byte, i) => i >= bytes.length || bytes[i] === byte)) return
  throw new SidikError('GALLERY_FORMAT', "not a gallery: it does not begin with 'SIDIKGAL'; give a file made by save")
}

/** @throws SidikError GALLERY_VERSION, PartFault */
export function readHeader(bytes: Uint8Array): SnapshotHeader {
  // First, by which a newer version is told from a damaged one: every version begins with 32 bytes and their CRC.
  checkSeal(bytes)
  const view = viewOf(bytes)
  const version = view.getUint16(8, true)
  if (version > SEALED_FILE_VERSION) {
    const message = `a gallery of version ${version}, and this program reads up to ${SEALED_FILE_VERSION}: update sidik`
    throw new SidikError('GALLERY_VERSION', message)
  }
  const isSealed = version === SEALED_FILE_VERSION
  if (version === 0 || view.getUint16(10, true) !== (isSealed ? SEALED_HEADER_BYTES : HEADER_BYTES)) {
    throw new PartFault('version or length is wrong', 8)
  }
  const sealedFor = isSealed ? view.getBigUint64(20, true) : undefined
  return { count: view.getUint32(12, true), blocks: view.getUint32(16, true), sealedFor }
}

/** @throws PartFault also when it claims more than `mostEntries` entries */
export function readBlockHeader(bytes: Uint8Array, mostEntries: number): BlockHeader {
  checkSeal(bytes)
  const view = viewOf(bytes)
  const payloadBytes = view.getUint32(0, true)
  const entries = view.getUint32(4, true)
  if (payloadBytes > MAX_PAYLOAD_BYTES) throw new PartFault(`${payloadBytes} bytes are more than a block holds`, 0)
  if (entries === 0 || entries > mostEntries || entries * INDEX_ENTRY_BYTES > payloadBytes) {
    throw new PartFault(`${entries} entries do not fit`, 4)
  }
  return { payloadBytes, entries, payloadCrc: view.getUint32(8, true) }
}

/** The entries of a block's payload: views of it. Throws PartFault. */
export function readBlock(bytes: Uint8Array, header: BlockHeader): SnapshotEntry[] {
  checkPayload(bytes, header)
  return entriesOf(bytes, header)
}

/**
 * The number of a sealed block and its entries: none when it stays unopened.
 *
 * @throws PartFault
 */
export function readSealedBlock(
  bytes: Uint8Array,
  header: BlockHeader,
  cipher: Cipher | 'unopened',
): { number: number; entries: SnapshotEntry[] } {
  checkPayload(bytes, header)
  if (bytes.length < BLOCK_NUMBER_BYTES) throw new PartFault('it is too short to be sealed', 0)
  const number = viewOf(bytes).getUint32(0, true)
  if (cipher === 'unopened') return { number, entries: [] }
  const plain = cipher.open(bytes.subarray(BLOCK_NUMBER_BYTES), blockContext(number, header.entries))
  if (plain === undefined) throw new PartFault("the gallery's key does not open it", 0)
  if (header.entries * INDEX_ENTRY_BYTES > plain.length) throw new PartFault('the entries do not fit', 0)
  return { number, entries: entriesOf(plain, header) }
}

/** What a block is sealed with. */
export function blockContext(number: number, entries: number): Uint8Array {
  const context = new Uint8Array(8)
  const view = viewOf(context)
  view.setUint32(0, number, true)
  view.setUint32(4, entries, true)
  return context
}

function checkPayload(bytes: Uint8Array, header: BlockHeader): void {
  if (crc32(bytes) !== header.payloadCrc) throw new PartFault('the CRC does not fit the bytes', 0)
}

function entriesOf(bytes: Uint8Array, header: BlockHeader): SnapshotEntry[] {
  const view = viewOf(bytes)
  const indexBytes = header.entries * INDEX_ENTRY_BYTES
  let idAt = indexBytes
  let templateAt = indexBytes
  for (let at = 0; at < indexBytes; at += INDEX_ENTRY_BYTES) templateAt += view.getUint32(at, true)
  const entries: SnapshotEntry[] = []
  for (let at = 0; at < indexBytes; at += INDEX_ENTRY_BYTES) {
    const idEnd = idAt + view.getUint32(at, true)
    const templateEnd = templateAt + view.getUint32(at + 4, true)
    if (idEnd > bytes.length || templateEnd > bytes.length) throw new PartFault('an entry reaches past the block', at)
    const id = textOf(bytes.subarray(idAt, idEnd))
    if (id === undefined) throw new PartFault('an id is not UTF-8', at)
    entries.push({ id, template: bytes.subarray(templateAt, templateEnd) })
    idAt = idEnd
    templateAt = templateEnd
  }
  if (templateAt !== bytes.length) throw new PartFault('the entries do not fill the block', templateAt)
  return entries
}

/** The CRC-32 of the header and of all block headers, as {@link chainCrc} adds it up. Throws PartFault. */
export function readTrailer(bytes: Uint8Array): number {
  checkSeal(bytes)
  if (TRAILER_MAGIC.some((byte, i) => bytes[i] !== byte)) throw new PartFault("it does not begin with 'SIDIKEND'", 0)
  return viewOf(bytes).getUint32(8, true)
}

/** The CRC-32 of headers so far, `previous`, taken on over the next one (of the file or of a block). */
export function chainCrc(header: Uint8Array, previous = 0): number {
  return crc32(header, 0, header.length - SEAL_BYTES, previous)
}

function checkSeal(bytes: Uint8Array): void {
  const at = bytes.length - SEAL_BYTES
  if (viewOf(bytes).getUint32(at, true) !== crc32(bytes, 0, at)) throw new PartFault('its CRC does not fit', at)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text, or undefined when it is not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** Of just these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
