/** What kind of file some bytes are, from their first ones alone: names and extensions lie. */
import { SidikError } from '../errors.js'

export type ImageFormat = 'png' | 'jpeg' | 'tiff' | 'webp' | 'bmp' | 'wsq' | 'pgm' | 'jp2' | 'fir'

const READ_HERE = 'PNG, JPEG, JPEG 2000, TIFF, WebP, BMP, WSQ, binary PGM (P5) and finger image records are'

/** Enough for the XML declaration, document type and comments that may come before an <svg> element. */
const TEXT_PREFIX_BYTES = 4096

/**
 * The format of an image file.
 *
 * @throws SidikError IMAGE_FORMAT for everything that is not read, named where it is recognised
 */
export function sniffFormat(bytes: Uint8Array): ImageFormat {
  const head = latin1(bytes, 16)
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  // Classic and BigTIFF, either byte order.
  if (/^(II[*+]\0|MM\0[*+])/.test(head)) return 'tiff'
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'webp'
  if (/^P5[\s#]/.test(head)) return 'pgm'
  if (head.startsWith('BM')) return 'bmp'
  if (head.startsWith('\xff\xa0\xff')) return 'wsq'
  // In a JP2 file, and a codestream by itself.
  if (head.startsWith('\0\0\0\x0cjP  ') || head.startsWith('\xff\x4f\xff\x51')) return 'jp2'
  if (head.startsWith('FIR\0')) return 'fir'
  const kind = knownKind(head) ?? textKind(latin1(bytes, TEXT_PREFIX_BYTES))
  throw new SidikError(
    'IMAGE_FORMAT',
    kind === undefined
      ? `these bytes are no image that is read here: ${READ_HERE}`
      : `this looks like ${kind}, which is not read yet: ${READ_HERE}`,
  )
}

/** What the first bytes say from an offset on; a list where a kind has several beginnings. */
const KNOWN: readonly (readonly [kind: string, offset: number, signatures: readonly string[]])[] = [
  ['GIF', 0, ['GIF87a', 'GIF89a']],
  ['AVIF', 4, ['ftypavif', 'ftypavis']],
  ['HEIC', 4, ['ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1']],
  ['JPEG XL', 0, ['\0\0\0\x0cJXL ', '\xff\x0a']],
  ['another Netpbm form than binary PGM', 0, ['P1', 'P2', 'P3', 'P4', 'P6', 'P7']],
  ['an ISO/IEC 19794-2 or ANSI 378 minutiae record', 0, ['FMR\0']],
  ['PDF', 0, ['%PDF']],
  ['PostScript', 0, ['%!PS']],
  ['a program', 0, ['\x7fELF', 'MZ']],
  ['a ZIP archive', 0, ['PK\x03\x04']],
  ['gzip', 0, ['\x1f\x8b']],
]

function knownKind(head: string): string | undefined {
  return KNOWN.find(([, offset, signatures]) => signatures.some(signature => head.startsWith(signature, offset)))?.[0]
}

function textKind(text: string): string | undefined {
  // UTF-16 text has a zero byte beside each letter of markup.
  const markup = text.replaceAll('\0', '')
  if (/<([a-z]+:)?svg[\s>]/i.test(markup)) return 'SVG'
  if (/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<\?xml/i.test(markup)) return 'XML'
  return /^\s*<(!doctype html|html)/i.test(markup) ? 'a web page' : undefined
}

function latin1(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...bytes.subarray(0, length))
}
