/** The segments of a WSQ stream, written (IAFIS-IC-0110). */
import { FieldWriter } from '../../formats/field-writer.js'
import type { HuffmanTable } from './huffman.js'
import { MARKER } from './segment.js'
import { QUANTIZATION_ROWS } from './tables.js'

/** A decimal fraction as a stream has it: digits / 10 ** places. */
export interface Decimal {
  readonly places: number
  readonly digits: number
  readonly value: number
}

/** Numbers that begin so far behind the point are 0. */
const MOST_PLACES = 20

/** What comes nearest to a number (0 and up) with digits up to `mostDigits`. */
export function decimal(number: number, mostDigits = 0xffff): Decimal {
  let places = 0
  while (number !== 0 && places < MOST_PLACES && Math.round(number * 10 ** (places + 1)) <= mostDigits) places++
  const digits = Math.min(Math.round(number * 10 ** places), mostDigits)
  return { places, digits, value: digits / 10 ** places }
}

/** Right halves of both analysis filters, of odd length. */
export interface AnalysisFilters {
  readonly low: readonly number[]
  readonly high: readonly number[]
}

export interface BinDecimals {
  readonly width: Decimal
  readonly zeroWidth: Decimal
}

const NO_DECIMAL: Decimal = { places: 0, digits: 0, value: 0 }

export function transformTable({ low, high }: AnalysisFilters): Uint8Array {
  return segment(MARKER.transformTable, writer => {
    writer.u8('low-pass taps', 2 * low.length - 1)
    writer.u8('high-pass taps', 2 * high.length - 1)
    for (const tap of [...low, ...high]) {
      const { places, digits } = decimal(Math.abs(tap), 0xffffffff)
      writer.u8('sign', tap < 0 ? 1 : 0)
      writer.u8('places', places)
      writer.u32('tap', digits)
    }
  })
}

export function quantizationTable(binCentre: Decimal, bins: readonly BinDecimals[]): Uint8Array {
  return segment(MARKER.quantizationTable, writer => {
    writeDecimal(writer, binCentre)
    for (let i = 0; i < QUANTIZATION_ROWS; i++) {
      writeDecimal(writer, bins[i]?.width ?? NO_DECIMAL)
      writeDecimal(writer, bins[i]?.zeroWidth ?? NO_DECIMAL)
    }
  })
}

/** The encoder's number is 0 and so is its software's: neither is registered, let alone certified. */
export function frameHeader(widthPx: number, heightPx: number, shift: Decimal, scale: Decimal): Uint8Array {
  return segment(MARKER.startOfFrame, writer => {
    writer.u8('black', 0)
    writer.u8('white', 255)
    writer.u16('height', heightPx)
    writer.u16('width', widthPx)
    writeDecimal(writer, shift)
    writeDecimal(writer, scale)
    writer.u8('encoder', 0)
    writer.u16('software', 0)
  })
}

export function huffmanTable(number: number, { counts, symbols }: HuffmanTable): Uint8Array {
  return segment(MARKER.huffmanTables, writer => {
    writer.u8('table', number)
    writer.bytes(Uint8Array.from(counts))
    writer.bytes(Uint8Array.from(symbols))
  })
}

export function blockHeader(table: number): Uint8Array {
  return segment(MARKER.startOfBlock, writer => writer.u8('table', table))
}

export function comment(text: string): Uint8Array {
  return segment(MARKER.comment, writer => writer.latin1(text))
}

export function marker(code: number): Uint8Array {
  return Uint8Array.of(0xff, code)
}

function segment(code: number, write: (writer: FieldWriter) => void): Uint8Array {
  const body = new FieldWriter()
  write(body)
  const whole = new FieldWriter()
  whole.bytes(marker(code))
  whole.u16('length', body.offset + 2)
  whole.bytes(body.finish())
  return whole.finish()
}

function writeDecimal(writer: FieldWriter, { places, digits }: Decimal): void {
  writer.u8('places', places)
  writer.u16('digits', digits)
}
