import type { Minutia, Template, TemplateContents } from 'sidik'
import { encodeTemplate } from 'sidik/formats'
import { randomMinutiae, secondImpression } from './random-templates.js'

/** A minutia and its learned code, 16 bytes. */
export interface CodedMinutia extends Minutia {
  readonly code: readonly number[]
}

/** Bits of mated codes differ this often: 20 of 128. */
const BIT_FLIPS = 0.16

/** A finger with a code of random bits a minutia. */
export function codedFinger(next: () => number, count?: number): CodedMinutia[] {
  return randomMinutiae(next, count).map(minutia => ({
    ...minutia,
    code: Array.from({ length: 16 }, () => Math.floor(256 * next())),
  }))
}

/** The same finger again: minutiae lost, moved and turned, bits flipped. */
export function secondCoded(next: () => number, finger: readonly CodedMinutia[]): CodedMinutia[] {
  return (secondImpression(next, finger) as CodedMinutia[]).map(minutia => ({
    ...minutia,
    code: minutia.code.map(byte => {
      let flipped = byte
      for (let bit = 0; bit < 8; bit++) if (next() < BIT_FLIPS) flipped ^= 1 << bit
      return flipped
    }),
  }))
}

/** Contents with learned codes; of network 0 without. */
export function codedContents(coded: readonly CodedMinutia[], networkVersion = 1): TemplateContents {
  const minutiae = coded.map(({ code, ...minutia }) => minutia)
  const bits = Uint8Array.from(coded.flatMap(({ code }) => code))
  return {
    widthPx: 320,
    heightPx: 400,
    sourcePpi: 500,
    quality: 50,
    fingerPosition: 0,
    methodVersion: 0,
    minutiae,
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
    ...(networkVersion > 0 && coded.length > 0 && { learnedCodes: { networkVersion, bits } }),
  }
}

export function codedTemplate(coded: readonly CodedMinutia[], networkVersion = 1): Template {
  return encodeTemplate(codedContents(coded, networkVersion))
}
