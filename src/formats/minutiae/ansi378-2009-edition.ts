import { MAX_VIEWS } from './header.js'

/**
 * Layout of a record of ANSI INCITS 378, version '030' or '035'. Only their headers differ:
 *
 *     '2009', '2009-amendment-1'                    '2007-nist'
 *     16  1  certifications                         16  2  certifications << 12 | capture equipment ID
 *     17  2  capture equipment ID                   18  1  count of finger views
 *     19  1  count of finger views                  19  1  reserved, 0
 *     20  1  reserved, 0                            20     finger views
 *     21     finger views
 *
 * The left one is FingerprintIO's (its record of 378-2009); the right one is what both of NIST's
 * libraries read and write as "ANSI 2007", BiomDI (libfmr) and the Biometric Evaluation Framework.
 * Both write the version '030'.
 */
export type Ansi378v2009Edition = '2009' | '2009-amendment-1' | '2007-nist'

export const VERSIONS: Readonly<Record<Ansi378v2009Edition, string>> = {
  '2009': '030\0',
  '2009-amendment-1': '035\0',
  '2007-nist': '030\0',
}

const HEADER_BYTES = 21
const NIST_HEADER_BYTES = 20
const LENGTH_AT = 8
/** A view's bytes before its minutiae. */
const VIEW_HEADER_BYTES = 17
const MINUTIA_BYTES = 6

/** The edition, and whether the bytes fit '2009' and '2007-nist' equally well. */
export interface EditionFound {
  readonly edition: Ansi378v2009Edition
  readonly isAmbiguous: boolean
}

/**
 * Tells the editions by where their views end: only one of the headers leads to views that fill the
 * record. One that both do (made so on purpose) is the standard's, and ambiguous where that one's
 * reserved byte is not 0 either. Where neither does (a damaged record), and a header of 21 bytes
 * counts no views, before bytes of views or with a reserved byte that is not 0, it is the one
 * behind which views fill the record whatever their count; where that does not tell, NIST's if
 * NIST's header counts 1 to 176, else the standard's.
 *
 * @param bytes a record of version '030' or '035' that is not of ISO/IEC 19794-2:2011
 */
export function editionOf(bytes: Uint8Array): EditionFound {
  const version = String.fromCharCode(...bytes.subarray(4, 8))
  if (version === VERSIONS['2009-amendment-1']) return { edition: '2009-amendment-1', isAmbiguous: false }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fits2009 = viewsFill(view, HEADER_BYTES)
  const fitsNist = viewsFill(view, NIST_HEADER_BYTES)
  const reserved = bytes[HEADER_BYTES - 1]
  const countsNone = bytes[HEADER_BYTES - 2] === 0 && (bytes.length > HEADER_BYTES || reserved > 0)
  if (fits2009 && !countsNone) return { edition: '2009', isAmbiguous: fitsNist && reserved !== 0 }
  const countOfNist = bytes[NIST_HEADER_BYTES - 2]
  const isCounted = countOfNist > 0 && countOfNist <= MAX_VIEWS
  const byViews = countsNone ? editionByViews(view) : undefined
  const isNist = fitsNist || (countsNone && (byViews === '2007-nist' || (byViews === undefined && isCounted)))
  return { edition: isNist ? '2007-nist' : '2009', isAmbiguous: false }
}

/**
 * The one header behind which views fill the record, whatever their count; undefined where both or
 * none do.
 */
function editionByViews(view: DataView): '2009' | '2007-nist' | undefined {
  const isFilled = (headerBytes: number) => {
    const end = endOfViews(view, headerBytes)
    return end === view.byteLength && end > headerBytes
  }
  const isNist = isFilled(NIST_HEADER_BYTES)
  if (isNist === isFilled(HEADER_BYTES)) return undefined
  return isNist ? '2007-nist' : '2009'
}

/** Whether as many views as the header counts end where the record does, or where it says that it does. */
function viewsFill(view: DataView, headerBytes: number): boolean {
  const bytes = view.byteLength
  if (bytes < headerBytes) return false
  const end = endOfViews(view, headerBytes, view.getUint8(headerBytes - 2))
  return end === bytes || (end !== undefined && end < bytes && end === view.getUint32(LENGTH_AT))
}

/**
 * Where `count` views end, or as many as there are; undefined where the record ends before or
 * within one.
 */
function endOfViews(view: DataView, headerBytes: number, count?: number): number | undefined {
  const bytes = view.byteLength
  let end = headerBytes
  for (let i = 0; count === undefined ? end < bytes : i < count; i++) {
    if (end + VIEW_HEADER_BYTES > bytes) return undefined
    end += VIEW_HEADER_BYTES + MINUTIA_BYTES * view.getUint8(end + VIEW_HEADER_BYTES - 1)
    if (end + 2 > bytes) return undefined
    end += 2 + view.getUint16(end)
  }
  return end
}
