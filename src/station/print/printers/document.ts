import { SidikError } from '../../../errors.js'
import type { PrintDocument, PrintOutcome } from '../types.js'
import { notPrinted } from './outcomes.js'

/** @throws TypeError when it is no document, RangeError when a page has no size */
export function checkDocument(document: PrintDocument): void {
  const { title, pages, pdf, png } = document ?? {}
  if (typeof title !== 'string' || !Array.isArray(pages) || typeof pdf !== 'function' || typeof png !== 'function') {
    throw new TypeError('document must be a PrintDocument: title, pages, pdf() and png()')
  }
  if (pages.length === 0) throw new RangeError('document.pages is empty')
  for (const [i, { widthMm, heightMm }] of pages.entries()) {
    if (!(widthMm > 0 && heightMm > 0)) throw new RangeError(`document.pages[${i}] has no size`)
  }
}

/**
 * Pages in one of their forms, or why there are none. Text of an error that is not ours is not repeated: it may quote what was to be printed.
 *
 * @param signature the first characters of the form, so that nothing else goes to a printer
 */
export async function madeOf(
  make: () => Promise<Uint8Array>,
  signature: string,
): Promise<Uint8Array | Exclude<PrintOutcome, { outcome: 'printed' }>> {
  try {
    const bytes = await make()
    if (bytes instanceof Uint8Array && Buffer.from(bytes.subarray(0, 8)).toString('latin1').includes(signature)) {
      return bytes
    }
    return notPrinted('refused', `the document gave no ${signature}: nothing was sent`)
  } catch (error) {
    const code = error instanceof SidikError ? ` (${error.code})` : ''
    return notPrinted('refused', `the document could not be made${code}: nothing was sent`)
  }
}
