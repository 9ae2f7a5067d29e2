/** Scenes as PDF: text that can be searched in embedded fonts, images embedded, the same bytes for the same scenes. */
import type PDFDocument from 'pdfkit'
import { FACES, fontFile } from './faces.js'
import { MM_PER_PT, type PathItem, type PictureItem, printedSize, type Scene, type TextItem } from './items.js'
import { pdfkit } from './libraries.js'

type Document = InstanceType<typeof PDFDocument>

const PT_PER_MM = 1 / MM_PER_PT

/** A file must state when it was made; the same pages are the same bytes whenever that is. */
const NO_TIME = new Date(0)

/** @param title of the document: no personal data */
export async function scenesPdf(title: string, scenes: readonly Scene[]): Promise<Uint8Array> {
  const Pdf = await pdfkit()
  const document = new Pdf({
    autoFirstPage: false,
    // The first with transparency, which signatures and fine lines have.
    pdfVersion: '1.4',
    // None of the 14 fonts that readers have: all are embedded.
    font: '',
    lang: 'id',
    displayTitle: true,
    info: { Title: title, Producer: 'sidik', Creator: 'sidik', CreationDate: NO_TIME },
  })
  for (const face of FACES) document.registerFont(face, fontFile(face) as Buffer)
  for (const scene of scenes) addScene(document, scene)
  return finished(document)
}

async function finished(document: Document): Promise<Uint8Array> {
  document.end()
  const chunks: Buffer[] = []
  for await (const chunk of document) chunks.push(chunk as Buffer)
  return new Uint8Array(Buffer.concat(chunks))
}

function addScene(document: Document, scene: Scene): void {
  const { widthMm, heightMm } = printedSize(scene)
  const { items, bleedMm = 0 } = scene
  const size: [number, number] = [widthMm * PT_PER_MM, heightMm * PT_PER_MM]
  document.addPage({ size, margin: 0 })
  if (bleedMm > 0) {
    const inner = bleedMm * PT_PER_MM
    document.translate(inner, inner)
    Object.assign(document.page.dictionary.data, { TrimBox: [inner, inner, size[0] - inner, size[1] - inner] })
  }
  for (const item of items) {
    if (item.kind === 'text') addText(document, item)
    else if (item.kind === 'path') addPath(document, item)
    else addPicture(document, item)
  }
}

function addText(document: Document, { xMm, yMm, sizePt, runs, colour }: TextItem): void {
  let x = xMm * PT_PER_MM
  document.fontSize(sizePt).fillColor(colour)
  for (const { face, text, widthEm } of runs) {
    // Naming features, even none, has the whole run shaped at once, as in the SVG; else pdfkit does it word by word.
    document.font(face).text(text, x, yMm * PT_PER_MM, { lineBreak: false, baseline: 'alphabetic', features: [] })
    x += widthEm * sizePt
  }
}

function addPath(document: Document, { d, fill, stroke, widthMm = 0.2, opacity = 1 }: PathItem): void {
  document.save().scale(PT_PER_MM).lineWidth(widthMm).fillOpacity(opacity).strokeOpacity(opacity).path(d)
  if (fill !== undefined && stroke !== undefined) document.fillAndStroke(fill, stroke)
  else if (stroke !== undefined) document.stroke(stroke)
  else document.fill(fill)
  document.restore()
}

function addPicture(document: Document, { xMm, yMm, widthMm, heightMm, bytes }: PictureItem): void {
  document.image(bytes as Buffer, xMm * PT_PER_MM, yMm * PT_PER_MM, {
    width: widthMm * PT_PER_MM,
    height: heightMm * PT_PER_MM,
  })
}
