/**
 * One b-tree page of a SQLite file, byte by byte (sqlite.org/fileformat2.html, section 1.6): which of its bytes hold something. The rest is
 * zero where `secure_delete` is on, so that a flipped bit shows there as well.
 *
 *     0  1  kind: 2 inner index, 5 inner table, 10 leaf of an index, 13 leaf of a table
 *     1  2  first free block, 0 for none: 2 bytes next, 2 bytes size, then nothing
 *     3  2  cells
 *     5  2  where the content of cells begins, 0 for 65,536
 *     7  1  bytes between cells that are in no free block
 *     8  4  last child, inner pages alone
 *        2  each cell: where it lies
 */

/** Smallest cell: room for a free block's head. */
const LEAST_CELL_BYTES = 4

const PAGE_KINDS = new Map([
  [2, { table: false, leaf: false }],
  [5, { table: true, leaf: false }],
  [10, { table: false, leaf: true }],
  [13, { table: true, leaf: true }],
])

export interface PageContent {
  /** Pages of the tree below this one. */
  readonly children: readonly number[]
  /** First page of each cell that goes on elsewhere, with the bytes that are there. */
  readonly overflows: readonly { readonly page: number; readonly bytes: number }[]
  /** Offset in the page of each byte that holds nothing and yet is not zero. */
  readonly stray: readonly number[]
  /** Bytes that hold nothing. */
  readonly unused: number
}

/**
 * Undefined when the bytes are no page of a b-tree.
 *
 * @param start of the page's own head: 100 in the first page of a file
 */
export function readPage(page: Buffer, start: number): PageContent | undefined {
  const kind = PAGE_KINDS.get(page[start])
  if (kind === undefined) return undefined
  const head = start + (kind.leaf ? 8 : 12)
  const cells = page.readUInt16BE(start + 3)
  if (head + 2 * cells > page.length) return undefined
  const used = new Uint8Array(page.length).fill(1, 0, head + 2 * cells)
  const children: number[] = []
  const overflows: { page: number; bytes: number }[] = []
  for (let i = 0; i < cells; i++) {
    const at = page.readUInt16BE(head + 2 * i)
    const cell = readCell(page, at, kind)
    if (cell === undefined) return undefined
    used.fill(1, at, at + Math.max(cell.bytes, LEAST_CELL_BYTES))
    if (cell.child !== undefined) children.push(cell.child)
    if (cell.overflow !== undefined) overflows.push(cell.overflow)
  }
  if (!kind.leaf) children.push(page.readUInt32BE(start + 8))
  if (!markFreeBlocks(page, page.readUInt16BE(start + 1), used)) return undefined
  return { children, overflows, stray: strayBytes(page, used), unused: used.reduce((sum, byte) => sum + 1 - byte, 0) }
}

/** Offsets of the bytes from `from` on that are not zero. */
export function strayAfter(page: Buffer, from: number): number[] {
  return strayBytes(page, new Uint8Array(page.length).fill(1, 0, from))
}

function strayBytes(page: Buffer, used: Uint8Array): number[] {
  const stray: number[] = []
  for (let at = 0; at < page.length; at++) if (used[at] === 0 && page[at] !== 0) stray.push(at)
  return stray
}

function markFreeBlocks(page: Buffer, first: number, used: Uint8Array): boolean {
  let before = 0
  for (let at = first; at !== 0; at = page.readUInt16BE(at)) {
    // They lie in order: a loop ends here.
    if (at <= before || at + LEAST_CELL_BYTES > page.length) return false
    used.fill(1, at, at + LEAST_CELL_BYTES)
    before = at
  }
  return true
}

interface Cell {
  readonly bytes: number
  readonly child?: number
  readonly overflow?: { readonly page: number; readonly bytes: number }
}

function readCell(page: Buffer, start: number, kind: { table: boolean; leaf: boolean }): Cell | undefined {
  let at = start
  const varint = () => {
    let value = 0n
    for (let i = 0; i < 9; i++) {
      const byte = page[at++] ?? 0
      value = i === 8 ? (value << 8n) | BigInt(byte) : (value << 7n) | BigInt(byte & 0x7f)
      if (i === 8 || byte < 0x80) break
    }
    return Number(value)
  }
  if (start + LEAST_CELL_BYTES > page.length) return undefined
  let child: number | undefined
  if (!kind.leaf) {
    child = page.readUInt32BE(at)
    at += 4
  }
  if (kind.table && !kind.leaf) {
    varint()
    return { bytes: at - start, ...(child !== undefined && { child }) }
  }
  const payload = varint()
  if (kind.table) varint()
  const local = localBytes(payload, page.length, kind.table)
  const end = at + local + (local < payload ? 4 : 0)
  if (end > page.length) return undefined
  const overflow = local < payload ? { page: page.readUInt32BE(at + local), bytes: payload - local } : undefined
  return { bytes: end - start, ...(child !== undefined && { child }), ...(overflow && { overflow }) }
}

/** How much of a cell's payload lies in its own page. */
function localBytes(payload: number, pageBytes: number, table: boolean): number {
  const most = table ? pageBytes - 35 : Math.floor(((pageBytes - 12) * 64) / 255) - 23
  if (payload <= most) return payload
  const least = Math.floor(((pageBytes - 12) * 32) / 255) - 23
  const fitting = least + ((payload - least) % (pageBytes - 4))
  return fitting <= most ? fitting : least
}
