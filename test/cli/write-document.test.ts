import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { documentLines, writeDocument } from '../../dist/cli/write-document.js'
import { temporaryFolder } from './run.js'

const folder = temporaryFolder()

it('a document reads as what JSON makes of it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), value => {
      expect(JSON.parse([...documentLines(value)].join(''))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
  expect([...documentLines({ a: 1, list: [{ b: 2 }, 3], none: [], left: undefined })].join('')).toBe(
    '{\n  "a": 1,\n  "list": [\n    {"b":2},\n    3\n  ],\n  "none": []\n}\n',
  )
})

it('a document of many pieces is written whole', async () => {
  const value = { pairs: Array.from({ length: 5_000 }, (_, i) => ({ a: `finger ${i}`, score: i / 3 })), done: true }
  const path = join(folder, 'many.json')
  await writeDocument(path, value)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(value)
})
