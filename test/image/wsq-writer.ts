/**
 * Writes WSQ streams for the tests that our encoder does not write (other filters, restart markers, tables in other places): the
 * forward transform, quantizer and coder, each by its definition and as slow as that is. Nothing of the codec is used, so what
 * both agree on they agree on for the format's sake; the core's stages are held to these loops too.
 */
import { ascii, concat } from './files.js'

/** Analysis filters about their centre: right halves, as a stream has them. */
export interface Filters {
  readonly lowTaps: number
  readonly highTaps: number
  readonly low: readonly number[]
  readonly high: readonly number[]
}

/** The bank of 9 and 7 taps that all known encoders use (IAFIS-IC-0110). */
export const ODD: Filters = {
  lowTaps: 9,
  highTaps: 7,
  low: [0.852698679, 0.377402856, -0.110624404, -0.023849465, 0.037828456],
  high: [0.788485616, -0.418092273, -0.040689418, 0.064538883],
}

const ROOT_2 = Math.SQRT2

/** Splines of 8 and 4 taps (Cohen, Daubechies and Feauveau 1992): a bank of even lengths whose filters differ much. */
export const EVEN: Filters = {
  lowTaps: 8,
  highTaps: 4,
  low: [45, -7, -9, 3].map(tap => (tap * ROOT_2) / 64),
  high: [-3, 1].map(tap => (tap * ROOT_2) / 8),
}

/** The shortest bank. */
export const HAAR: Filters = { lowTaps: 2, highTaps: 2, low: [ROOT_2 / 2], high: [-ROOT_2 / 2] }

/** Left out of the stream. */
export const ABSENT = 0

export interface WsqOptions {
  readonly filters?: Filters
  /** Width of a bin for each subband, of coefficients as they are after division by 1 gray level. */
  readonly bin?: (subband: number) => number
  /** Symbols between restart markers; none when absent. */
  readonly restartAfter?: number | undefined
  readonly comments?: readonly string[]
  /** All Huffman tables in one segment before the blocks, instead of one before each. */
  readonly tablesTogether?: boolean
}

/** A stream in the parts that tests cut, repeat and change. */
export interface WsqParts {
  readonly start: Uint8Array
  readonly comments: Uint8Array
  readonly transform: Uint8Array
  readonly quantization: Uint8Array
  readonly frame: Uint8Array
  /** Tables and data of each of the three blocks. */
  readonly blocks: readonly Uint8Array[]
  readonly end: Uint8Array
}

export function wsq(pixels: Uint8Array, width: number, height: number, options: WsqOptions = {}): Uint8Array {
  return joinParts(wsqParts(pixels, width, height, options))
}

export function joinParts({ start, comments, transform, quantization, frame, blocks, end }: WsqParts): Uint8Array {
  return concat(start, comments, transform, quantization, frame, ...blocks, end)
}

export function wsqParts(pixels: Uint8Array, width: number, height: number, options: WsqOptions = {}): WsqParts {
  const {
    filters = ODD,
    bin = () => 0.25,
    comments = [nistComment(500)],
    restartAfter = Number.POSITIVE_INFINITY,
  } = options
  const shift = 127
  const picture: Picture = { width, height, at: (x, y) => pixels[y * width + x] - shift }
  const bands = subbandsOf(picture, '', filters)
  const bins = bands.map((_, subband) => decimal(bin(subband)))
  const starts = [0, 19, 52, 60]
  const symbols = [0, 1, 2].map(block =>
    bands.slice(starts[block], starts[block + 1]).flatMap((band, i) => {
      const width = bins[starts[block] + i].value
      return width === ABSENT ? [] : band.map(value => quantize(value, width))
    }),
  )
  const coded = symbols.map(values => symbolsOf(values))
  const tables = coded.map(codesFor)
  const together = segment(0xa6, ...tables.map((table, block) => huffmanTable(block, table)))
  return {
    start: Uint8Array.of(0xff, 0xa0),
    comments: concat(...comments.map(comment)),
    transform: transformTable(filters),
    quantization: quantizationTable(bins),
    frame: frameHeader(width, height, shift),
    blocks: coded.map((block, i) =>
      concat(
        options.tablesTogether === true
          ? i === 0
            ? together
            : new Uint8Array(0)
          : segment(0xa6, huffmanTable(i, tables[i])),
        segment(0xa3, Uint8Array.of(i)),
        codedData(block, textCodes(tables[i]), restartAfter),
      ),
    ),
    end: Uint8Array.of(0xff, 0xa1),
  }
}

export function nistComment(ppi: number | string): string {
  return `NIST_COM 3\nPIX_DEPTH 8\nPPI ${ppi}\nLOSSY 1\n`
}

export function comment(text: string): Uint8Array {
  return segment(0xa8, ascii(text))
}

/** A marker with its parameters and their length. */
export function segment(marker: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(...parts)
  return concat(Uint8Array.of(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255), body)
}

export function frameHeader(width: number, height: number, shift = 127, scale = 1): Uint8Array {
  return segment(
    0xa2,
    Uint8Array.of(0, 255),
    u16(height, width),
    scaled(decimal(shift)),
    scaled(decimal(scale)),
    new Uint8Array(3),
  )
}

export function transformTable({ lowTaps, highTaps, low, high }: Filters): Uint8Array {
  const taps = [...low, ...high].map(tap => {
    const digits = Math.round(Math.abs(tap) * 1e9)
    return concat(Uint8Array.of(tap < 0 ? 1 : 0, 9), u16(Math.floor(digits / 65536), digits % 65536))
  })
  return segment(0xa4, Uint8Array.of(lowTaps, highTaps), ...taps)
}

const BIN_CENTRE = 0.44

function quantizationTable(bins: readonly Decimal[]): Uint8Array {
  const none = decimal(0)
  const rows = Array.from({ length: 64 }, (_, i) =>
    concat(scaled(bins[i] ?? none), scaled(decimal(1.2 * (bins[i]?.value ?? 0)))),
  )
  return segment(0xa5, scaled(decimal(BIN_CENTRE)), ...rows)
}

export function quantize(value: number, bin: number): number {
  const zeroBin = decimal(1.2 * bin).value
  const beyond = Math.abs(value) - zeroBin / 2
  return beyond < 0 ? 0 : Math.sign(value) * (Math.floor(beyond / bin) + 1)
}

export interface Picture {
  readonly width: number
  readonly height: number
  at(x: number, y: number): number
}

/** Paths of the pictures that are split again: the digit is the quarter, row by row. */
const SPLIT = /^$|^[012]$|^0[012]$|^0[012][0123]$|^0000$/

/** Row by row, in the order of the stream. */
export function subbandsOf(picture: Picture, path: string, filters: Filters): number[][] {
  if (!SPLIT.test(path)) return path === '3' ? [] : [samplesOf(picture)]
  const last = Number(path.at(-1) ?? 0)
  const [left, right] = splitX(picture, filters, (last & 1) === 1)
  return [left, right]
    .map(half => splitX(turned(half), filters, (last & 2) === 2).map(turned))
    .reduce((lefts, rights) => [lefts[0], rights[0], lefts[1], rights[1]])
    .flatMap((quarter, i) => subbandsOf(quarter, `${path}${i}`, filters))
}

function samplesOf({ width, height, at }: Picture): number[] {
  return Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)))
}

function turned({ width, height, at }: Picture): Picture {
  return { width: height, height: width, at: (x, y) => at(y, x) }
}

/** Lower and higher half of the frequencies along x; filtering has turned them round in a picture that is mirrored. */
function splitX(picture: Picture, filters: Filters, mirrored: boolean): Picture[] {
  const { low, high, lowTaps, highTaps } = filters
  const lowWidth = Math.ceil(picture.width / 2)
  const even = lowTaps % 2 === 0
  const halves = [
    filtered(picture, lowWidth, low, lowTaps, 0, 1),
    filtered(picture, picture.width - lowWidth, high, highTaps, even ? 0 : 1, even ? -1 : 1),
  ]
  return mirrored ? halves.reverse() : halves
}

function filtered(
  picture: Picture,
  width: number,
  half: readonly number[],
  taps: number,
  from: number,
  mirrorSign: number,
): Picture {
  const even = taps % 2 === 0
  const period = even ? 2 * picture.width : Math.max(1, 2 * picture.width - 2)
  const reflectedAt = (x: number, y: number) => {
    const within = ((x % period) + period) % period
    return picture.at(within < picture.width ? within : period - within - (even ? 1 : 0), y)
  }
  const samples = new Float64Array(width * picture.height)
  for (let y = 0; y < picture.height; y++) {
    for (let i = 0; i < width; i++) {
      const x = 2 * i + from
      samples[y * width + i] = half.reduce((sum, tap, t) => {
        // Convolution: a tap to the right meets the sample to the left.
        if (even) return sum + tap * (reflectedAt(x - t, y) + mirrorSign * reflectedAt(x + 1 + t, y))
        return sum + tap * (t === 0 ? reflectedAt(x, y) : reflectedAt(x - t, y) + reflectedAt(x + t, y))
      }, 0)
    }
  }
  return { width, height: picture.height, at: (x, y) => samples[y * width + x] }
}

/** A stream has 16 bits for a coefficient. */
const MOST_COEFFICIENT = 65_535

/** A symbol and the bits of a value after it. */
interface Coded {
  readonly symbol: number
  readonly value: number
  readonly bits: number
}

export function symbolsOf(values: readonly number[]): Coded[] {
  const coded: Coded[] = []
  for (let i = 0; i < values.length; ) {
    let zeros = 0
    while (values[i + zeros] === 0 && zeros < 65535) zeros++
    if (zeros > 255) coded.push({ symbol: 106, value: zeros, bits: 16 })
    else if (zeros > 100) coded.push({ symbol: 105, value: zeros, bits: 8 })
    else if (zeros > 1) coded.push({ symbol: zeros, value: 0, bits: 0 })
    else if (values[i] >= -73 && values[i] <= 74) coded.push({ symbol: values[i] + 180, value: 0, bits: 0 })
    else {
      const size = Math.abs(values[i])
      if (size > MOST_COEFFICIENT) throw new RangeError(`${values[i]} does not fit in 16 bits: ask for wider bins`)
      const bits = size > 255 ? 16 : 8
      coded.push({ symbol: (bits === 8 ? 101 : 103) + (values[i] < 0 ? 1 : 0), value: size, bits })
    }
    i += Math.max(1, zeros)
  }
  return coded
}

/** One bit for the first symbol, the same number for all others, and none of ones alone. */
function codesFor(coded: readonly Coded[]): { symbols: number[]; longBits: number } {
  const symbols = [...new Set(coded.map(({ symbol }) => symbol))]
  return { symbols, longBits: 1 + Math.max(1, Math.ceil(Math.log2(symbols.length))) }
}

type Codes = ReturnType<typeof codesFor>

export function huffmanTable(number: number, { symbols, longBits }: Codes): Uint8Array {
  const counts = new Uint8Array(16)
  if (symbols.length > 0) counts[0] = 1
  if (symbols.length > 1) counts[longBits - 1] = symbols.length - 1
  return concat(Uint8Array.of(number), counts, Uint8Array.from(symbols))
}

/** @param codes by symbol: its bits as text */
export function codedData(
  coded: readonly Coded[],
  codes: ReadonlyMap<number, string>,
  restartAfter = Number.POSITIVE_INFINITY,
): Uint8Array {
  const bytes: number[] = []
  let bits = ''
  const flush = (size: number) => {
    while (bits.length >= size && bits.length > 0) {
      const byte = Number.parseInt(bits.slice(0, 8).padEnd(8, '1'), 2)
      bytes.push(byte)
      if (byte === 255) bytes.push(0)
      bits = bits.slice(8)
    }
  }
  coded.forEach(({ symbol, value, bits: valueBits }, i) => {
    if (i > 0 && i % restartAfter === 0) {
      flush(1)
      bytes.push(0xff, 0xb0 + ((i / restartAfter - 1) % 8))
    }
    bits += codes.get(symbol)
    if (valueBits > 0) bits += value.toString(2).padStart(valueBits, '0')
    flush(8)
  })
  flush(1)
  return Uint8Array.from(bytes)
}

function textCodes({ symbols, longBits }: Codes): Map<number, string> {
  const text = (index: number) => (index === 0 ? '0' : (2 ** (longBits - 1) + index - 1).toString(2))
  return new Map(symbols.map((symbol, index) => [symbol, text(index)]))
}

interface Decimal {
  readonly value: number
  readonly digits: number
  readonly places: number
}

/** What 16 bits can say of a number from 0 to 65535. */
function decimal(number: number): Decimal {
  let places = 0
  while (number !== 0 && places < 9 && Math.round(number * 10 ** (places + 1)) < 65536) places++
  const digits = Math.round(number * 10 ** places)
  return { value: digits / 10 ** places, digits, places }
}

function scaled({ digits, places }: Decimal): Uint8Array {
  return concat(Uint8Array.of(places), u16(digits))
}

function u16(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap(value => [value >> 8, value & 255]))
}
