/**
 * The finger image record of ANSI INCITS 381-2004: that of ISO/IEC 19794-4:2005 (which draws the bytes) with the identifier of a
 * product between the length and the capture device, so that its header has 36 bytes.
 */
import type { Iso19794p4v2005Record } from './iso19794-4-2005.js'

export interface Ansi381v2004Record extends Iso19794p4v2005Record {
  /** CBEFF product identifier: who made the software that wrote the record, as registered with IBIA. */
  readonly ownerId: number
  /** Which software of that owner. */
  readonly productTypeId: number
}

export const HEADER_BYTES_ANSI = 36
