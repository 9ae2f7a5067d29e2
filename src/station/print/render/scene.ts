/** The building blocks of everything that is printed: items in millimetres, laid out once, put out as PNG and as PDF. */
import type { PrintDocument } from '../types.js'
import { printedSize, type Scene } from './items.js'
import { scenesPdf } from './pdf.js'
import { scenePng } from './png.js'

export { barCode, type CodeBox, type CodeKind, type ReadyCode } from './bar-code.js'
export type { Face } from './faces.js'
export { type FittedText, fitText, type TextBox } from './fit-text.js'
export {
  type Colour,
  line,
  type PathItem,
  type PathStyle,
  type PictureItem,
  path,
  polyline,
  rectangle,
  type Scene,
  type SceneItem,
  type TextItem,
} from './items.js'

/**
 * A document of pages that are laid out.
 *
 * @param title for people and queues, and in the PDF: no personal data
 */
export function sceneDocument(title: string, scenes: readonly Scene[]): PrintDocument {
  return {
    title,
    pages: scenes.map(printedSize),
    pdf: () => scenesPdf(title, scenes),
    png: async (page, dpi) => {
      const scene = scenes[page]
      if (scene !== undefined) return scenePng(scene, dpi)
      throw new RangeError(`page is ${page}, must be a whole number from 0 to ${scenes.length - 1}`)
    },
  }
}
