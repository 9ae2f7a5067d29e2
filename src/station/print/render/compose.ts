/** A template and what is to stand in it, to pages that are laid out. */
import { barCode } from './bar-code.js'
import { type FittedText, fitText, largest, type TextBox } from './fit-text.js'
import { line, type PathStyle, path, rectangle, type Scene, type SceneItem } from './items.js'
import { type PictureStyle, readyPicture } from './picture.js'
import { beginningOf, charactersOf } from './shape.js'
import { fieldsIn, fill, type PrintTemplate, type TemplateItem, type TextTemplate } from './template.js'

export type PrintProblemCode =
  /** A text that does not fit even at its least size: its end is cut off. */
  | 'text-cut'
  /** Characters that no face has: U+FFFD stands in their place. */
  | 'character-missing'
  /** A photo or signature that is not there: its place is empty. */
  | 'picture-missing'
  /** A photo of so few pixels that they show. */
  | 'picture-coarse'
  /** A code whose bars are so narrow that readers may fail. */
  | 'code-fine'

/** What somebody should look at before the page is used. */
export interface PrintProblem {
  readonly code: PrintProblemCode
  /** From 0. */
  readonly page: number
  /** Of the template: 'name', 'photo'; several are joined by '+'. */
  readonly field: string
  /** In plain words, without personal data. */
  readonly message: string
  /** Personal data: what was cut off, or the characters that are missing. */
  readonly text?: string
}

export interface Composed {
  readonly scenes: readonly Scene[]
  readonly problems: readonly PrintProblem[]
}

export interface Contents {
  /** By name; an empty one is ''. */
  readonly fields: Readonly<Record<string, string>>
  /** Image files by name, those that are there. */
  readonly pictures: Readonly<Record<string, Uint8Array | undefined>>
}

type Problem = Omit<PrintProblem, 'page'>
interface Part {
  readonly items: readonly SceneItem[]
  readonly problems: readonly Problem[]
}

/** Pixels of a photo show below that. */
const COARSE_PPI = 150

/** What telephones and readers at a counter resolve of a printed code from a hand's breadth. */
const FINE_MODULE_MM = 0.25

/**
 * Longest text of a field that is laid out, in UTF-16 units. A kiosk may send any length, and laying
 * out takes much longer for twice the text. `enrol` takes 200, a line of A4 shows some 120.
 */
const MOST_LAID_OUT = 300

/** Items of a template that are the same on every page that is made with it. */
const fixed = new WeakMap<TemplateItem, Part>()

export async function compose(template: PrintTemplate, contents: Contents): Promise<Composed> {
  const { widthMm, heightMm, bleedMm = 0, images = {} } = template
  const problems: PrintProblem[] = []
  const scenes: Scene[] = []
  for (const [page, { items }] of template.pages.entries()) {
    const parts: Part[] = []
    for (const item of items) parts.push(await partOf(item, contents, images))
    problems.push(...parts.flatMap(part => part.problems.map(problem => ({ ...problem, page }))))
    scenes.push({ widthMm, heightMm, bleedMm, items: parts.flatMap(part => part.items) })
  }
  return { scenes, problems }
}

async function partOf(item: TemplateItem, contents: Contents, images: Readonly<Record<string, string>>): Promise<Part> {
  const known = fixed.get(item)
  if (known !== undefined) return known
  const part = await laidOut(item, contents, images)
  const isFixed =
    item.kind === 'text' || item.kind === 'code'
      ? fieldsIn(item.text).length === 0
      : item.kind !== 'picture' || Object.hasOwn(images, item.picture)
  if (isFixed) fixed.set(item, part)
  return part
}

function laidOut(
  item: TemplateItem,
  { fields, pictures }: Contents,
  images: Readonly<Record<string, string>>,
): Part | Promise<Part> {
  switch (item.kind) {
    case 'text':
      return textPart(item, fields)
    case 'picture': {
      const image = images[item.picture]
      return picturePart(item, image === undefined ? pictures[item.picture] : Buffer.from(image, 'base64'))
    }
    case 'code':
      return codePart(item, fields)
    case 'rectangle':
      return plain(rectangle(item.xMm, item.yMm, item.widthMm, item.heightMm, styleOf(item)))
    case 'line':
      return plain(line(item.x1Mm, item.y1Mm, item.x2Mm, item.y2Mm, styleOf(item)))
    case 'path':
      return plain(path(item.d, styleOf(item)))
  }
}

function plain(item: SceneItem): Part {
  return { items: [item], problems: [] }
}

function styleOf({ fill, stroke, strokeMm, opacity }: Extract<TemplateItem, { fill?: unknown }>): PathStyle {
  return {
    ...(fill !== undefined && { fill }),
    ...(stroke !== undefined && { stroke }),
    ...(strokeMm !== undefined && { widthMm: strokeMm }),
    ...(opacity !== undefined && { opacity }),
  }
}

function textPart(item: TextTemplate, given: Contents['fields']): Part {
  const names = fieldsIn(item.text)
  const fields = Object.fromEntries(names.map(name => [name, beginningOf(given[name], MOST_LAID_OUT)]))
  const { items, cut, missing } = fitted(item, fields)
  const field = names.join('+')
  const problems: Problem[] = []
  if (cut !== undefined) {
    const message = `${item.cut ?? (field || 'a text')} is too long for its place: ${[...cut].length} characters are cut off`
    problems.push({ code: 'text-cut', field: item.cut ?? field, message, text: cut })
  }
  for (const name of cut === undefined ? names.filter(each => fields[each] !== given[each]) : []) {
    const message = `${name} is longer than any text that is laid out: its end is cut off`
    problems.push({ code: 'text-cut', field: name, message, text: given[name].slice(fields[name].length) })
  }
  if (missing.length > 0) {
    const message = `${field || 'a text'} has ${missing.length} characters that no font here can print`
    problems.push({ code: 'character-missing', field, message, text: missing.join('') })
  }
  return { items, problems }
}

function fitted(item: TextTemplate, fields: Contents['fields']): FittedText {
  const { kind, text, case: letters, empty = '', cut, paragraph = false, ...place } = item
  const names = fieldsIn(text)
  const isEmpty = names.length > 0 && names.every(name => fields[name] === '')
  const box = { ...place, isParagraph: paragraph } as TextBox
  const attempt = (values: Contents['fields']) => {
    const filled = isEmpty ? empty : fill(text, values)
    return fitText(letters === 'upper' ? filled.toUpperCase() : filled, box)
  }
  const whole = attempt(fields)
  if (whole.cut === undefined || cut === undefined) return whole
  // What follows the field stays whole: a date behind a long place.
  const characters = charactersOf(fields[cut])
  const shortened = (kept: number) => attempt({ ...fields, [cut]: `${characters.slice(0, kept).join('').trimEnd()}…` })
  const kept = largest(characters.length - 1, count => shortened(count).cut === undefined)
  const result = shortened(kept)
  return result.cut === undefined ? { ...result, cut: characters.slice(kept).join('').trimStart() } : whole
}

async function picturePart(
  item: Extract<TemplateItem, { kind: 'picture' }>,
  bytes: Uint8Array | undefined,
): Promise<Part> {
  const { picture: field, fit = 'cover', gray = false, ink = false } = item
  if (bytes === undefined) {
    return { items: [], problems: [{ code: 'picture-missing', field, message: `there is no ${field}` }] }
  }
  const style: PictureStyle = { fit, isGray: gray, isInk: ink }
  const ready = await readyPicture(field, bytes, item, style)
  if (ready.ppi >= COARSE_PPI) return plain(ready.item)
  const message = `the ${field} has ${Math.floor(ready.ppi)} pixels an inch, fewer than ${COARSE_PPI}: they will show`
  return { items: [ready.item], problems: [{ code: 'picture-coarse', field, message }] }
}

function codePart(item: Extract<TemplateItem, { kind: 'code' }>, fields: Contents['fields']): Part {
  const names = fieldsIn(item.text)
  if (names.length > 0 && names.every(name => fields[name] === '')) return { items: [], problems: [] }
  const { xMm, yMm, widthMm, heightMm, colour } = item
  const box = { xMm, yMm, widthMm, heightMm, ...(colour !== undefined && { colour }) }
  const { items, moduleMm } = barCode(item.code, fill(item.text, fields).trim(), box)
  if (moduleMm >= FINE_MODULE_MM) return { items, problems: [] }
  const field = names.join('+')
  const message = `the code of ${field} has bars of ${moduleMm.toFixed(2)} mm, under ${FINE_MODULE_MM} mm: readers may fail`
  return { items, problems: [{ code: 'code-fine', field, message }] }
}
