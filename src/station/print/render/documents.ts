/** Cards and letters as documents for a printer. */
import { readOptions } from '../../../options.js'
import type { PrintDocument } from '../types.js'
import { CARD_TEMPLATE } from './card-template.js'
import { compose, type PrintProblem } from './compose.js'
import {
  CARD_AVAILABLE,
  type CardContent,
  cardFields,
  LETTER_AVAILABLE,
  type LetterContent,
  letterFields,
} from './content.js'
import { LETTER_TEMPLATE } from './letter-template.js'
import { sceneDocument } from './scene.js'
import { type PrintTemplate, readTemplate } from './template.js'

export interface DocumentOptions {
  /** Instead of the one that comes with this program. It is checked when it is first used, and must not be changed afterwards. */
  readonly template?: PrintTemplate
}

/** A document, and what somebody should look at before it is printed. */
export type RenderedDocument = PrintDocument & { readonly problems: readonly PrintProblem[] }

/**
 * Front and back of a card, 85.60 x 53.98 mm (ID-1 of ISO/IEC 7810) unless the template says otherwise.
 *
 * @throws TypeError naming the argument that is not what its type says
 * @throws SidikError PRINT_CONTENT for a photo or signature that is no image, and for a template that cannot be filled
 */
export async function cardDocument(content: CardContent, options?: DocumentOptions): Promise<RenderedDocument> {
  const { template = CARD_TEMPLATE } = readOptions('cardDocument', options, ['template'])
  checkContent('content', content)
  const { photo, signature } = content
  const read = readTemplate(template, CARD_AVAILABLE)
  const { scenes, problems } = await compose(read, { fields: cardFields(content), pictures: { photo, signature } })
  return { ...sceneDocument('KTP', scenes), problems }
}

/**
 * A temporary letter, one page of A4 unless the template says otherwise.
 *
 * @throws TypeError naming the argument that is not what its type says
 * @throws SidikError PRINT_CONTENT for a photo that is no image, and for a template that cannot be filled
 */
export async function letterDocument(content: LetterContent, options?: DocumentOptions): Promise<RenderedDocument> {
  const { template = LETTER_TEMPLATE } = readOptions('letterDocument', options, ['template'])
  checkContent('content', content)
  if (typeof content.office !== 'object' || content.office === null)
    throw new TypeError('content.office must be an object')
  const { photo } = content
  const read = readTemplate(template, LETTER_AVAILABLE)
  const { scenes, problems } = await compose(read, { fields: letterFields(content), pictures: { photo } })
  return { ...sceneDocument('Surat Keterangan', scenes), problems }
}

function checkContent(name: string, content: CardContent | LetterContent): void {
  if (typeof content !== 'object' || content === null) throw new TypeError(`${name} must be an object`)
  if (typeof content.nik !== 'string') throw new TypeError(`${name}.nik must be a string`)
  if (typeof content.person !== 'object' || content.person === null) {
    throw new TypeError(`${name}.person must be an object`)
  }
  for (const part of ['photo', 'signature'] as const) {
    const bytes = (content as CardContent)[part]
    if (bytes !== undefined && !(bytes instanceof Uint8Array)) {
      throw new TypeError(`${name}.${part} must be bytes (a Uint8Array)`)
    }
  }
}
