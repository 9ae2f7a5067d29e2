import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Template } from 'sidik'
import { checkSequence } from 'sidik/capture'
import { syntheticProbe, syntheticTemplate } from 'sidik/synthesize'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { readDocument } from '../../../dist/convert/document.js'
import { printsOf } from '../../../dist/convert/prints.js'
import { engineForTests } from '../../support/engine.js'
import { placesOf, tenprint } from '../../support/sequence.js'

vi.setConfig({ testTimeout: 60_000 })

const engine = await engineForTests(2)

const mirrored = (position: number) => ((position + 4) % 10) + 1

/** What is put down in place of a finger, as a number of one, and what must be said of it. */
const SWAPS: readonly {
  name: string
  rolled?: (position: number) => number
  plain?: (position: number) => number
  code: string
  named: readonly ['rolled' | 'plain', readonly number[]]
}[] = [
  {
    name: 'neighbours swapped',
    rolled: p => (p === 2 ? 3 : p === 3 ? 2 : p),
    code: 'fingers-swapped',
    named: ['rolled', [2, 3]],
  },
  { name: 'once more', rolled: p => (p === 9 ? 8 : p), code: 'same-finger-twice', named: ['rolled', [9]] },
  {
    name: 'slap of the other hand',
    plain: p => (p > 6 ? 12 - p : p),
    code: 'hands-swapped',
    named: ['plain', [7, 8, 9, 10]],
  },
  {
    name: 'hands swapped',
    rolled: mirrored,
    code: 'hands-swapped',
    named: ['rolled', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  },
]

describe('templates of synthetic fingers', () => {
  const persons = Array.from({ length: 12 }, (_, person) => person)
  const same = (finger: number) => finger
  /** Enrolled prints as the rolled ones, good probes as the slaps'. */
  const enrolled = (person: number, rolled = same, plain = same) =>
    tenprint((impression, position) =>
      impression === 'rolled'
        ? syntheticTemplate(31, 100 * person + rolled(position))
        : syntheticProbe(31, 100 * person + plain(position), 'clean'),
    )

  it('give no finding where nothing is wrong', () => {
    for (const person of persons) expect(checkSequence(engine, enrolled(person)).findings).toEqual([])
  })

  it.each(SWAPS)('$name is found', ({ rolled, plain, code, named: [impression, positions] }) => {
    for (const person of persons.slice(0, 6)) {
      const prints = enrolled(person, rolled, plain)
      const { findings } = checkSequence(engine, prints)
      expect(findings.map(finding => [finding.code, finding.prints])).toEqual([
        [code, placesOf(prints, impression, positions)],
      ])
    }
  })

  it('are listed where a finger of somebody else is among them, if it is not found', () => {
    for (const person of persons.slice(0, 6)) {
      const prints = enrolled(person, position => (position === 4 ? 99 : position))
      const { findings, unchecked } = checkSequence(engine, prints)
      const [place] = placesOf(prints, 'rolled', [4])
      expect([...findings, ...unchecked].filter(each => each.prints.includes(place))).toHaveLength(1)
      expect(findings.every(({ code }) => code === 'prints-disagree')).toBe(true)
    }
  })
})

describe('images of synthetic fingers (fixtures/prints)', () => {
  const POSITIONS = [2, 3, 4, 5, 7, 8, 9, 10]
  const templates = new Map<string, Template>()
  beforeAll(async () => {
    for (const finger of POSITIONS.keys()) {
      for (const impression of [1, 2]) {
        const name = `${101 + finger}_${impression}`
        const file = new URL(`../../../fixtures/prints/${name}.png`, import.meta.url)
        templates.set(name, (await engine.extract(readFileSync(file))).template)
      }
    }
  })
  const enrolled = (rolled: (position: number) => number) =>
    tenprint((impression, position) => {
      const finger = POSITIONS.indexOf(impression === 'rolled' ? rolled(position) : position)
      return finger < 0 ? undefined : templates.get(`${101 + finger}_${impression === 'rolled' ? 1 : 2}`)!
    })

  it('are found to be right, swapped, or of the other hand', () => {
    expect(
      checkSequence(
        engine,
        enrolled(position => position),
      ).findings,
    ).toEqual([])
    const prints = enrolled(position => (position === 3 ? 8 : position === 8 ? 3 : position))
    expect(checkSequence(engine, prints).findings).toMatchObject([
      { code: 'fingers-swapped', prints: placesOf(prints, 'rolled', [3, 8]) },
    ])
    const hands = enrolled(position => (position === 1 || position === 6 ? position : mirrored(position)))
    expect(checkSequence(engine, hands).findings).toMatchObject([{ code: 'hands-swapped' }])
  })
})

const DATA = fileURLToPath(new URL('../../../../shared/data/formats/', import.meta.url))

describe.skipIf(!existsSync(DATA))('a real ten-print card', () => {
  /** Each finger of the card's slaps, by NIST's boxes. */
  const boxes = () =>
    readFileSync(`${DATA}slaps/expected_boxes.txt`, 'latin1')
      .split('\n')
      .filter(line => line.startsWith('a001'))
      .map(line => line.split(' '))
      .map(([file, ...numbers]) => ({ slap: Number(file.slice(-2)), numbers: numbers.map(Number) }))
  const templates = new Map<string, Template>()
  beforeAll(async () => {
    const options = { onDeviation: () => {} }
    const document = readDocument(readFileSync(`${DATA}ansi-nist/good/jnbis-type-4-tpcard.an2`), options)
    for (const print of printsOf(document, options)) {
      const image = await print.image!(500)
      if (print.fingerPosition <= 10) {
        templates.set(`rolled ${print.fingerPosition}`, (await engine.extract(image)).template)
        continue
      }
      for (const { slap, numbers } of boxes()) {
        if (slap !== print.fingerPosition) continue
        const [finger, left, right, top, bottom] = numbers
        const [x0, y0] = [Math.max(0, left), Math.max(0, top)]
        const [widthPx, heightPx] = [Math.min(image.widthPx, right) - x0, Math.min(image.heightPx, bottom) - y0]
        const data = new Uint8Array(widthPx * heightPx)
        for (let y = 0; y < heightPx; y++) {
          const from = (y0 + y) * image.widthPx + x0
          data.set(image.data.subarray(from, from + widthPx), y * widthPx)
        }
        const { template } = await engine.extract({ data, widthPx, heightPx, ppi: 500 })
        // The plain thumbs' positions are 11 and 12.
        templates.set(`plain ${finger === 11 ? 1 : finger === 12 ? 6 : finger}`, template)
      }
    }
  }, 60_000)
  const card = (rolled: (position: number) => number, plain = (position: number) => position) =>
    tenprint(
      (impression, position) => templates.get(`${impression} ${(impression === 'rolled' ? rolled : plain)(position)}`)!,
    )

  it('is right, and every print of it is confirmed by another', () => {
    const prints = card(position => position)
    expect(prints.every(({ template }) => template !== undefined)).toBe(true)
    expect(checkSequence(engine, prints)).toEqual({ findings: [], unchecked: [] })
  })

  it.each(SWAPS)('$name is found', ({ rolled, plain, code, named }) => {
    const prints = card(rolled ?? (position => position), plain)
    const { findings } = checkSequence(engine, prints)
    expect(findings.map(finding => [finding.code, finding.prints])).toEqual([[code, placesOf(prints, ...named)]])
  })
})
