import { readdirSync, readFileSync } from 'node:fs'
import type { MinutiaType } from 'sidik'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'
import { describe, expect, it } from 'vitest'

const FOLDERS = new URL('../../fixtures/templates/', import.meta.url)

interface GoldenContents {
  widthPx: number
  heightPx: number
  sourcePpi: number
  quality: number
  fingerPosition: number
  methodVersion: number
  networkVersion?: number
  minutiae: { x: number; y: number; direction: number; type: MinutiaType; quality: number }[]
  geometricBitsHex: string
  geometricMasks: number[]
  learnedBitsHex?: string
}

/** A template that said of itself to be of a version to come, which has come: it is not as that version has to be. */
const CAME_TRUE = { code: 'TEMPLATE_CORRUPT', names: 'codeKinds (offset 30)' }

describe.each([1, 2])('templates of version %i', version => {
  const folder = new URL(`v${version}/`, FOLDERS)
  const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)))
  const jsonOf = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))

  const valid = Object.entries(jsonOf('valid.json') as Record<string, GoldenContents>)
  it.each(valid)('%s is read and written as it was made', (name, golden) => {
    const { networkVersion, geometricBitsHex, geometricMasks, learnedBitsHex, ...made } = golden
    const bytes = bytesOf(`${name}.sdkt`)
    const learnedBits = new Uint8Array(Buffer.from(learnedBitsHex ?? '', 'hex'))
    const contents = {
      ...made,
      ...(networkVersion !== undefined && { learnedCodes: { networkVersion, bits: learnedBits } }),
      minutiae: made.minutiae.map(({ x, y, direction, type, quality }) => ({
        xPx: x,
        yPx: y,
        directionRad: (direction * 2 * Math.PI) / 256,
        type,
        quality,
      })),
      geometricCodes: {
        bits: new Uint8Array(Buffer.from(geometricBitsHex, 'hex')),
        masks: Uint32Array.from(geometricMasks),
      },
    }
    expect(decodeTemplate(bytes)).toEqual(contents)
    expect(encodeTemplate(contents)).toEqual(bytes)
  })

  const invalid = Object.entries(jsonOf('invalid.json') as Record<string, { code: string; names: string }>)
  it.each(invalid)('%s is refused by the field that is wrong', (name, { code, names }) => {
    const expected = version === 1 && name === 'version-2' ? CAME_TRUE : { code, names }
    const error = { code: expected.code, message: expect.stringContaining(expected.names) }
    expect(() => decodeTemplate(bytesOf(`invalid-${name}.sdkt`))).toThrow(expect.objectContaining(error))
  })

  it('are what their script makes, all of them', async () => {
    const { files } = await import(new URL('make.mjs', folder).href)
    const made = files() as Map<string, Uint8Array>
    const stored = readdirSync(folder).filter(name => name !== 'make.mjs')
    expect(stored.sort()).toEqual([...made.keys()].sort())
    for (const [name, bytes] of made) expect(bytesOf(name), name).toEqual(new Uint8Array(bytes))
  })
})

it('40 minutiae with learned codes take 960 bytes', () => {
  expect(readFileSync(new URL('v2/forty.sdkt', FOLDERS))).toHaveLength(40 + 40 * 23)
})
