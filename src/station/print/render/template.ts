/** What a card or letter looks like: JSON that a host can replace. docs/cards.md describes it. */
import { z } from 'zod'
import { SidikError } from '../../../errors.js'
import { CODE_KINDS } from './bar-code.js'
import { FACES } from './faces.js'

/** Lengths in millimetres: the largest page is A3. */
const MOST_MM = 420
const MOST_ITEMS = 500
const MOST_TEXT = 2_000
const MOST_PATH = 100_000
const MOST_IMAGES = 16
/** Of base64: an image of 3 MB. */
const MOST_IMAGE = 4_000_000

const place = z.number().min(-MOST_MM).max(MOST_MM)
const length = z.number().positive().max(MOST_MM)
const sizePt = z.number().min(3).max(144)
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, "must be a colour as '#rrggbb'")
const box = { xMm: place, yMm: place, widthMm: length, heightMm: length }
const style = {
  fill: colour.optional(),
  stroke: colour.optional(),
  /** Of the stroke; 0.2 unless given. */
  strokeMm: z.number().positive().max(20).optional(),
  opacity: z.number().min(0).max(1).optional(),
}
/** With fields in braces: 'PROVINSI {province}'. */
const filled = z.string().min(1).max(MOST_TEXT)

const item = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    text: filled,
    xMm: place,
    yMm: place,
    widthMm: length,
    heightMm: length.optional(),
    sizePt,
    /** Never smaller; `sizePt` unless given. */
    leastPt: sizePt.optional(),
    /** Most lines; 1 unless given. */
    lines: z.int().min(1).max(100).optional(),
    face: z.enum(FACES).optional(),
    align: z.enum(['left', 'center', 'right']).optional(),
    /** In `heightMm`; 'top' unless given. */
    verticalAlign: z.enum(['top', 'middle']).optional(),
    /** On lines from the start; else only where one line is not enough. */
    paragraph: z.boolean().optional(),
    colour: colour.optional(),
    case: z.enum(['as-given', 'upper']).optional(),
    /** Of several fields the one that is cut where the text is too long; else the end of the text is. */
    cut: z.string().min(1).optional(),
    /** What stands there when all fields of the text are empty: nothing unless given. */
    empty: z.string().max(MOST_TEXT).optional(),
  }),
  z.strictObject({
    kind: z.literal('picture'),
    /** 'photo', 'signature', or one of the template's `images`. */
    picture: z.string().min(1).max(64),
    ...box,
    fit: z.enum(['cover', 'contain']).optional(),
    gray: z.boolean().optional(),
    ink: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('code'),
    code: z.enum(CODE_KINDS),
    text: filled,
    ...box,
    colour: colour.optional(),
  }),
  z.strictObject({ kind: z.literal('rectangle'), ...box, ...style }),
  z.strictObject({ kind: z.literal('line'), x1Mm: place, y1Mm: place, x2Mm: place, y2Mm: place, ...style }),
  z.strictObject({
    kind: z.literal('path'),
    d: z
      .string()
      .max(MOST_PATH)
      .regex(/^\s*[Mm][MmLlHhVvCcSsQqTtAaZz0-9eE+\-., \n]*$/, "must be a path as SVG's, from M on"),
    ...style,
  }),
])

const templateSchema = z.strictObject({
  /** Of the trimmed page: `bleedMm` is round it. */
  widthMm: length,
  heightMm: length,
  /** What is printed beyond the edge and cut off; 0 unless given. */
  bleedMm: z.number().min(0).max(20).optional(),
  /** From the edge: texts, pictures and codes keep out of it; 0 unless given. */
  safeMm: z.number().min(0).max(50).optional(),
  pages: z
    .array(z.strictObject({ items: z.array(item).max(MOST_ITEMS) }))
    .min(1)
    .max(8),
  /** Image files as base64, by name. */
  images: z
    .record(z.string().min(1).max(64), z.base64().max(MOST_IMAGE))
    .refine(images => Object.keys(images).length <= MOST_IMAGES, `has more than ${MOST_IMAGES} images`)
    .optional(),
})

export type PrintTemplate = z.infer<typeof templateSchema>

export type TemplateItem = z.infer<typeof item>

export type TextTemplate = Extract<TemplateItem, { kind: 'text' }>

const FIELD = /\{([^{}]*)\}/g

/** Names in braces. */
export function fieldsIn(text: string): string[] {
  return [...text.matchAll(FIELD)].map(([, name]) => name)
}

export function fill(text: string, fields: Readonly<Record<string, string>>): string {
  return text.replace(FIELD, (_, name: string) => fields[name])
}

/** What a kind of document has to show. */
export interface Available {
  readonly fields: readonly string[]
  readonly pictures: readonly string[]
}

/** By what was given: for what it was checked, and as it was read. */
const read = new WeakMap<object, { readonly available: Available; readonly template: PrintTemplate }>()

/**
 * A template is checked when it is first used, and must not be changed afterwards.
 *
 * @throws SidikError PRINT_CONTENT naming the path of what is wrong: 'pages[0].items[3].sizePt'
 */
export function readTemplate(given: unknown, available: Available): PrintTemplate {
  const isObject = typeof given === 'object' && given !== null
  const known = isObject ? read.get(given) : undefined
  if (known?.available === available) return known.template
  const parsed = templateSchema.safeParse(given)
  if (!parsed.success) throw wrong(parsed.error.issues[0].path, parsed.error.issues[0].message)
  const template = parsed.data
  const taken = available.pictures.find(name => Object.hasOwn(template.images ?? {}, name))
  if (taken !== undefined) throw wrong(['images', taken], `'${taken}' is the name of what is captured`)
  for (const [p, page] of template.pages.entries()) {
    for (const [i, each] of page.items.entries()) checkItem(each, ['pages', p, 'items', i], template, available)
  }
  if (isObject) read.set(given, { available, template })
  return template
}

function checkItem(item: TemplateItem, at: readonly PropertyKey[], template: PrintTemplate, known: Available): void {
  if (item.kind === 'text' || item.kind === 'code') {
    const unknown = fieldsIn(item.text).find(name => !known.fields.includes(name))
    if (unknown !== undefined) {
      throw wrong([...at, 'text'], `there is no field '${unknown}' (known: ${known.fields.join(', ')})`)
    }
  }
  if (item.kind === 'text' && (item.leastPt ?? item.sizePt) > item.sizePt) {
    throw wrong([...at, 'leastPt'], 'must not be above sizePt')
  }
  if (item.kind === 'text' && item.cut !== undefined && !fieldsIn(item.text).includes(item.cut)) {
    throw wrong([...at, 'cut'], `'${item.cut}' is no field of this text`)
  }
  if (item.kind === 'picture') {
    const names = [...known.pictures, ...Object.keys(template.images ?? {})]
    if (!names.includes(item.picture)) {
      throw wrong([...at, 'picture'], `there is no picture '${item.picture}' (known: ${names.join(', ')})`)
    }
  }
  if (item.kind === 'text' || item.kind === 'code' || item.kind === 'picture') checkSafe(item, at, template)
}

/** Rounding of sums of tenths. */
const TOLERANCE_MM = 1e-6

function checkSafe(
  item: { xMm: number; yMm: number; widthMm: number; heightMm?: number | undefined },
  at: readonly PropertyKey[],
  { widthMm, heightMm, safeMm = 0 }: PrintTemplate,
): void {
  const least = safeMm - TOLERANCE_MM
  const [right, bottom] = [item.xMm + item.widthMm, item.yMm + (item.heightMm ?? 0)]
  const what = `must be at least ${safeMm} mm from the page's edge`
  if (item.xMm < least) throw wrong([...at, 'xMm'], what)
  if (item.yMm < least) throw wrong([...at, 'yMm'], what)
  if (right > widthMm - least) throw wrong([...at, 'widthMm'], `${what}, and ends at ${right} of ${widthMm}`)
  if (bottom > heightMm - least) throw wrong([...at, 'heightMm'], `${what}, and ends at ${bottom} of ${heightMm}`)
}

function wrong(path: readonly PropertyKey[], what: string): SidikError {
  const where = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return new SidikError('PRINT_CONTENT', `template${where}: ${what}`)
}
