import type { Engine } from '../engine.js'
import { decodeImage } from '../image/decode.js'
import type { Background } from '../render/sheet.js'
import { decodeTemplate } from '../template/native.js'
import type { Quality, Template, TemplateContents } from '../types.js'
import { namingFile } from './naming-file.js'
import { readPrintFile } from './read-file.js'

export type PrintKind = 'image' | 'template' | 'iso-record'

/** A print from a file of any kind that is read here. */
export interface LoadedPrint {
  readonly path: string
  readonly kind: PrintKind
  readonly template: Template
  readonly contents: TemplateContents
  /** The image, or a blank sheet of the print's size where the file held none. */
  readonly background: Background
  /** Of an image only: how well it can be used, and the processor time it took. */
  readonly quality?: Quality
  readonly extractMs?: number
}

export interface LoadOptions {
  /** Resolution of an image, over what the file says. */
  readonly ppi?: number | undefined
  /** By the classical extraction. */
  readonly classical?: boolean | undefined
  readonly signal?: AbortSignal
}

const startsWith = (bytes: Uint8Array, magic: string) =>
  bytes.length >= magic.length && [...magic].every((letter, index) => bytes[index] === letter.charCodeAt(0))

/** Decides by content, never by name: native templates and ISO records begin with letters that no image begins with. */
export function kindOf(bytes: Uint8Array): PrintKind {
  if (startsWith(bytes, 'SDKT')) return 'template'
  if (startsWith(bytes, 'FMR\0')) return 'iso-record'
  return 'image'
}

async function loadImage(engine: Engine, path: string, bytes: Uint8Array, options: LoadOptions): Promise<LoadedPrint> {
  const image = await decodeImage(bytes, { ppi: options.ppi })
  const extraction = await engine.extract(image, {
    ...(options.classical !== undefined && { classical: options.classical }),
    ...(options.signal && { signal: options.signal }),
  })
  const { template, quality, extractMs } = extraction
  return { path, kind: 'image', template, contents: decodeTemplate(template), background: image, quality, extractMs }
}

function loadTemplate(path: string, kind: PrintKind, template: Template): LoadedPrint {
  const contents = decodeTemplate(template)
  const { widthPx, heightPx } = contents
  return { path, kind, template, contents, background: { widthPx, heightPx } }
}

/**
 * Reads a print: an image is decoded and extracted, a template or an ISO/IEC 19794-2:2005 record taken as it is.
 *
 * @throws SidikError FILE_UNREADABLE, and what decoding and extraction throw, with the file's name
 */
export async function loadPrint(engine: Engine, path: string, options: LoadOptions = {}): Promise<LoadedPrint> {
  options.signal?.throwIfAborted()
  const bytes = await readPrintFile(path)
  const kind = kindOf(bytes)
  return namingFile(path, async () => {
    if (kind === 'image') return loadImage(engine, path, bytes, options)
    return loadTemplate(path, kind, kind === 'iso-record' ? engine.importIso(bytes).template : bytes)
  })
}
