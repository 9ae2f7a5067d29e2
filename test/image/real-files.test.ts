import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'

const SHARED = new URL('../../../shared/data/', import.meta.url)

describe.skipIf(!existsSync(SHARED))('real files', () => {
  test('PNG prints equal an independent decoding, with the resolution of their pHYs', async () => {
    for (const set of readdirSync(new URL('fingerprints/', SHARED))) {
      const file = readFileSync(new URL(`fingerprints/${set}/104_3.png`, SHARED))
      const image = await decodeImage(file)
      expect(Buffer.compare(image.data, plainPng(file))).toBe(0)
      expect(image.ppi).toBe({ 'fvc2002-db2b': 569, 'fvc2004-db3b': 512 }[set] ?? 500)
    }
  })

  test('one print as BMP, PNG and JPEG is the same print', async () => {
    const read = (name: string) => decodeImage(readFileSync(new URL(`formats/images/${name}`, SHARED)), { ppi: 500 })
    const [fromBmp, fromPng, fromJpeg] = await Promise.all(['probe.bmp', 'probe.png', 'probe.jpeg'].map(read))
    expect(Buffer.compare(fromPng.data, fromBmp.data)).toBe(0)
    const difference = fromBmp.data.reduce((sum, value, i) => sum + Math.abs(value - fromJpeg.data[i]), 0)
    expect(difference / fromBmp.data.length).toBeLessThan(6)
    expect((await read('a001_03p.pgm')).widthPx).toBe(364)
  })

  test("a live scanner's BMP states 500 ppi and holds its raw frame", async () => {
    const image = await decodeImage(readFileSync(new URL('formats/image-records/leftIndex/FingerImage.bmp', SHARED)))
    expect([image.widthPx, image.heightPx, image.ppi]).toEqual([316, 354, 500])
    const raw = readFileSync(new URL('formats/image-records/leftIndex/RawData.raw', SHARED))
    expect(Buffer.compare(image.data, raw)).toBe(0)
  })
})

/** 8-bit gray, not interlaced (PNG, third edition, 9: filters), without any image library. */
function plainPng(file: Buffer): Uint8Array {
  const width = file.readUInt32BE(16)
  const height = file.readUInt32BE(20)
  expect([...file.subarray(24, 29)]).toEqual([8, 0, 0, 0, 0])
  const parts: Buffer[] = []
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)))
  }
  const filtered = inflateSync(Buffer.concat(parts))
  const out = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? out[y * width + x - 1] : 0
      const up = y > 0 ? out[(y - 1) * width + x] : 0
      const corner = x > 0 && y > 0 ? out[(y - 1) * width + x - 1] : 0
      const estimate = left + up - corner
      const distances = [left, up, corner].map(value => Math.abs(estimate - value))
      const paeth = [left, up, corner][distances.indexOf(Math.min(...distances))]
      const predicted = [0, left, up, (left + up) >> 1, paeth][filtered[y * (width + 1)]]
      out[y * width + x] = filtered[y * (width + 1) + 1 + x] + predicted
    }
  }
  return out
}
