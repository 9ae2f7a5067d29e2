import fc from 'fast-check'
import { SidikError } from 'sidik'
import { describe, expect, it } from 'vitest'
import { cardOf, letterOf } from '../../../../bench/support/print-golden.js'
import { LONGEST, SITI } from '../../../../bench/support/print-persons.js'
import {
  CARD_TEMPLATE,
  cardDocument,
  LETTER_TEMPLATE,
  letterDocument,
  type PrintTemplate,
} from '../../../../dist/station/print/render/index.js'
import { differing, grayOf, hasPoppler, infoOf } from './images.js'

const bare = { nik: SITI.nik, person: SITI.person }
const text = { kind: 'text', text: '{name}', xMm: 5, yMm: 5, widthMm: 40, sizePt: 8 } as const
const page = (...items: unknown[]) =>
  ({ widthMm: 85.6, heightMm: 53.98, safeMm: 2, pages: [{ items }] }) as PrintTemplate

const withoutSex = (template: PrintTemplate) =>
  cardDocument({ ...bare, person: { ...SITI.person, sex: undefined as never } }, { template })

async function messageOf(template: unknown): Promise<string> {
  const error = await cardDocument(bare, { template: template as PrintTemplate }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SidikError)
  expect(error).toMatchObject({ code: 'PRINT_CONTENT' })
  return (error as Error).message
}

describe('a template', () => {
  it('is JSON: what comes with the program can be written, read, and gives the same', async () => {
    for (const template of [CARD_TEMPLATE, LETTER_TEMPLATE]) {
      expect(JSON.parse(JSON.stringify(template))).toEqual(template)
    }
    const copy = await cardDocument(bare, { template: JSON.parse(JSON.stringify(CARD_TEMPLATE)) })
    expect(Buffer.compare(await copy.png(0, 72), await (await cardDocument(bare)).png(0, 72))).toBe(0)
  })

  it.each<[string, unknown]>([
    ['template: ', 'a text'],
    ['template: ', null],
    ['template.pages', { widthMm: 85.6, heightMm: 53.98 }],
    ['template.widthMm', { ...page(text), widthMm: -1 }],
    ['template.pages', { ...page(), pages: [] }],
    ['template.pages[0].items[1].sizePt', page(text, { ...text, sizePt: 'large' })],
    ['template.pages[0].items[0].leastPt', page({ ...text, leastPt: 9 })],
    ['template.pages[0].items[0].colour', page({ ...text, colour: 'url(http://127.0.0.1/)' })],
    ["template.pages[0].items[0].text: there is no field 'nmae'", page({ ...text, text: 'Nama {nmae}' })],
    ['template.pages[0].items[0].cut', page({ ...text, cut: 'sex' })],
    ['template.pages[0].items[0].xMm: must be at least 2 mm', page({ ...text, xMm: 1 })],
    ['template.pages[0].items[0].widthMm', page({ ...text, widthMm: 80 })],
    ['template.pages[0].items[0].heightMm', page({ ...text, heightMm: 49 })],
    [
      "template.pages[0].items[0].picture: there is no picture 'logo'",
      page({ kind: 'picture', picture: 'logo', xMm: 5, yMm: 5, widthMm: 9, heightMm: 9 }),
    ],
    ['template.pages[0].items[0].d', page({ kind: 'path', d: 'M0 0"/><image href="x"/>', fill: '#000000' })],
    [
      'template.pages[0].items[0].code',
      page({ kind: 'code', code: 'ean13', text: '{nik}', xMm: 5, yMm: 5, widthMm: 9, heightMm: 9 }),
    ],
    ['template.pages[0].items[0]', page({ ...text, font: 'Arial' })],
    ["template.images.photo: 'photo' is the name", { ...page(), images: { photo: 'AAAA' } }],
    ['template.images.logo', { ...page(), images: { logo: 'not base64!' } }],
  ])('that is wrong is PRINT_CONTENT, which says where: %s', async (where, template) => {
    expect(await messageOf(template)).toContain(where)
  })

  it('of a letter is none for a card, also where it was used for a letter before', async () => {
    await letterDocument(letterOf(SITI), { template: LETTER_TEMPLATE })
    expect(await messageOf(LETTER_TEMPLATE)).toContain("there is no field 'officeRegency'")
  })

  it('with an image that is none names the image', async () => {
    const picture = { kind: 'picture', picture: 'logo', xMm: 5, yMm: 5, widthMm: 9, heightMm: 9 }
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')
    expect(await messageOf({ ...page(picture), images: { logo: svg } })).toContain('the logo cannot be printed')
  })

  it('with a text that a code cannot hold says so, without the text', async () => {
    const code = { kind: 'code', code: 'qrcode', text: 'secret'.repeat(300), xMm: 5, yMm: 5, widthMm: 40, heightMm: 40 }
    const message = await messageOf(page(code))
    expect(message).toContain('1800 characters cannot be written as qrcode')
    expect(message).not.toContain('secret')
  })

  it('has its own images, and every kind of code', async () => {
    const logo = Buffer.from(cardOf(SITI).photo).toString('base64')
    const at = { xMm: 5, widthMm: 40, heightMm: 9 }
    const template = {
      ...page(
        { kind: 'picture', picture: 'logo', ...at, yMm: 5, gray: true, fit: 'contain' },
        { kind: 'code', code: 'pdf417', text: '{nik} {name}', ...at, yMm: 15 },
        { kind: 'code', code: 'code128', text: '{nik}', ...at, yMm: 25 },
        { kind: 'code', code: 'qrcode', text: '{nik}', ...at, yMm: 35 },
      ),
      images: { logo },
    }
    const document = await cardDocument(bare, { template })
    const { data } = await grayOf(await document.png(0, 150))
    expect(data.filter(gray => gray < 64).length).toBeGreaterThan(5_000)
    // 40 mm for a PDF417 of four columns: 0.29 mm a bar; for Code 128 of 16 digits 0.28; for QR 9 mm: 0.31.
    expect(document.problems).toEqual([])
    const narrow = {
      kind: 'code',
      code: 'qrcode',
      text: '{nik} {street} {name}',
      xMm: 5,
      yMm: 5,
      widthMm: 6,
      heightMm: 6,
    }
    expect((await cardDocument(bare, { template: page(narrow) })).problems).toMatchObject([{ code: 'code-fine' }])
  })

  it('may have a bleed: the page is larger, what stands on it lies where it lay', async () => {
    const bled = await cardDocument(bare, { template: { ...CARD_TEMPLATE, bleedMm: 2.54 } })
    expect(bled.pages[0]).toEqual({ widthMm: 85.6 + 5.08, heightMm: 53.98 + 5.08 })
    const { data, width, height } = await grayOf(await bled.png(0, 100))
    const plain = await grayOf(await (await cardDocument(bare)).png(0, 100))
    // 2.54 mm are ten pixels; the ground goes on to the edge.
    const inner = new Uint8Array(plain.width * plain.height)
    for (let y = 0; y < plain.height; y++) {
      inner.set(data.subarray((y + 10) * width + 10, (y + 10) * width + 10 + plain.width), y * plain.width)
    }
    expect(differing({ ...plain, data: inner }, plain, 60)).toBeLessThan(plain.data.length / 100)
    expect(data[(height - 1) * width]).toBeLessThan(255)
    if (hasPoppler) expect(infoOf(await bled.pdf())).toContain('257.046 x 167.414 pts')
  })
})

describe('what is filled in', () => {
  it('that is too long is told: which field, and what was cut', async () => {
    const { problems } = await cardDocument(cardOf(LONGEST))
    const name = problems.find(({ field }) => field === 'name')!
    expect(name.code).toBe('text-cut')
    expect(LONGEST.person.name.toUpperCase().endsWith(name.text!)).toBe(true)
    expect(name.message).not.toContain(name.text!)
    // The place gives way, not the date behind it.
    expect(problems.find(({ field }) => field === 'birthPlace')).toMatchObject({
      code: 'text-cut',
      text: expect.stringMatching(/Daya$/),
    })
    expect(problems.map(({ field }) => field)).not.toContain('birthDate')
  })

  it.each([
    ['letters', 'fi'.repeat(50_000), 'fi'.repeat(150)],
    ['letters of two units', `x${'\u{1f600}'.repeat(50_000)}`, `x${'\u{1f600}'.repeat(149)}`],
    ['one letter with marks', `\u0635${'\u0651'.repeat(100_000)}`, `\u0635${'\u0651'.repeat(299)}`],
    ['marks of two units', `a${'\u{1d165}'.repeat(50_000)}`, `a${'\u{1d165}'.repeat(149)}`],
  ])('is laid out no further than any card shows it: %s', async (_, name, laidOut) => {
    // All of it fits, so that the text is cut for its length alone.
    const template = page({ ...text, widthMm: 75, heightMm: 45, lines: 100, sizePt: 3 })
    const [{ problems, ...long }, short] = await Promise.all(
      [name, laidOut].map(each => cardDocument({ ...bare, person: { ...SITI.person, name: each } }, { template })),
    )
    expect(differing(await grayOf(await long.png(0, 300)), await grayOf(await short.png(0, 300)), 0)).toBe(0)
    const cut = { code: 'text-cut', field: 'name', text: name.slice(laidOut.length) }
    expect(problems).toEqual(expect.arrayContaining([expect.objectContaining(cut)]))
  })

  it('may be empty: a dash stands there', async () => {
    const person = {
      name: 'Siti',
      birthDate: '1992-03-17',
      sex: 'female',
      birthPlace: 'Depok',
      address: { street: '-' },
    } as const
    const document = await cardDocument({ nik: SITI.nik, person })
    expect(document.problems.map(({ code }) => code)).toEqual(['picture-missing', 'picture-missing'])
    expect((await document.png(1, 72)).length).toBeGreaterThan(1_000)
  })

  it('may be of another shape, as another station wrote it', async () => {
    const person = { name: 7, address: null, sex: ['x'], birthDate: {} } as unknown as (typeof SITI)['person']
    await expect(cardDocument({ nik: SITI.nik, person })).resolves.toBeDefined()
    const template = page({ ...text, text: '{sex}' })
    for (const sex of ['constructor', 'toString', '__proto__']) {
      const shown = await cardDocument({ ...bare, person: { ...SITI.person, sex: sex as never } }, { template })
      expect(Buffer.from(await shown.pdf())).toEqual(Buffer.from(await (await withoutSex(template)).pdf()))
    }
  })

  it('never ends in another error than PRINT_CONTENT, whatever the text', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
    )
    await fc.assert(
      fc.asyncProperty(anyText, async name => {
        const template = page({ ...text, heightMm: 9, lines: 2, leastPt: 5 })
        const document = await cardDocument({ ...bare, person: { ...SITI.person, name } }, { template })
        expect(document.problems.every(({ code }) => code === 'text-cut' || code === 'character-missing')).toBe(true)
      }),
      { numRuns: 25 },
    )
  })

  it('that is no content is a TypeError', async () => {
    await expect(cardDocument(undefined as never)).rejects.toThrow(TypeError)
    await expect(cardDocument({ ...bare, photo: 'x' as never })).rejects.toThrow('content.photo')
    await expect(cardDocument(bare, { tempalte: 1 } as never)).rejects.toThrow("did you mean 'template'")
    await expect(letterDocument({ ...letterOf(SITI), office: undefined as never })).rejects.toThrow('content.office')
  })
})
