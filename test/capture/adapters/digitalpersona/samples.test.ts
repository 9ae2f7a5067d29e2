import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import sharp from 'sharp'
import type { GrayImage } from 'sidik'
import {
  type DigitalPersonaSamplesOptions,
  digitalPersonaFeedback,
  framesOfDigitalPersonaSamples,
} from 'sidik/capture/digitalpersona'
import { describe, expect, it } from 'vitest'
import { decodeImage as withoutNode } from '../../../../dist/capture/adapters/digitalpersona/no-image-files.js'
import { decodeImage } from '../../../../dist/image/decode.js'
import { encodeJp2 } from '../../../../dist/image/jp2/encode.js'
import { encodeWsq } from '../../../../dist/image/wsq/encode.js'
import { FUZZ_RUNS, mutated, mutatedByParts } from '../../../formats/fuzzing.js'
import { picture, until } from '../../contract.js'
import { Agent, READER } from './agent.js'
import { base64url, bioSample, COMPRESSED, INTERMEDIATE, PNG, RAW, samplesOf } from './samples.js'

const IMAGE = picture(1, 70, 64)
const PRINT = new Uint8Array(readFileSync(new URL('../../../../fixtures/prints/101_1.png', import.meta.url)))

function eventOf(sampleFormat: number, samples: unknown, more: object = {}) {
  return { type: 'SamplesAcquired', deviceUid: READER, sampleFormat, samples: JSON.stringify(samples), ...more }
}

const psnrDb = (a: Uint8Array, b: Uint8Array) =>
  10 * Math.log10(255 ** 2 / (a.reduce((sum, gray, i) => sum + (gray - b[i]) ** 2, 0) / a.length))

describe('framesOfDigitalPersonaSamples', () => {
  it.each([
    ['Raw', RAW],
    ['PngImage', PNG],
  ])('gives the image of a %s sample as it was put in', async (_, sampleFormat) => {
    const print = await decodeImage(PRINT)
    const [frame, ...others] = await framesOfDigitalPersonaSamples(
      eventOf(sampleFormat, await samplesOf(print, sampleFormat)),
    )
    expect(others).toEqual([])
    expect(frame).toMatchObject({ widthPx: print.widthPx, heightPx: print.heightPx, ppi: print.ppi })
    expect(frame.device).toEqual({ adapter: 'digitalpersona', serialNumber: READER })
    expect(Buffer.compare(frame.data, print.data)).toBe(0)
  })

  it('gives the image of a Compressed sample with the WSQ as it came', async () => {
    const print = await decodeImage(PRINT)
    const [frame] = await framesOfDigitalPersonaSamples(eventOf(COMPRESSED, await samplesOf(print, COMPRESSED)))
    expect(Buffer.compare(frame.received!, await encodeWsq(print))).toBe(0)
    expect(psnrDb(frame.data, print.data)).toBeGreaterThan(30)
    // Of the resolution in the WSQ where there is no other.
    const unstated = bioSample(print, frame.received!, { Format: { iXdpi: 0, iYdpi: 0 } })
    const [same] = await framesOfDigitalPersonaSamples(eventOf(COMPRESSED, [unstated]))
    expect(same.ppi).toBe(print.ppi)
    expect(Buffer.compare(same.data, frame.data)).toBe(0)
  })

  it("takes the event of the vendor's client, its JSON, and that of the other client, whose samples are an array", async () => {
    const agent = new Agent()
    const client = agent.client()
    const events: object[] = []
    client.onSamplesAcquired = event => events.push(event)
    await client.startAcquisition(RAW)
    await agent.put(IMAGE)
    await until(() => events.length === 1)
    const [given] = events
    const { samples, deviceUid, ...rest } = JSON.parse(JSON.stringify(given))
    const parsed = { ...rest, deviceId: deviceUid, samples: JSON.parse(samples) }
    for (const event of [given, JSON.stringify(given), parsed, JSON.stringify(parsed)]) {
      const [frame] = await framesOfDigitalPersonaSamples(event)
      expect(frame.device.serialNumber).toBe(READER)
      expect(Buffer.compare(frame.data, IMAGE.data)).toBe(0)
    }
  })

  it('gives all samples of an event, in order', async () => {
    const second = picture(2, 65, 80)
    const samples = [bioSample(IMAGE, IMAGE.data), bioSample(second, second.data)]
    const capturedAt = new Date('2026-01-02T03:04:05Z')
    const frames = await framesOfDigitalPersonaSamples(eventOf(RAW, samples), { capturedAt })
    expect(frames.map(({ widthPx }) => widthPx)).toEqual([70, 65])
    for (const frame of frames) expect(frame.capturedAt).toEqual(capturedAt)
    const broken = [samples[0], bioSample(second, second.data.subarray(1))]
    await expect(framesOfDigitalPersonaSamples(eventOf(RAW, broken))).rejects.toThrow(/samples\[1\]/)
  })

  it('turns an image whose ridges are bright', async () => {
    const turned = IMAGE.data.map(gray => 255 - gray)
    const [frame] = await framesOfDigitalPersonaSamples(
      eventOf(RAW, [bioSample(IMAGE, turned, { Format: { uPolarity: 1 } })]),
    )
    expect(Buffer.compare(frame.data, IMAGE.data)).toBe(0)
    for (const uPolarity of [0, undefined]) {
      const samples = [bioSample(IMAGE, IMAGE.data, { Format: { uPolarity } })]
      const [same] = await framesOfDigitalPersonaSamples(eventOf(RAW, samples))
      expect(Buffer.compare(same.data, IMAGE.data)).toBe(0)
    }
  })

  it('wants the resolution of an image that states none, and keeps to the one that is given', async () => {
    const raw = eventOf(RAW, [bioSample(IMAGE, IMAGE.data, { Format: { iXdpi: 0, iYdpi: 0 } })])
    const { data, widthPx, heightPx } = IMAGE
    const pixels = sharp(data, { raw: { width: widthPx, height: heightPx, channels: 1 } }).toColourspace('b-w')
    const png = eventOf(PNG, [base64url(await pixels.png().toBuffer())])
    for (const event of [raw, png]) {
      await expect(framesOfDigitalPersonaSamples(event)).rejects.toMatchObject({ code: 'PPI_UNKNOWN' })
      const [frame] = await framesOfDigitalPersonaSamples(event, { ppi: 512 })
      expect(frame).toMatchObject({ ppi: 512, data })
    }
    const [frame] = await framesOfDigitalPersonaSamples(eventOf(RAW, [bioSample(IMAGE, data)]), { ppi: 512 })
    expect(frame.ppi).toBe(512)
  })

  it('refuses features, and says what to ask for', async () => {
    const event = eventOf(INTERMEDIATE, [{ Version: 1, Header: { Factor: 8, Type: 2 }, Data: 'AOglAcgp43NcwEE3' }])
    await expect(framesOfDigitalPersonaSamples(event)).rejects.toMatchObject({
      code: 'NO_IMAGE',
      message: expect.stringMatching(/SampleFormat\.Raw/),
    })
  })

  const raw = (changes: object, data = IMAGE.data) => eventOf(RAW, [bioSample(IMAGE, data, { ...changes })])
  const format = (changes: object) => raw({ Format: changes })

  it.each<[string, string, unknown]>([
    ['no JSON', 'DEVICE_PROTOCOL', 'SamplesAcquired'],
    ['nothing', 'DEVICE_PROTOCOL', undefined],
    ['a list', 'DEVICE_PROTOCOL', []],
    ['an unknown format', 'DEVICE_PROTOCOL', eventOf(4, [])],
    ['no format', 'DEVICE_PROTOCOL', eventOf(undefined as unknown as number, [])],
    ['no samples', 'DEVICE_PROTOCOL', eventOf(RAW, [])],
    ['samples that are no list', 'DEVICE_PROTOCOL', eventOf(RAW, {})],
    ['samples that are no JSON', 'DEVICE_PROTOCOL', { ...eventOf(RAW, []), samples: '[{' }],
    ['a thousand samples', 'DEVICE_PROTOCOL', eventOf(PNG, Array(1_000).fill('AA'))],
    ['a sample that is text where it is an object', 'DEVICE_PROTOCOL', eventOf(RAW, [base64url(PRINT)])],
    ['a sample that is an object where it is text', 'DEVICE_PROTOCOL', eventOf(PNG, [{ Data: base64url(PRINT) }])],
    ['base64 that is none', 'DEVICE_PROTOCOL', eventOf(PNG, ['§'])],
    ['an empty sample', 'DEVICE_PROTOCOL', eventOf(PNG, [''])],
    ['another file than PNG', 'DEVICE_PROTOCOL', eventOf(PNG, [base64url('BM'.padEnd(200))])],
    ['half a PNG', 'IMAGE_CORRUPT', eventOf(PNG, [base64url(PRINT.subarray(0, PRINT.length / 2))])],
    ['a sample that holds no text', 'DEVICE_PROTOCOL', eventOf(RAW, [{ Data: base64url(Buffer.of(0xff, 0xfe)) }])],
    ['a sample that holds no JSON', 'DEVICE_PROTOCOL', eventOf(RAW, [{ Data: base64url('{') }])],
    ['a sample without a size', 'DEVICE_PROTOCOL', format({ iWidth: undefined })],
    ['a width that is none', 'DEVICE_PROTOCOL', format({ iWidth: -70 })],
    ['half a pixel', 'DEVICE_PROTOCOL', format({ iWidth: 69.5 })],
    ['more pixels than bytes', 'DEVICE_PROTOCOL', format({ iWidth: 71 })],
    ['fewer pixels than bytes', 'DEVICE_PROTOCOL', format({ iHeight: 63 })],
    ['more pixels than there can be', 'DEVICE_PROTOCOL', format({ iWidth: 2 ** 31, iHeight: 2 ** 31 })],
    ['16 bits a pixel', 'DEVICE_PROTOCOL', format({ uBPP: 16, uSignificantBpp: 16 })],
    ['4 significant bits', 'DEVICE_PROTOCOL', format({ uSignificantBpp: 4 })],
    ['colour', 'DEVICE_PROTOCOL', format({ uImageType: 3 })],
    ['planes', 'DEVICE_PROTOCOL', format({ uPlanes: 3 })],
    ['pixels that are not square', 'PPI_OUT_OF_RANGE', format({ iXdpi: 500, iYdpi: 250 })],
    ['a resolution that is no reader’s', 'PPI_OUT_OF_RANGE', format({ iXdpi: 96, iYdpi: 96 })],
    ['a compressed one as Raw', 'DEVICE_PROTOCOL', raw({ Compression: 1 })],
    ['an encrypted one', 'DEVICE_PROTOCOL', raw({ Header: { Encryption: 1 } })],
    ['a Raw one as Compressed', 'DEVICE_PROTOCOL', { ...raw({}), sampleFormat: COMPRESSED }],
  ])('refuses %s', async (_, code, event) => {
    await expect(framesOfDigitalPersonaSamples(event)).rejects.toMatchObject({ name: 'SidikError', code })
  })

  it('refuses a WSQ of another size than is stated, JPEG 2000 in its place, and half of one', async () => {
    const wsq = await encodeWsq(IMAGE)
    const jp2 = await encodeJp2(IMAGE)
    const half = eventOf(COMPRESSED, [bioSample(IMAGE, wsq.subarray(0, wsq.length / 2))])
    const other = eventOf(COMPRESSED, [bioSample(IMAGE, wsq, { Format: { iWidth: 71 } })])
    const jasper = eventOf(COMPRESSED, [bioSample(IMAGE, jp2, { Compression: 1 })])
    await expect(framesOfDigitalPersonaSamples(half)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' })
    await expect(framesOfDigitalPersonaSamples(other)).rejects.toThrow(/71 x 64 are stated/)
    await expect(framesOfDigitalPersonaSamples(jasper)).rejects.toThrow(/no WSQ/)
  })

  it('says what is wrong with its options', async () => {
    const of = (options: object) => framesOfDigitalPersonaSamples(raw({}), options as DigitalPersonaSamplesOptions)
    await expect(of({ ppi: 100 })).rejects.toThrow(RangeError)
    await expect(of({ capturedAt: 'now' })).rejects.toThrow(/capturedAt/)
    await expect(of({ PPI: 500 })).rejects.toThrow(/did you mean 'ppi'/)
  })

  it('says without Node that a PNG is not decoded there, and what is', async () => {
    await expect(withoutNode(PRINT)).rejects.toMatchObject({
      code: 'IMAGE_FORMAT',
      message: expect.stringMatching(/SampleFormat\.Raw/),
    })
  })
})

describe('samples of DigitalPersona', () => {
  const LIKELY = [...Buffer.from('"{}[],:0129-.\\eE_')]
  const refused = { code: expect.stringMatching(/^(DEVICE_PROTOCOL|IMAGE_|PPI_|NO_IMAGE)/), name: 'SidikError' }
  const small: GrayImage = picture(1, 33, 34)

  async function outcomeOf(event: string): Promise<'refused' | 'read'> {
    try {
      for (const { data, widthPx, heightPx } of await framesOfDigitalPersonaSamples(event)) {
        expect(data.length).toBe(widthPx * heightPx)
      }
      return 'read'
    } catch (error) {
      expect(error).toMatchObject(refused)
      return 'refused'
    }
  }

  it(
    `of ${FUZZ_RUNS} mutations are refused or read, never wrong`,
    async () => {
      const wsq = await encodeWsq(small)
      const [png] = await samplesOf(small, PNG)
      const texts = await Promise.all(
        [RAW, COMPRESSED, PNG].map(async kind =>
          Buffer.from(JSON.stringify(eventOf(kind, await samplesOf(small, kind)))),
        ),
      )
      const events = fc.oneof(mutated(texts, LIKELY), mutatedByParts(texts, 0x2c, LIKELY)).map(text => text.toString())
      // Each layer by itself: a change outside leaves little of what is inside.
      const member = fc.constantFrom(
        ...['iWidth', 'iHeight', 'iXdpi', 'iYdpi', 'uBPP', 'uSignificantBpp', 'uImageType', 'uPlanes', 'uPolarity'],
      )
      const value = fc.oneof(fc.jsonValue(), fc.constantFrom(0, 1, 2, 33, 34, 66, 17, 500, -1, 1e300, null))
      const formats = fc
        .tuple(fc.constantFrom(RAW, COMPRESSED), member, value)
        .map(([kind, name, changed]) => [kind, { Format: { [name]: changed } }] as const)
      const outer = fc
        .tuple(fc.constantFrom(RAW, COMPRESSED), fc.constantFrom('Data', 'Compression', 'Header', 'Format'), value)
        .map(([kind, name, changed]) => [kind, { [name]: changed }] as const)
      const changedMembers = fc
        .oneof(formats, outer)
        .map(([kind, changes]) => eventOf(kind, [bioSample(small, kind === RAW ? small.data : wsq, changes)]))
      const inner = mutated([Buffer.from(bioSample(small, wsq).Data, 'base64url')], LIKELY).map(text =>
        eventOf(COMPRESSED, [{ Header: {}, Data: base64url(text) }]),
      )
      const files = fc.oneof(
        mutated([wsq], [0, 255]).map(bytes => eventOf(COMPRESSED, [bioSample(small, bytes)])),
        mutated([Buffer.from(String(png), 'base64url')], [0, 255]).map(bytes => eventOf(PNG, [base64url(bytes)])),
        mutated([small.data], [0, 255]).map(bytes => eventOf(RAW, [bioSample(small, bytes)])),
      )
      const made = fc.oneof(changedMembers, inner, files).map(event => JSON.stringify(event))
      const counts = { refused: 0, read: 0 }
      await fc.assert(
        fc.asyncProperty(fc.oneof(events, made, made), async event => {
          counts[await outcomeOf(event)]++
        }),
        { numRuns: FUZZ_RUNS },
      )
      if (process.env.SIDIK_FUZZ_RUNS) console.log('DigitalPersona', counts)
      expect(counts.refused).toBeGreaterThan(0)
      expect(counts.read).toBeGreaterThan(FUZZ_RUNS / 20)
    },
    60_000 + FUZZ_RUNS * 10,
  )

  it('nested without end are refused in no time to speak of', async () => {
    const begun = performance.now()
    const deep = '['.repeat(200_000)
    for (const event of [deep, eventOf(RAW, 0, { samples: deep }), eventOf(RAW, [{ Data: base64url(deep) }])]) {
      await expect(framesOfDigitalPersonaSamples(event)).rejects.toMatchObject({ code: 'DEVICE_PROTOCOL' })
    }
    const closed = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    await expect(framesOfDigitalPersonaSamples(closed)).rejects.toMatchObject({ code: 'DEVICE_PROTOCOL' })
    expect(performance.now() - begun).toBeLessThan(5_000)
  })
})

describe('digitalPersonaFeedback', () => {
  it('says for each QualityCode but 0 what to do, each differently', () => {
    expect(digitalPersonaFeedback(0)).toBeUndefined()
    const all = Array.from({ length: 24 }, (_, i) => digitalPersonaFeedback(i + 1)!)
    expect(new Set(all.map(({ code }) => code)).size).toBe(24)
    expect(new Set(all.map(({ message }) => message)).size).toBe(24)
    for (const quality of [25, -1, 1.5, Number.NaN]) {
      expect(digitalPersonaFeedback(quality)).toMatchObject({
        code: 'unknown',
        message: expect.stringMatching(/again/),
      })
    }
  })

  it("has the vendor's names", () => {
    const declared = readFileSync(
      new URL('../../../../node_modules/@digitalpersona/fingerprint/dist/fingerprint.sdk.d.ts', import.meta.url),
      'utf8',
    )
    const codes = [...declared.match(/enum QualityCode \{([^}]*)\}/)![1].matchAll(/(\w+) = (\d+)/g)]
    expect(codes).toHaveLength(25)
    for (const [, name, quality] of codes.slice(1)) {
      const kebab = name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase()
      expect(digitalPersonaFeedback(Number(quality))?.code).toBe(kebab)
    }
  })
})
