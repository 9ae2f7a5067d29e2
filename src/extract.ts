import type { Extractor } from './core/extractor.js'
import type { Matcher, MinutiaePrint } from './core/matcher.js'
import { encodeTemplate } from './template/native.js'
import type { GrayImage, Minutia, Quality, Template } from './types.js'

/** What an image of a print gives. */
export interface ExtractedPrint {
  readonly template: Template
  readonly quality: Quality
  readonly minutiae: readonly Minutia[]
  /** Of the image at 500 ppi, in which the minutiae lie. */
  readonly widthPx: number
  readonly heightPx: number
  /** Milliseconds: in a worker the processor's time where the system tells (Linux), else the clock's. */
  readonly extractMs: number
}

/**
 * Image to template, on the calling thread.
 *
 * @throws SidikError NOT_A_FINGERPRINT, IMAGE_TOO_LARGE
 */
export function extractPrint(extractor: Extractor, matcher: Matcher, image: GrayImage): ExtractedPrint {
  const { widthPx, heightPx, minutiae, learnedCodes, quality, extractMs } = extractor.extract(image)
  const template = encodeTemplate({
    widthPx,
    heightPx,
    sourcePpi: image.ppi,
    quality: quality.score,
    fingerPosition: 0,
    minutiae,
    ...(learnedCodes ? { learnedCodes, ...UNDESCRIBED } : describedBy(matcher, { widthPx, heightPx, minutiae })),
  })
  return { template, quality, minutiae, widthPx, heightPx, extractMs }
}

/** Geometric codes beside learned ones would double the template, and are made from the minutiae when they are needed. */
const UNDESCRIBED = { methodVersion: 0, geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) } }

function describedBy(matcher: Matcher, print: MinutiaePrint) {
  return { methodVersion: matcher.methodVersion, geometricCodes: matcher.describe(print) }
}
