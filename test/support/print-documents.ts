import sharp from 'sharp'
import type { PrintDocument } from 'sidik/station'

/** ID-1 (ISO/IEC 7810), in mm and in points. */
const CARD = { widthMm: 85.6, heightMm: 53.98 }
const POINTS = { width: 242.65, height: 153.01 }

/** A card that says its title on each page, and something personal that nobody may repeat. */
export function cardOf(title: string, { pages = 2, secret = '' } = {}): PrintDocument {
  return {
    title,
    pages: Array.from({ length: pages }, () => CARD),
    pdf: async () => pdfOf(Array.from({ length: pages }, (_, i) => `${title} ${i + 1} ${secret}`)),
    async png(page, dpi) {
      const [width, height] = [CARD.widthMm, CARD.heightMm].map(mm => Math.round((mm / 25.4) * dpi))
      return sharp({ create: { width, height, channels: 3, background: page === 0 ? 'white' : 'silver' } })
        .png()
        .toBuffer()
    },
  }
}

/** A PDF of one text a page. Objects: 1 catalogue, 2 pages, 3 font, then a page and its content in turn. */
function pdfOf(texts: readonly string[]): Uint8Array {
  const kids = texts.map((_, i) => `${4 + 2 * i} 0 R`).join(' ')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${texts.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  for (const [i, text] of texts.entries()) {
    const content = `BT /F1 12 Tf 20 70 Td (${text.replace(/[()\\]/g, '')}) Tj ET`
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${POINTS.width} ${POINTS.height}] /Contents ${5 + 2 * i} 0 R ` +
        '/Resources << /Font << /F1 3 0 R >> >> >>',
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    )
  }
  let pdf = '%PDF-1.4\n'
  const offsets = objects.map((object, i) => {
    const offset = pdf.length
    pdf += `${i + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`
  return Buffer.from(pdf + table + trailer, 'latin1')
}
