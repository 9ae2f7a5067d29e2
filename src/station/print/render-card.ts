/** The card of a record, as it is printed unless the host renders cards itself; and whether what stands on it will do. */
import type { Station } from '../station.js'
import type { PrintProblem } from './render/compose.js'
import { cardDocument } from './render/documents.js'
import { cardContent } from './render/read-content.js'
import type { PrintTemplate } from './render/template.js'
import type { RenderCard } from './run-types.js'

export function renderBy(template: PrintTemplate | undefined): RenderCard {
  return (station: Station, record: string, blank: { readonly serial?: string }) =>
    cardDocument(cardContent(station, record, blank), template === undefined ? {} : { template })
}

/**
 * Whether a card with these problems is worth a blank: not without its photo, and not with characters that could not be drawn. What is cut off, coarse or fine
 * leaves a card that is of use; so does a signature that is not there, of people who do not write.
 */
export function isPrintable(problems: readonly PrintProblem[]): boolean {
  return !problems.some(
    ({ code, field }) => code === 'character-missing' || (code === 'picture-missing' && field === 'photo'),
  )
}
