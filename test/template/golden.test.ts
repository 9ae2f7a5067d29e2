import { readdirSync, readFileSync } from 'node:fs'
import type { MinutiaType } from 'sidik'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'
import { describe, expect, it } from 'vitest'

const FOLDER = new URL('../../fixtures/templates/v1/', import.meta.url)

interface GoldenContents {
  widthPx: number
  heightPx: number
  sourcePpi: number
  quality: number
  fingerPosition: number
  methodVersion: number
  minutiae: { x: number; y: number; direction: number; type: MinutiaType; quality: number }[]
  geometricBitsHex: string
  geometricMasks: number[]
}

const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, FOLDER)))
const jsonOf = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))

describe('templates of version 1', () => {
  const valid = Object.entries(jsonOf('valid.json') as Record<string, GoldenContents>)
  it.each(valid)('%s is read and written as it was made', (name, { geometricBitsHex, geometricMasks, ...made }) => {
    const bytes = bytesOf(`${name}.sdkt`)
    const contents = {
      ...made,
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
    const message = expect.stringContaining(names)
    expect(() => decodeTemplate(bytesOf(`invalid-${name}.sdkt`))).toThrow(expect.objectContaining({ code, message }))
  })

  it('are what their script makes, all of them', async () => {
    const { files } = await import(new URL('make.mjs', FOLDER).href)
    const made = files() as Map<string, Uint8Array>
    const stored = readdirSync(FOLDER).filter(name => name !== 'make.mjs')
    expect(stored.sort()).toEqual([...made.keys()].sort())
    for (const [name, bytes] of made) expect(bytesOf(name), name).toEqual(new Uint8Array(bytes))
  })
})
