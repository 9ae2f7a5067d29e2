/** What a scene is made of. All lengths are millimetres from the upper left corner of the trimmed page, y down. */
import type { Run } from './shape.js'

/** '#rrggbb' */
export type Colour = string

export const BLACK: Colour = '#000000'
export const WHITE: Colour = '#ffffff'

/** Text of one line, shaped already. */
export interface TextItem {
  readonly kind: 'text'
  /** Of the line's left end, on its baseline. */
  readonly xMm: number
  readonly yMm: number
  readonly sizePt: number
  readonly runs: readonly Run[]
  readonly colour: Colour
}

/** A shape in the path language of SVG, in millimetres. */
export interface PathItem {
  readonly kind: 'path'
  readonly d: string
  readonly fill?: Colour
  readonly stroke?: Colour
  /** Of the stroke; 0.2 unless given. */
  readonly widthMm?: number
  /** 0 to 1; 1 unless given. */
  readonly opacity?: number
  /** Modules of a code: edges stay hard. */
  readonly isCrisp?: boolean
}

/** A raster image that was made ready: see picture.ts. */
export interface PictureItem {
  readonly kind: 'picture'
  readonly xMm: number
  readonly yMm: number
  readonly widthMm: number
  readonly heightMm: number
  readonly type: 'jpeg' | 'png'
  readonly bytes: Uint8Array
}

export type SceneItem = TextItem | PathItem | PictureItem

/** A page; items that come later lie above. What reaches beyond the page, and its bleed, is not printed. */
export interface Scene {
  /** Of the trimmed page. */
  readonly widthMm: number
  readonly heightMm: number
  readonly items: readonly SceneItem[]
  /** Round the page, printed and cut off; 0 unless given. */
  readonly bleedMm?: number
}

/** The page as it is printed, with its bleed. */
export function printedSize({ widthMm, heightMm, bleedMm = 0 }: Scene): { widthMm: number; heightMm: number } {
  return { widthMm: widthMm + 2 * bleedMm, heightMm: heightMm + 2 * bleedMm }
}

export type PathStyle = Omit<PathItem, 'kind' | 'd'>

export const MM_PER_INCH = 25.4
export const MM_PER_PT = MM_PER_INCH / 72

/** As short as a micrometre allows. */
export function mm(value: number): string {
  return String(Math.round(value * 1_000) / 1_000)
}

export function path(d: string, style: PathStyle): PathItem {
  return { kind: 'path', d, ...style }
}

export function rectangle(xMm: number, yMm: number, widthMm: number, heightMm: number, style: PathStyle): PathItem {
  return path(`M${mm(xMm)} ${mm(yMm)}h${mm(widthMm)}v${mm(heightMm)}h${mm(-widthMm)}Z`, style)
}

export function line(x1Mm: number, y1Mm: number, x2Mm: number, y2Mm: number, style: PathStyle): PathItem {
  return path(`M${mm(x1Mm)} ${mm(y1Mm)}L${mm(x2Mm)} ${mm(y2Mm)}`, style)
}

/** A line through points, for charts. */
export function polyline(points: readonly (readonly [xMm: number, yMm: number])[], style: PathStyle): PathItem {
  return path(points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${mm(x)} ${mm(y)}`).join(''), style)
}
