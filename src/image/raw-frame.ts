/** A scanner's frame: already pixels, so only its description can be wrong. */
import { SidikError } from '../errors.js'
import type { RawFrame } from '../types.js'
import { checkSize, type DecodedImage } from './pixels.js'

/** Depths that sensors' converters have. */
const SENSOR_BITS = [8, 10, 12, 14, 16]

/** A frame of which the caller has no part: its pixels may be moved to another thread. */
export interface OwnFrame {
  readonly data: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>
  readonly widthPx: number
  readonly heightPx: number
}

/**
 * Checks a frame and copies its pixels, as they are.
 *
 * @throws TypeError, RangeError naming the member that is not what RawFrame says
 * @throws SidikError IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL
 */
export function takeFrame(frame: RawFrame): OwnFrame {
  const { data, widthPx, heightPx } = frame
  const kind = ArrayBuffer.isView(data) ? Object.prototype.toString.call(data) : ''
  if (kind !== '[object Uint8Array]' && kind !== '[object Uint16Array]') {
    throw new TypeError('data of a frame must be a Uint8Array (8 bits a pixel) or a Uint16Array (16 bits)')
  }
  checkSide('widthPx', widthPx)
  checkSide('heightPx', heightPx)
  if (data.length === 0) throw new SidikError('IMAGE_EMPTY', 'the frame holds no pixels: data is empty')
  if (data.length !== widthPx * heightPx) {
    throw new RangeError(
      `data of a frame must hold widthPx x heightPx = ${widthPx} x ${heightPx} pixels, not ${data.length}`,
    )
  }
  checkSize(widthPx, heightPx)
  return { data: kind === '[object Uint16Array]' ? new Uint16Array(data) : new Uint8Array(data), widthPx, heightPx }
}

/**
 * 8-bit frames are taken as they are. 16-bit ones say nothing of their sensor's depth, so they
 * are scaled by the smallest of 8, 10, 12, 14 and 16 bits that holds their brightest pixel: the
 * frame of a 12-bit sensor keeps 256 levels instead of the 16 that a division by 65,535 would
 * leave. Contrast is normalised later, so a dark frame that is taken for one of fewer bits loses
 * nothing.
 */
export function grayOfFrame({ data, widthPx, heightPx }: OwnFrame): DecodedImage {
  return { data: data instanceof Uint16Array ? scaleToBytes(data) : data, widthPx, heightPx }
}

/** Both in one. @throws as {@link takeFrame} */
export function decodeRawFrame(frame: RawFrame): DecodedImage {
  return grayOfFrame(takeFrame(frame))
}

function checkSide(name: string, value: unknown): void {
  if (typeof value !== 'number') throw new TypeError(`${name} of a frame must be a number of pixels`)
  if (!Number.isInteger(value) || value < 0) {
    throw new RangeError(`${name} of a frame must be a whole number of pixels, not ${value}`)
  }
}

function scaleToBytes(data: Uint16Array): Uint8Array<ArrayBuffer> {
  let brightest = 0
  for (const value of data) if (value > brightest) brightest = value
  const fullScale = SENSOR_BITS.map(bits => 2 ** bits - 1).find(scale => brightest <= scale)!
  const gray = new Uint8Array(data.length)
  for (let pixel = 0; pixel < gray.length; pixel++) gray[pixel] = Math.round((data[pixel] * 255) / fullScale)
  return gray
}
