import fc from 'fast-check'
import type { GrayImage } from 'sidik'
import { describe, expect, it } from 'vitest'
import { frameOfAnswer, readAnswer } from '../../../../dist/capture/adapters/secugen-webapi/answer.js'
import { encodeWsq } from '../../../../dist/image/wsq/encode.js'
import { FUZZ_RUNS, mutated, mutatedByParts } from '../../../formats/fuzzing.js'
import { grayBmp } from '../../../support/bmp.js'
import { picture } from '../../contract.js'
import { capturedAnswer } from './service.js'

const IMAGE: GrayImage = picture(1, 33, 34)
const LIKELY = [...Buffer.from('"{}[],:0129-.\\eE+/=A')]

const refused = { code: expect.stringMatching(/^(DEVICE_PROTOCOL|IMAGE_|PPI_)/), name: 'SidikError' }

async function outcomeOf(text: Uint8Array): Promise<'refused' | 'read'> {
  try {
    const { code, json } = readAnswer({ status: 200, bytes: text })
    if (code !== 0) return 'refused'
    const { data, widthPx, heightPx } = await frameOfAnswer(json, 'secugen-webapi', undefined)
    const { ImageWidth = widthPx, ImageHeight = heightPx } = json as Record<string, unknown>
    expect(data.length).toBe(widthPx * heightPx)
    expect([Number(ImageWidth ?? widthPx), Number(ImageHeight ?? heightPx)]).toEqual([widthPx, heightPx])
    return 'read'
  } catch (error) {
    expect(error).toMatchObject(refused)
    return 'refused'
  }
}

describe('answers of SecuGen', () => {
  it(
    `of ${FUZZ_RUNS} mutations are refused or read, never wrong`,
    async () => {
      const wsq = Buffer.from(await encodeWsq(IMAGE)).toString('base64')
      const texts = [capturedAnswer(IMAGE), { ...capturedAnswer(IMAGE), BMPBase64: '', WSQImage: wsq }].map(answer =>
        Buffer.from(JSON.stringify(answer)),
      )
      // The bitmap by itself: in the text nearly all that changes are its pixels.
      const bitmaps = mutated([grayBmp(IMAGE).subarray(0, 60)], [0, 1, 40, 255]).map(head => {
        const bitmap = Buffer.concat([head, grayBmp(IMAGE).subarray(60)])
        return Buffer.from(JSON.stringify({ ...capturedAnswer(IMAGE), BMPBase64: bitmap.toString('base64') }))
      })
      // Members that are something else, of an answer that is JSON: nearly no change of the text leaves it so.
      const member = fc.constantFrom(...Object.keys(capturedAnswer(IMAGE)))
      const value = fc.oneof(fc.jsonValue(), fc.constantFrom(0, '0', '33', 34, -1, 1e300, '', null, 'QkA=', 'Qk0='))
      const members = fc
        .array(fc.tuple(member, value), { minLength: 1, maxLength: 2 })
        .map(changes => Buffer.from(JSON.stringify({ ...capturedAnswer(IMAGE), ...Object.fromEntries(changes) })))
      const counts = { refused: 0, read: 0 }
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(mutated(texts, LIKELY), mutatedByParts(texts, 0x2c, LIKELY), bitmaps, members),
          async text => {
            counts[await outcomeOf(text)]++
          },
        ),
        { numRuns: FUZZ_RUNS },
      )
      if (process.env.SIDIK_FUZZ_RUNS) console.log('SecuGen', counts)
      expect(counts.refused).toBeGreaterThan(0)
      expect(counts.read).toBeGreaterThan(FUZZ_RUNS / 20)
    },
    60_000 + FUZZ_RUNS * 5,
  )
})
