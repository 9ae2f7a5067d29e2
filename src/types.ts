/** The nouns of the public interface. Positions are in pixels at 500 ppi from the top left corner, y down. */

/** One print as 8-bit gray, row by row without padding: 0 black, 255 white. */
export interface GrayImage {
  readonly data: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
  /** Pixels per inch, 250 to 1,100. */
  readonly ppi: number
}

/** A frame as a scanner delivers it: gray, 8 bits a pixel (Uint8Array) or 16 (Uint16Array). */
export interface RawFrame {
  readonly data: Uint8Array | Uint16Array
  readonly widthPx: number
  readonly heightPx: number
  readonly ppi?: number
}

/**
 * The bytes of an image file (PNG, JPEG, JPEG 2000, TIFF, WebP, BMP, WSQ, PGM) or of a finger image record with one image, or a
 * raw frame.
 */
export type ImageInput = Uint8Array | ArrayBuffer | RawFrame

/** ISO/IEC 19794-2:2005, 6.2: a ridge that ends, a ridge that forks, anything else. */
export type MinutiaType = 'ridge-ending' | 'bifurcation' | 'other'

export interface Minutia {
  /** At 500 ppi, from the left. */
  readonly xPx: number
  /** At 500 ppi, from the top. */
  readonly yPx: number
  /**
   * 0 to 2 pi, counter-clockwise from the right (with y up): of an ending, from its tip back along its ridge; of a
   * bifurcation, from the fork along the valley between its branches (ISO/IEC 19794-2:2005, 6.3.4).
   */
  readonly directionRad: number
  readonly type: MinutiaType
  /** 0 to 100; 0 when not reported. */
  readonly quality: number
}

export type QualityReasonCode =
  | 'too-little-ridge-area'
  | 'too-dry'
  | 'too-wet'
  | 'too-faint'
  | 'unclear-ridges'
  | 'off-centre'
  | 'too-few-minutiae'
  | 'not-a-fingerprint'

/** One thing that a person can change at the next try. */
export interface QualityReason {
  readonly code: QualityReasonCode
  readonly message: string
}

export interface Quality {
  /**
   * 0 useless to 100 excellent: how likely a print is found again by its mates (docs/quality.md says what to expect of which score).
   * Not NFIQ.
   */
  readonly score: number
  readonly reasons: readonly QualityReason[]
  /** Area with readable ridges, square millimetres. */
  readonly ridgeAreaMm2: number
}

/** The geometric codes of a print's minutiae (see assembly/describe): 128 bits and a 32-bit mask each. */
export interface GeometricCodes {
  /** 16 bytes a minutia, in the order of the minutiae. */
  readonly bits: Uint8Array
  /** One 32-bit word a minutia: bit c is set where cell c lies inside the print's area. */
  readonly masks: Uint32Array
}

/** The learned codes of a print's minutiae: 128 bits each, of the ridge pattern round it, by a small network. */
export interface LearnedCodes {
  /** Version of the network that made them, 1 and up. Codes of different networks are never compared. */
  readonly networkVersion: number
  /** 16 bytes a minutia, in the order of the minutiae. */
  readonly bits: Uint8Array
}

/**
 * By what two templates were compared: by their learned codes where one network made both, else by their minutiae alone
 * (geometric codes). A template with codes of another network version still compares by its minutiae, and says so.
 */
export type ComparedCodes = 'learned' | 'geometric'

/** What a template holds, decoded. */
export interface TemplateContents {
  /** Of the image at 500 ppi. */
  readonly widthPx: number
  readonly heightPx: number
  /** Resolution of the image before it was resampled; 0 when unknown. */
  readonly sourcePpi: number
  /** 0 to 100. */
  readonly quality: number
  /** ISO/IEC 19794-2:2005 table 2: 0 unknown, 1 right thumb to 5 right little, 6 left thumb to 10 left little. */
  readonly fingerPosition: number
  /**
   * Version of the description method that made the geometric codes; 0 when unknown. Codes of another version than the
   * core's own are not compared but made again from the minutiae.
   */
  readonly methodVersion: number
  /** At most 255. */
  readonly minutiae: readonly Minutia[]
  /** One code a minutia, or none at all (both arrays empty): made from the minutiae when they are needed. */
  readonly geometricCodes: GeometricCodes
  /** One code a minutia; absent where no image was there (records of others), no network was asked, or no minutia is. */
  readonly learnedCodes?: LearnedCodes | undefined
}

/** A template in its native binary form (see src/template/native.ts): store it, send it, compare it. */
export type Template = Uint8Array
