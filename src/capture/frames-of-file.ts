import { readDocument } from '../convert/document.js'
import { printsOf } from '../convert/prints.js'
import { SidikError } from '../errors.js'
import type { ReadOptions } from '../formats/deviation.js'
import type { CaptureFrame, DeviceIdentity, Impression } from './source.js'

export interface FrameOrigin {
  readonly device: DeviceIdentity
  readonly capturedAt: Date
  readonly label?: string
  /** Of the images, over what the file says, 250 to 1,100. */
  readonly ppi?: number | undefined
}

const IMPRESSIONS: readonly Impression[] = ['rolled', 'swipe', 'contactless', 'plain']

/**
 * The frames in the bytes of a file of any kind that is read here: an image is one, a record or transaction as many as it has
 * images. Each keeps the bytes as `received`.
 *
 * @param options records are read strictly unless `onDeviation` listens to what deviates from their standard
 * @throws SidikError NO_IMAGE where it holds minutiae alone, and what reading and decoding throw: all frames are good, or none is given
 */
export async function framesOfFile(
  bytes: Uint8Array,
  origin: FrameOrigin,
  options: ReadOptions = {},
): Promise<CaptureFrame[]> {
  const { ppi, ...stated } = origin
  const document = readDocument(bytes, options)
  const frames: CaptureFrame[] = []
  for (const { image, fingerPosition, impression, statedQuality, missing } of printsOf(document, options)) {
    if (image === undefined) continue
    frames.push({
      ...(await image(ppi)),
      ...stated,
      ...(fingerPosition !== 0 && { position: fingerPosition }),
      ...impressionOf(impression),
      ...(statedQuality !== undefined && { statedQuality }),
      ...(missing !== undefined && { missing }),
      received: bytes,
    })
  }
  if (frames.length === 0) {
    throw new SidikError('NO_IMAGE', `there is no image in this ${document.kind}: a source of prints gives images`)
  }
  return frames
}

/** Of the name of an impression type in the standards: 'live-scan optical contact rolled' is a rolled one. */
function impressionOf(name: string | undefined): { impression?: Impression } {
  const words = name?.split(' ') ?? []
  const impression = words.includes('roll') ? 'rolled' : IMPRESSIONS.find(word => words.includes(word))
  return impression === undefined ? {} : { impression }
}
