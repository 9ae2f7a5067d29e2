import { type PrintDocumentKind, readDocument } from '../convert/document.js'
import { chosenPrint, fingerOf, printsOf } from '../convert/prints.js'
import type { Engine } from '../engine.js'
import { namingFile } from '../node/naming-file.js'
import { readPrintFile } from '../node/read-file.js'
import type { Background } from '../render/sheet.js'
import { decodeTemplate } from '../template/native.js'
import type { Quality, Template, TemplateContents } from '../types.js'

/** A print from a file of any kind that is read here. */
export interface LoadedPrint {
  readonly path: string
  readonly kind: PrintDocumentKind
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

/**
 * Reads a print: an image is decoded and extracted, what holds minutiae taken as it is.
 *
 * @throws SidikError FILE_UNREADABLE, PRINT_NOT_CHOSEN for a file with several prints, and what decoding and extraction throw, with
 *   the file's name
 */
export async function loadPrint(engine: Engine, path: string, options: LoadOptions = {}): Promise<LoadedPrint> {
  const { ppi, classical, signal } = options
  signal?.throwIfAborted()
  const bytes = await readPrintFile(path)
  return namingFile(path, async () => {
    const document = readDocument(bytes)
    const { kind } = document
    const print = chosenPrint(printsOf(document))
    // A slap has minutiae of several fingers: refused.
    fingerOf(print)
    if (print.image === undefined) {
      const template = print.template!()
      const contents = decodeTemplate(template)
      const { widthPx, heightPx } = contents
      return { path, kind, template, contents, background: { widthPx, heightPx } }
    }
    const image = await print.image(ppi)
    const { template, quality, extractMs } = await engine.extract(image, {
      ...(classical !== undefined && { classical }),
      ...(signal && { signal }),
    })
    return { path, kind, template, contents: decodeTemplate(template), background: image, quality, extractMs }
  })
}
