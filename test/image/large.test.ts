import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import {
  bmp,
  concat,
  GRAY_PALETTE,
  grayPicture,
  HEIGHT,
  jpeg,
  PIXELS,
  pgm,
  png,
  pngChunk,
  rowsOf,
  WIDTH,
  XRES_500,
} from './files.js'
import { frameHeader, joinParts, wsqParts } from './wsq-writer.js'

const refusal = (bytes: Uint8Array) =>
  decodeImage(bytes).then(
    () => undefined,
    reason => reason,
  )

describe('absurdly large by its header', () => {
  /** 16,384 pixels a side are 268 million: a decoded one would take 268 MB and more. */
  const SIDE = 16_384

  function patched(file: Uint8Array, edit: (view: DataView) => void): Uint8Array {
    const copy = file.slice()
    edit(new DataView(copy.buffer))
    return copy
  }

  async function bombs(): Promise<Record<string, Uint8Array>> {
    const files = {
      png: await png(),
      jpeg: await jpeg(1, 500),
      tiff: new Uint8Array(
        await grayPicture()
          .tiff({ compression: 'none', ...XRES_500 })
          .toBuffer(),
      ),
      bmp: bmp(rowsOf(PIXELS, WIDTH), WIDTH, { bits: 8, palette: GRAY_PALETTE }),
    }
    const header = files.png.slice(16, 29)
    const view = new DataView(header.buffer)
    view.setUint32(0, SIDE)
    view.setUint32(4, SIDE)
    return {
      png: concat(files.png.subarray(0, 8), pngChunk('IHDR', header), files.png.subarray(33)),
      jpeg: patched(files.jpeg, v => {
        let at = 2
        while (v.getUint16(at) !== 0xffc0) at += 2 + v.getUint16(at + 2)
        v.setUint16(at + 5, SIDE)
        v.setUint16(at + 7, SIDE)
      }),
      tiff: patched(files.tiff, v => {
        const directoryAt = v.getUint32(4, true)
        for (let at = directoryAt + 2; at < v.byteLength - 12; at += 12) {
          const tag = v.getUint16(at, true)
          if (tag === 256 || tag === 257) v.setUint32(at + 8, SIDE, true)
        }
      }),
      // 16,383 a side, the most a WebP can have, in one colour: 38 bytes.
      webp: Uint8Array.from(Buffer.from('UklGRh4AAABXRUJQVlA4TBEAAAAv/r//DwdQxCIWsf+BiOh/AAA=', 'base64')),
      bmp: patched(files.bmp, v => {
        v.setInt32(18, SIDE, true)
        v.setInt32(22, -SIDE, true)
      }),
      bmpBeyondCounting: patched(files.bmp, v => {
        v.setInt32(18, 0x7fffffff, true)
        v.setInt32(22, -0x80000000, true)
      }),
      wsq: joinParts({ ...wsqParts(PIXELS, WIDTH, HEIGHT), frame: frameHeader(SIDE, SIDE) }),
      pgm: pgm(`P5 ${SIDE} ${SIDE} 65535\n`, PIXELS),
      pgmBeyondCounting: pgm('P5 9999999999 9999999999 255\n', PIXELS),
    }
  }

  test('is refused by its header: not even for a moment does it take memory', async () => {
    const all = await bombs()
    for (const [name, bomb] of Object.entries(all)) {
      expect(await refusal(bomb), name).toMatchObject({ name: 'SidikError', code: 'IMAGE_TOO_LARGE' })
    }
    // The most that the process ever had, so that what was freed again counts.
    const peakBytes = () => process.resourceUsage().maxRSS * 1024
    const before = peakBytes()
    for (let round = 0; round < 10; round++) for (const bomb of Object.values(all)) await refusal(bomb)
    expect(peakBytes() - before).toBeLessThan(64e6)
  })

  test('more bytes than any print has', async () => {
    const error = await refusal(new Uint8Array(256 * 1024 * 1024 + 1))
    expect(error).toMatchObject({ code: 'IMAGE_TOO_LARGE' })
  })
})
