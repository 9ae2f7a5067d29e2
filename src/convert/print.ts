import type { GrayImage, Minutia, Template } from '../types.js'
import type { Statements } from './stated.js'

/** One print of a document: an image, or what was found in one. */
export interface Print {
  /** In words: 'left index finger', 'record 3: right thumb'. */
  readonly name: string
  /** A code of FRICTION_RIDGE_POSITIONS; 0 unknown. */
  readonly fingerPosition: number
  /** How the finger met the sensor, in the words of the standard; absent where the document does not say. */
  readonly impression?: string
  /** 0 to 100; absent where the document does not say. */
  readonly statedQuality?: number
  /** Fingers (1 to 10) that the document says are not in it. */
  readonly missing?: readonly number[]
  /** Its pixels; absent where the document has minutiae alone. `ppi` holds whatever the document states. */
  readonly image?: (ppi?: number) => Promise<GrayImage>
  /** Absent where the document has an image. Throws SidikError where what was found does not make one. */
  readonly template?: () => Template
  /** How many minutiae the document has, of which the template holds 255; absent where it has an image. */
  readonly minutiaeCount?: () => number
  /**
   * The minutiae of the template in their order, positions and directions as the document has them:
   * not rounded. Absent where the document has an image.
   */
  readonly minutiae?: () => readonly Minutia[]
  /** Everything else that the document says of it. */
  readonly stated: () => Statements | Promise<Statements>
  /** Departures from the document: minutiae that lay outside its image. */
  readonly changes?: readonly string[]
}
