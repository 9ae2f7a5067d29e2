/** Bar codes as shapes, by bwip-js: QR (ISO/IEC 18004), Code 128 (ISO/IEC 15417) and PDF417 (ISO/IEC 15438). */
import type { RawOptions } from 'bwip-js/node'
import { SidikError } from '../../../errors.js'
import { BLACK, type Colour, mm, type PathItem, path, rectangle, WHITE } from './items.js'
import { bwip } from './libraries.js'

export type CodeKind = 'qrcode' | 'code128' | 'pdf417'

export const CODE_KINDS: readonly CodeKind[] = ['qrcode', 'code128', 'pdf417']

export interface CodeBox {
  readonly xMm: number
  readonly yMm: number
  readonly widthMm: number
  readonly heightMm: number
  readonly colour?: Colour
}

/** What bwip-js gives of a code of bars and spaces, and of one of modules. */
interface Bars {
  readonly sbs: readonly number[]
}
interface Modules {
  /** Row after row of `pixx` modules. */
  readonly pixs: readonly number[]
  readonly pixx: number
}

/** Q: up to a quarter of the code may be dirty or worn. */
const QR_LEVEL = 'Q'

/** Of PDF417: wide enough for a template to have rows at least three times as high as a module is wide, as the standard asks. */
const PDF417_COLUMNS = 4

export interface ReadyCode {
  /** The white ground, and the code on it. */
  readonly items: readonly PathItem[]
  /** Width of the narrowest bar. */
  readonly moduleMm: number
}

/** Modules that stay white round a code: above and below Code 128 none need to. */
const QUIET: Readonly<Record<CodeKind, readonly [across: number, down: number]>> = {
  qrcode: [4, 4],
  code128: [10, 0],
  pdf417: [2, 2],
}

/**
 * The code with its quiet zone, as large as the box allows and in its middle: QR keeps square modules.
 *
 * @throws SidikError PRINT_CONTENT for a text that the kind of code cannot hold
 */
export function barCode(kind: CodeKind, text: string, box: CodeBox): ReadyCode {
  const code = encoded(kind, text)
  const [across, down] = QUIET[kind]
  const rows = 'sbs' in code ? 1 : code.pixs.length / code.pixx
  const columns = 'sbs' in code ? code.sbs.reduce((sum, width) => sum + width, 0) : code.pixx
  const widest = box.widthMm / (columns + 2 * across)
  const highest = box.heightMm / (rows + 2 * down)
  const moduleMm = kind === 'qrcode' ? Math.min(widest, highest) : widest
  const rowMm = kind === 'qrcode' ? moduleMm : highest
  const widthMm = moduleMm * (columns + 2 * across)
  const heightMm = rowMm * (rows + 2 * down)
  const left = box.xMm + (box.widthMm - widthMm) / 2
  const top = box.yMm + (box.heightMm - heightMm) / 2
  const grid = { left: left + across * moduleMm, top: top + down * rowMm, moduleMm, rowMm }
  const d = 'sbs' in code ? bars(code, grid) : modules(code, grid)
  const ground = rectangle(left, top, widthMm, heightMm, { fill: WHITE })
  return { items: [ground, path(d, { fill: box.colour ?? BLACK, isCrisp: true })], moduleMm }
}

interface Grid {
  readonly left: number
  readonly top: number
  readonly moduleMm: number
  readonly rowMm: number
}

function encoded(kind: CodeKind, text: string): Bars | Modules {
  const options: RawOptions & Record<string, unknown> = {
    bcid: kind,
    text,
    ...(kind === 'qrcode' && { eclevel: QR_LEVEL }),
    ...(kind === 'pdf417' && { columns: PDF417_COLUMNS }),
  }
  try {
    // Of the module's own names `raw` is another thing: a kind of code.
    return (bwip().raw(options) as unknown as (Bars | Modules)[])[0]
  } catch (error) {
    // Its messages may repeat the text.
    throw new SidikError('PRINT_CONTENT', `a text of ${text.length} characters cannot be written as ${kind}`, {
      cause: error,
    })
  }
}

/** sbs: widths of bars and spaces in turn, the first a bar. */
function bars({ sbs }: Bars, { left, top, moduleMm, rowMm }: Grid): string {
  let d = ''
  let at = 0
  for (const [i, width] of sbs.entries()) {
    if (i % 2 === 0) d += bar(left + at * moduleMm, top, width * moduleMm, rowMm)
    at += width
  }
  return d
}

/** Neighbours in a row become one bar, so that no seam shows between them. */
function modules({ pixs, pixx }: Modules, { left, top, moduleMm, rowMm }: Grid): string {
  let d = ''
  for (let y = 0; y < pixs.length / pixx; y++) {
    for (let x = 0; x < pixx; x++) {
      const start = x
      while (x < pixx && pixs[y * pixx + x] === 1) x++
      if (x > start) d += bar(left + start * moduleMm, top + y * rowMm, (x - start) * moduleMm, rowMm)
    }
  }
  return d
}

function bar(xMm: number, yMm: number, widthMm: number, heightMm: number): string {
  return `M${mm(xMm)} ${mm(yMm)}h${mm(widthMm)}v${mm(heightMm)}h${mm(-widthMm)}Z`
}
