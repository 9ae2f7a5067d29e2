/** Bar codes as shapes, by bwip-js: QR (ISO/IEC 18004), Code 128 (ISO/IEC 15417) and PDF417 (ISO/IEC 15438). */
import bwip, { type RawOptions } from 'bwip-js/node'
import { SidikError } from '../../../errors.js'
import { BLACK, type Colour, mm, type PathItem, path } from './items.js'

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

/**
 * The code, as large as the box allows, in its middle; QR keeps square modules. The quiet zone (4 modules round a QR, 10 beside Code 128,
 * 2 round PDF417) is the box's surroundings: leave it free.
 *
 * @throws SidikError PRINT_CONTENT for a text that the kind of code cannot hold
 */
export function barCode(kind: CodeKind, text: string, box: CodeBox): PathItem {
  const code = encoded(kind, text)
  return path('sbs' in code ? bars(code, box) : modules(kind, code, box), {
    fill: box.colour ?? BLACK,
    isCrisp: true,
  })
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
    return (bwip.raw(options) as unknown as (Bars | Modules)[])[0]
  } catch (error) {
    // Its messages may repeat the text.
    throw new SidikError('PRINT_CONTENT', `a text of ${text.length} characters cannot be written as ${kind}`, {
      cause: error,
    })
  }
}

/** sbs: widths of bars and spaces in turn, the first a bar. */
function bars({ sbs }: Bars, { xMm, yMm, widthMm, heightMm }: CodeBox): string {
  const moduleMm = widthMm / sbs.reduce((sum, width) => sum + width, 0)
  let d = ''
  let at = 0
  for (const [i, width] of sbs.entries()) {
    if (i % 2 === 0) d += bar(xMm + at * moduleMm, yMm, width * moduleMm, heightMm)
    at += width
  }
  return d
}

/** Neighbours in a row become one bar, so that no seam shows between them. */
function modules(kind: CodeKind, { pixs, pixx }: Modules, box: CodeBox): string {
  const rows = pixs.length / pixx
  const isSquare = kind === 'qrcode'
  const across = isSquare ? Math.min(box.widthMm / pixx, box.heightMm / rows) : box.widthMm / pixx
  const down = isSquare ? across : box.heightMm / rows
  const left = box.xMm + (box.widthMm - across * pixx) / 2
  const top = box.yMm + (box.heightMm - down * rows) / 2
  let d = ''
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < pixx; x++) {
      const start = x
      while (x < pixx && pixs[y * pixx + x] === 1) x++
      if (x > start) d += bar(left + start * across, top + y * down, (x - start) * across, down)
    }
  }
  return d
}

function bar(xMm: number, yMm: number, widthMm: number, heightMm: number): string {
  return `M${mm(xMm)} ${mm(yMm)}h${mm(widthMm)}v${mm(heightMm)}h${mm(-widthMm)}Z`
}
