import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { cardOf, GOLDEN, letterOf } from '../../../../bench/support/print-golden.js'
import { LONGEST, SCRIPTS, SITI, VERIFICATION } from '../../../../bench/support/print-persons.js'
import { CARD_TEMPLATE, cardDocument, letterDocument } from '../../../../dist/station/print/render/index.js'
import { readCode128 } from './code128.js'
import { differing, grayOf, hasPoppler, infoOf, pagesOf, readQr, textOf } from './images.js'

const golden = (name: string) =>
  grayOf(readFileSync(new URL(`../../../../fixtures/print/${name}.png`, import.meta.url)))

/** Edges of other rounding, and the 32 grays of the files, differ by less. */
const GRAYS = 60
/** What a letter that was changed, or a field that was moved by a third of a millimetre, exceeds. */
const PIXELS = 8

describe('golden images', () => {
  it.each(Object.entries(GOLDEN))('%s looks as it did', async (name, { make, page, dpi }) => {
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
    const template = structuredClone(CARD_TEMPLATE)
    const item = template.pages[0].items.find(each => each.kind === 'text' && each.text === '{rtRw}')!
    Object.assign(item, { yMm: (item as { yMm: number }).yMm + 0.3 })
    const png = await (await cardDocument(cardOf(SITI), { template })).png(0, 150)
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
    expect((await letterDocument(letterOf(SITI))).pages).toEqual([{ widthMm: 210, heightMm: 297 }])
    await expect(card.png(2, 300)).rejects.toThrow(RangeError)
    await expect(card.png(0, 5_000)).rejects.toThrow(RangeError)
  })
})

describe('codes', () => {
  it('are read back from the card: serial and NIK', async () => {
    const png = await (await cardDocument(cardOf(SITI))).png(1, 300)
    expect(await readQr(png)).toBe(`${SITI.nik} AB00012345`)
    // A line through the bars, which lie 34.5 to 44 mm from above, 4 to 58 mm from the left.
    const { data, width } = await grayOf(png)
    const y = Math.round((39 / 25.4) * 300)
    expect(readCode128(data.subarray(y * width + 50, y * width + 680))).toBe('AB00012345')
  })

  it('are read back from the letter as it is printed by an office printer, half of the dots', async () => {
    const document = await letterDocument(letterOf(SITI))
    expect(document.problems).toEqual([])
    expect(await readQr(await document.png(0, 150))).toBe(VERIFICATION)
  })
})

describe.skipIf(!hasPoppler)('PDF (poppler is needed)', () => {
  it('shows what the PNG shows', async () => {
    for (const [document, dpi] of [
      [await cardDocument(cardOf(SCRIPTS)), 150],
      [await letterDocument(letterOf(LONGEST)), 100],
    ] as const) {
      const pages = pagesOf(await document.pdf(), dpi, document.pages.length)
      for (const [page, drawn] of pages.entries()) {
        // Two programs draw edges in two ways, by up to half a pixel: what is left when both are blurred is something else.
        const [theirs, ours] = [drawn, await document.png(page, dpi)]
        const size = await sharp(ours).metadata()
        const same = await sharp(theirs).resize(size.width, size.height, { fit: 'fill' }).png().toBuffer()
        const difference = differing(await grayOf(same, { blurPx: 2 }), await grayOf(ours, { blurPx: 2 }), 40)
        expect(difference / (size.width * size.height)).toBeLessThan(0.002)
      }
    }
  })

  it('can be searched, in every script', async () => {
    const text = textOf(await (await cardDocument(cardOf(SCRIPTS))).pdf())
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
    expect(textOf(await (await letterDocument(letterOf(SITI))).pdf())).toContain('25 Mei 2027')
  })

  it('says nothing of the person outside its pages', async () => {
    const info = infoOf(await (await letterDocument(letterOf(SITI))).pdf())
    expect(info).toContain('Surat Keterangan')
    expect(info).not.toMatch(/Siti|3276|Rahmawati/)
  })
})

describe('PDF', () => {
  it('is the same bytes whenever it is made of the same', async () => {
    const [a, b] = [await cardDocument(cardOf(SITI)), await cardDocument(cardOf(SITI))]
    expect(Buffer.compare(await a.pdf(), await b.pdf())).toBe(0)
  })

  it('asks for no font of the system', async () => {
    const bytes = Buffer.from(await (await letterDocument(letterOf(SITI))).pdf()).toString('latin1')
    expect(bytes).toContain('/FontFile2')
    expect(bytes).not.toMatch(/Helvetica|Times|Courier/)
  })
})
