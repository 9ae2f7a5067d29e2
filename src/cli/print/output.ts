/** Documents into files. */
import { extname } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { PRIVATE_FILE_MODE } from '../../node/modes.js'
import type { PrintDocument } from '../../station/print/types.js'
import { writeOutput } from '../output-file.js'

/** A name that ends in .pdf or .png. */
export function parseDocumentFile(path: string): string {
  if (/^\.(pdf|png)$/i.test(extname(path))) return path
  throw new InvalidArgumentError('It does not end in .pdf or .png.')
}

/** One PDF, or a PNG for each page: 'card.png' is its front, 'card-2.png' its back. The names that were written. */
export async function writeDocumentTo(
  path: string,
  document: PrintDocument,
  dpi: number,
  mode = PRIVATE_FILE_MODE,
): Promise<string[]> {
  if (/\.pdf$/i.test(path)) {
    await writeOutput(path, await document.pdf(), mode)
    return [path]
  }
  const names = document.pages.map((_, page) => (page === 0 ? path : path.replace(/\.png$/i, `-${page + 1}$&`)))
  for (const [page, name] of names.entries()) await writeOutput(name, await document.png(page, dpi), mode)
  return names
}
