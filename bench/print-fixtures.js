/**
 * Writes fixtures/print and the pictures of docs/cards.md: cards and a letter of invented persons with a drawn portrait. What is there is
 * replaced, so look at the difference before it is committed.
 *
 *     node bench/print-fixtures.js
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { cardDocument, letterDocument } from '../dist/station/print/render/index.js'
import { cardOf, GOLDEN, letterOf } from './support/print-golden.js'
import { LONGEST, portrait, SITI, signature } from './support/print-persons.js'

const root = fileURLToPath(new URL('..', import.meta.url))
for (const folder of ['fixtures/print', 'docs/images']) mkdirSync(root + folder, { recursive: true })

writeFileSync(`${root}fixtures/print/portrait.jpg`, await portrait())
writeFileSync(`${root}fixtures/print/signature.png`, await signature())

for (const [name, { make, page, dpi }] of Object.entries(GOLDEN)) {
  const png = await (await make({ cardDocument, letterDocument })).png(page, dpi)
  // 32 grays: a twentieth of the tolerance, and a third of the bytes.
  const small = await sharp(png).toColourspace('b-w').png({ palette: true, colours: 32, dither: 0 }).toBuffer()
  write(`fixtures/print/${name}.png`, small)
}

const card = await cardDocument(cardOf(SITI))
const longest = await cardDocument(cardOf(LONGEST))
const letter = await letterDocument(letterOf(SITI))
const pictures = {
  'card-front': [card, 0, 200],
  'card-back': [card, 1, 200],
  'card-longest': [longest, 0, 200],
  letter: [letter, 0, 90],
}
for (const [name, [document, page, dpi]] of Object.entries(pictures)) {
  const png = await document.png(page, dpi)
  write(
    `docs/images/${name}.png`,
    await sharp(png).png({ palette: true, colours: 128, dither: 0, effort: 10 }).toBuffer(),
  )
}

function write(path, bytes) {
  writeFileSync(root + path, bytes)
  console.log(`${path}: ${Math.ceil(bytes.length / 1024)} KB`)
}
