/** From the event SamplesAcquired of the vendor's web clients to frames. */

import { z } from 'zod'
import { decodeImage } from '#decode-image'
import { SidikError } from '../../../errors.js'
import { decodeRawFrame } from '../../../image/raw-frame.js'
import { resolvePpi } from '../../../image/resolution.js'
import { decodeWsq } from '../../../image/wsq/decode.js'
import { readOptions } from '../../../options.js'
import type { GrayImage } from '../../../types.js'
import { ppiOption } from '../../adapter-options.js'
import type { CaptureFrame } from '../../source.js'
import { bytesFrom, checked, jsonOf, protocolError, readBioSample, type SampleImage } from './bio-sample.js'
import { NAME, SAMPLE_FORMATS } from './sample-formats.js'

export interface DigitalPersonaSamplesOptions {
  /** Over what a sample states, 250 to 1,100; needed for a PNG that states none. */
  readonly ppi?: number
  /** Now, unless given. */
  readonly capturedAt?: Date
}

const Samples = z.object({
  sampleFormat: z.int(),
  /** JSON of the array in one of the vendor's clients, the array itself in the other. */
  samples: z.union([z.string(), z.array(z.unknown())]),
  deviceUid: z.string().max(1_000).nullish(),
  deviceId: z.string().max(1_000).nullish(),
})

/** More than fingers on a reader. */
const MOST_SAMPLES = 16

const UNCOMPRESSED = 0

/** How the files begin. */
const PNG = '\x89PNG\r\n\x1a\n'
const WSQ = '\xff\xa0'

/**
 * The frames of a SamplesAcquired event, which may come from a browser as JSON: `{ sampleFormat, samples, deviceUid }`. Raw (1),
 * Compressed (3, WSQ) and PngImage (5) hold images; all of an event are good, or none is given. Raw and Compressed are read in a
 * browser as well. A frame's `device.serialNumber` is the reader's id as the agent has it.
 *
 * @throws SidikError NO_IMAGE for Intermediate (2), DEVICE_PROTOCOL for what is no such event or contradicts itself, PPI_UNKNOWN, and
 *   what decoding an image throws
 * @throws TypeError, RangeError for options that are not what their type says
 */
export async function framesOfDigitalPersonaSamples(
  event: unknown,
  options?: DigitalPersonaSamplesOptions,
): Promise<CaptureFrame[]> {
  const { ppi, capturedAt = new Date() } = readOptions('framesOfDigitalPersonaSamples', options, ['ppi', 'capturedAt'])
  ppiOption(ppi)
  if (!(capturedAt instanceof Date)) throw new TypeError('capturedAt must be a Date')
  const read = checked(Samples, typeof event === 'string' ? jsonOf(event, 'the event') : event, 'the event')
  const list = typeof read.samples === 'string' ? jsonOf(read.samples, 'samples') : read.samples
  if (!Array.isArray(list)) throw protocolError('samples is no array')
  if (list.length === 0 || list.length > MOST_SAMPLES) {
    throw protocolError(`there are ${list.length} samples, must be 1 to ${MOST_SAMPLES}`)
  }
  const serialNumber = read.deviceUid || read.deviceId
  const device = { adapter: NAME, ...(serialNumber && { serialNumber }) }
  const imageOf = readerOf(read.sampleFormat)
  const frames: CaptureFrame[] = []
  for (const [i, sample] of list.entries()) {
    frames.push({ ...(await imageOf(sample, `samples[${i}]`, ppi)), device, capturedAt })
  }
  return frames
}

type ImageOfSample = (
  sample: unknown,
  where: string,
  ppi: number | undefined,
) => Promise<GrayImage & { received?: Uint8Array }>

function readerOf(sampleFormat: number): ImageOfSample {
  if (sampleFormat === SAMPLE_FORMATS.raw) return rawImage
  if (sampleFormat === SAMPLE_FORMATS.compressed) return wsqImage
  if (sampleFormat === SAMPLE_FORMATS.png) return pngImage
  if (sampleFormat === SAMPLE_FORMATS.intermediate) {
    throw new SidikError(
      'NO_IMAGE',
      "Intermediate samples are the vendor's features and no image: ask the reader for SampleFormat.Raw (1)",
    )
  }
  throw protocolError(`there is no sampleFormat ${sampleFormat}: ask the reader for SampleFormat.Raw (1)`)
}

async function rawImage(sample: unknown, where: string, ppi: number | undefined): Promise<GrayImage> {
  const image = readBioSample(sample, where)
  const { widthPx, heightPx, bytes } = image
  if ((image.compression ?? UNCOMPRESSED) !== UNCOMPRESSED) {
    throw protocolError(`${where} is of Compression ${image.compression}, but Raw samples are not compressed`)
  }
  if (bytes.length !== widthPx * heightPx) {
    throw protocolError(`${where} holds ${bytes.length} bytes, but ${widthPx} x ${heightPx} pixels are stated`)
  }
  const { data } = decodeRawFrame({ data: bytes, widthPx, heightPx })
  return { data: positive(data, image), widthPx, heightPx, ppi: resolvePpi({ option: ppi, stated: image }) }
}

/** Not every edition of the documentation has a Compression for WSQ, so what counts is how the bytes begin. */
async function wsqImage(sample: unknown, where: string, ppi: number | undefined) {
  const image = readBioSample(sample, where)
  checkBeginning(image.bytes, WSQ, `${where} holds no WSQ`)
  const { data, widthPx, heightPx, ppi: wsqPpi } = await decodeWsq(image.bytes, { onDeviation: () => {} })
  if (widthPx !== image.widthPx || heightPx !== image.heightPx) {
    throw protocolError(
      `${where} holds a WSQ of ${widthPx} x ${heightPx} pixels, but ${image.widthPx} x ${image.heightPx} are stated`,
    )
  }
  const stated = image.xPpi || image.yPpi || wsqPpi === undefined ? image : { xPpi: wsqPpi, yPpi: wsqPpi }
  const gray = { data: positive(data, image), widthPx, heightPx, ppi: resolvePpi({ option: ppi, stated }) }
  return { ...gray, received: image.bytes }
}

async function pngImage(sample: unknown, where: string, ppi: number | undefined) {
  const received = bytesFrom(checked(z.string(), sample, where), where)
  checkBeginning(received, PNG, `${where} holds no PNG`)
  return { ...(await decodeImage(received, { ppi })), received }
}

function checkBeginning(bytes: Uint8Array, beginning: string, what: string): void {
  if (String.fromCharCode(...bytes.subarray(0, beginning.length)) !== beginning) throw protocolError(what)
}

/** Ridges dark, whichever way the reader has them. */
function positive(data: Uint8Array, { negative }: SampleImage): Uint8Array {
  return negative ? data.map(gray => 255 - gray) : data
}
