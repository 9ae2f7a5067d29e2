/** The directories of a TIFF, classic and BigTIFF (TIFF 6.0, section 2): a chain, of one page each. */

/** An entry of the first directory, and where its value is. */
export interface TiffEntry {
  readonly tag: number
  readonly type: number
  /** As a number, where the value begins or what it is. */
  readonly offset: number
  /** Undefined for a value that does not lie within the file. */
  readonly value: Uint8Array | undefined
}

interface Layout {
  readonly view: DataView
  readonly little: boolean
  readonly isBig: boolean
}

/** Pages that are counted: each takes one look. */
export const MOST_PAGES = 10_000

const CLASSIC = 42
const BIG = 43

/** Bytes of a value of each type, by its number. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

function layoutOf(bytes: Uint8Array): Layout | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.byteLength < 16) return undefined
  const little = view.getUint16(0) === 0x4949
  const version = view.getUint16(2, little)
  return version === CLASSIC || version === BIG ? { view, little, isBig: version === BIG } : undefined
}

function offsetAt({ view, little, isBig }: Layout, at: number): number {
  return isBig ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little)
}

const firstDirectory = (layout: Layout) => offsetAt(layout, layout.isBig ? 8 : 4)

/** Undefined for a directory that does not begin within the file. */
function directoryAt({ view, little, isBig }: Layout, at: number) {
  const countBytes = isBig ? 8 : 2
  if (at + countBytes > view.byteLength) return undefined
  const entries = isBig ? Number(view.getBigUint64(at, little)) : view.getUint16(at, little)
  const entryBytes = isBig ? 20 : 12
  const entriesAt = at + countBytes
  return { entries, entriesAt, entryBytes, nextAt: entriesAt + entries * entryBytes }
}

/**
 * Makes the first directory of a TIFF the only one, in place: the file has one page from then on.
 * libtiff counts the pages by following the whole chain, and compares each directory with all
 * before it: 80,000 pages took 3.5 s on an idle machine.
 *
 * Leaves a file alone whose first directory does not lie within it, which its decoder refuses.
 */
export function keepFirstPage(bytes: Uint8Array): void {
  const layout = layoutOf(bytes)
  const directory = layout && directoryAt(layout, firstDirectory(layout))
  if (directory !== undefined) bytes.fill(0, directory.nextAt, directory.nextAt + (layout?.isBig ? 8 : 4))
}

/**
 * How many pages a TIFF has, of which 10,000 are counted, and where the second begins. A chain that comes back to
 * a page ends there.
 */
export function pagesOfTiff(bytes: Uint8Array): { readonly count: number; readonly secondAt: number } {
  const layout = layoutOf(bytes)
  const seen: Set<number> = new Set()
  let secondAt = 0
  let at = layout === undefined ? 0 : firstDirectory(layout)
  while (layout !== undefined && at !== 0 && !seen.has(at) && seen.size < MOST_PAGES) {
    const directory = directoryAt(layout, at)
    if (directory === undefined) break
    seen.add(at)
    if (seen.size === 2) secondAt = at
    const isWithin = directory.nextAt + (layout.isBig ? 8 : 4) <= bytes.length
    at = isWithin ? offsetAt(layout, directory.nextAt) : 0
  }
  return { count: seen.size, secondAt }
}

/**
 * The entries of a directory; none of a file that is no TIFF.
 *
 * @param at where it begins: that of the first page unless given
 */
export function* tiffEntries(bytes: Uint8Array, at?: number): Generator<TiffEntry> {
  const layout = layoutOf(bytes)
  const directory = layout && directoryAt(layout, at ?? firstDirectory(layout))
  if (layout === undefined || directory === undefined) return
  const { view, little, isBig } = layout
  const { entries, entriesAt, entryBytes } = directory
  for (let i = 0; i < entries; i++) {
    const entryAt = entriesAt + i * entryBytes
    if (entryAt + entryBytes > bytes.length) return
    const type = view.getUint16(entryAt + 2, little)
    const length = offsetAt(layout, entryAt + 4) * (TYPE_BYTES[type] ?? 0)
    const placeAt = entryAt + (isBig ? 12 : 8)
    const offset = offsetAt(layout, placeAt)
    const start = length <= (isBig ? 8 : 4) ? placeAt : offset
    const value = start + length <= bytes.length ? bytes.subarray(start, start + length) : undefined
    yield { tag: view.getUint16(entryAt, little), type, offset, value }
  }
}
