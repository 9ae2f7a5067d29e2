import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { contentsOf } from '../../dist/convert/contents.js'
import { readDocument } from '../../dist/convert/document.js'
import { type Print, printsOf } from '../../dist/convert/prints.js'

const FOLDER = fileURLToPath(new URL('../../../shared/data/formats/', import.meta.url))
const present = existsSync(FOLDER)

/** Damaged on purpose, no files of a format, or pixels without a header. */
const NOT_THESE = /^ansi-nist\/bad\/|\.(txt|json|raw|ncm)$/

const files = present
  ? readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
      name => /\.\w+$/.test(name) && !NOT_THESE.test(name),
    )
  : []

const read = async ({ image, template }: Print) => {
  if (image === undefined) return template!().length
  return (await image(500)).data.length
}

describe.skipIf(!present)('every sample of a format', () => {
  it.each(files)('%s is recognised and read, whatever deviates in it', async name => {
    const options = { onDeviation: () => {} }
    const document = readDocument(readFileSync(FOLDER + name), options)
    const { title, fields } = await contentsOf(document, options)
    expect(title).not.toBe('')
    expect(Object.keys(fields).length).toBeGreaterThan(0)
    for (const print of printsOf(document, options)) expect(await read(print)).toBeGreaterThan(100)
  })
})
