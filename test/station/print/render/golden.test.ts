import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { cardOf, GOLDEN, letterOf } from '../../../../bench/support/print-golden.js'
import { SCRIPTS, SITI, VERIFICATION } from '../../../../bench/support/print-persons.js'
import {
  CARD_TEMPLATE,
  cardDocument,
  letterDocument,
  type PrintTemplate,
} from '../../../../dist/station/print/render/index.js'
import { readCode128 } from './code128.js'
import { differing, grayOf, hasPoppler, infoOf, pagesOf, readQr, textOf } from './images.js'

const golden = (name: string) =>
  grayOf(readFileSync(new URL(`../../../../fixtures/print/${name}.png`, import.meta.url)))

/** Edges of other rounding, and the 32 grays of the files, differ by less. */
const GRAYS = 60
/** What a letter that was changed, or a field that was moved by a third of a millimetre, exceeds. */
const PIXELS = 8

describe('golden images', () => {
  it.each(Object.keys(GOLDEN))('%s looks as it did', async name => {
    const { make, page, dpi } = GOLDEN[name]
    const document = await make({ cardDocument, letterDocument })
    expect(differing(await grayOf(await document.png(page, dpi)), await golden(name), GRAYS)).toBeLessThanOrEqual(
      PIXELS,
    )
  })

  it('are missed by a card on which a letter is another', async () => {
    const other = cardOf({ ...SITI, person: { ...SITI.person, religion: 'Islan' } })
    const png = await (await cardDocument(other)).png(0, 150)
    expect(differing(await grayOf(png), await golden('card-front'), GRAYS)).toBeGreaterThan(PIXELS)
  })

  it('are missed by a card on which a field has moved by 0.3 mm', async () => {
    const png = await (await cardDocument(cardOf(SITI), { template: movedBy(0.3) })).png(0, 150)
    expect(differing(await grayOf(png), await golden('card-front'), GRAYS)).toBeGreaterThan(PIXELS)
  })
})

describe('sizes', () => {
  it('are those of ID-1 and A4 at 300 and 600 dpi', async () => {
    const card = await cardDocument(cardOf(SITI))
    expect(card.pages).toEqual([
      { widthMm: 85.6, heightMm: 53.98 },
      { widthMm: 85.6, heightMm: 53.98 },
    ])
    for (const [dpi, width, height] of [
      [300, 1011, 638],
      [600, 2022, 1275],
    ]) {
      const metadata = await sharp(await card.png(1, dpi)).metadata()
      expect([metadata.width, metadata.height, metadata.density, metadata.channels]).toEqual([width, height, dpi, 3])
    }
    expect((await letter).pages).toEqual([{ widthMm: 210, heightMm: 297 }])
    await expect(card.png(2, 300)).rejects.toThrow(RangeError)
    await expect(card.png(0, 5_000)).rejects.toThrow(RangeError)
  })
})

describe('codes', () => {
  it('are read back from the card: serial and NIK', async () => {
    const png = await (await cardDocument(cardOf(SITI))).png(1, 300)
    expect(await readQr(png, { left: 680, top: 20, width: 331, height: 340 })).toBe(`${SITI.nik} AB00012345`)
    // A line through the bars, which lie 34.5 to 44 mm from above, 4 to 58 mm from the left.
    const { data, width } = await grayOf(png)
    const y = Math.round((39 / 25.4) * 300)
    expect(readCode128(data.subarray(y * width + 50, y * width + 680))).toBe('AB00012345')
  })

  it('are read back from the letter as it is printed by an office printer, half of the dots', async () => {
    const document = await letter
    expect(document.problems).toEqual([])
    expect(await readQr(await document.png(0, 150), { left: 80, top: 1_250, width: 500, height: 450 })).toBe(
      VERIFICATION,
    )
  })
})

/** Of a page's pixels: 0.0014 at most between the two programs (bars of codes), 0.005 when a field of 7 letters has moved by a millimetre. */
const OTHER = 0.003

const scripts = cardDocument(cardOf(SCRIPTS))
const letter = letterDocument(letterOf(SITI))
const letterPdf = letter.then(document => document.pdf())

describe.skipIf(!hasPoppler)('PDF (poppler is needed)', () => {
  it('shows what the PNG shows, and not what it shows when a field has moved by a millimetre', async () => {
    const documents = [
      [await scripts, 150],
      [await letter, 100],
    ] as const
    for (const [document, dpi] of documents) {
      const pages = pagesOf(await document.pdf(), dpi, document.pages.length)
      for (const [page, drawn] of pages.entries()) {
        const ours = await document.png(page, dpi)
        expect(await shareOfOther(drawn, ours)).toBeLessThan(OTHER)
      }
      if (document === documents[0][0]) {
        const moved = await cardDocument(cardOf(SCRIPTS), { template: movedBy(1) })
        expect(await shareOfOther(pages[0], await moved.png(0, dpi))).toBeGreaterThan(OTHER)
      }
    }
  })

  it('can be searched, in every script', async () => {
    const text = textOf(await (await scripts).pdf())
    for (const words of [
      SITI.nik,
      'PANCORAN MAS',
      '17-03-1992',
      'NGUYỄN ÁNH',
      'אברהם',
      'محمد',
      'ЖУКОВСКИЙ',
      'AB00012345',
    ]) {
      expect(text).toContain(words)
    }
    expect(textOf(await letterPdf)).toContain('25 Mei 2027')
  })

  it('says nothing of the person outside its pages', async () => {
    const info = infoOf(await letterPdf)
    expect(info).toContain('Surat Keterangan')
    expect(info).not.toMatch(/Siti|3276|Rahmawati/)
  })
})

/** Two programs draw edges in two ways, by up to half a pixel: what is left when both are blurred is something else. */
async function shareOfOther(theirs: Uint8Array, ours: Uint8Array): Promise<number> {
  const { width, height } = await sharp(ours).metadata()
  const same = await sharp(theirs).resize(width, height, { fit: 'fill' }).png().toBuffer()
  const pixels = differing(await grayOf(same, { blurPx: 3 }), await grayOf(ours, { blurPx: 3 }), 30)
  return pixels / (width * height)
}

/** The card's template, one of its fields moved down. */
function movedBy(mm: number): PrintTemplate {
  const template = structuredClone(CARD_TEMPLATE)
  const item = template.pages[0].items.find(each => each.kind === 'text' && each.text === '{rtRw}')!
  return Object.assign(item, { yMm: (item as { yMm: number }).yMm + mm }) && template
}

describe('PDF', () => {
  it('is the same bytes whenever it is made of the same', async () => {
    const again = await letterDocument(letterOf(SITI))
    expect(Buffer.compare(await letterPdf, await again.pdf())).toBe(0)
  })

  it('asks for no font of the system', async () => {
    const bytes = Buffer.from(await letterPdf).toString('latin1')
    expect(bytes).toContain('/FontFile2')
    expect(bytes).not.toMatch(/Helvetica|Times|Courier/)
  })
})
