import { whole } from '../../template/ranges.js'
import { COMPRESSIONS } from './compression.js'
import { MOMENT } from './field-forms.js'
import { asSlap, checkPrint, day, type TenPrintFinger, type TenPrintSlap, text } from './ten-print-parts.js'
import type { AnsiNistRecord, AnsiNistTransaction, FixedImageRecord, TaggedRecord } from './transaction.js'

export interface TenPrint {
  /** 1.002: '0500' (1-2011), '0501' or '0502' (Update 2015), which is taken unless given. */
  readonly version?: '0500' | '0501' | '0502'
  /** 1.004 TOT, 1 to 16 characters. */
  readonly transactionType: string
  /** 1.005 DAT, YYYYMMDD. Clocks are not asked. */
  readonly date: string
  /** 1.014 GMT, YYYYMMDDHHMMSSZ. */
  readonly gmt?: string
  readonly priority?: number
  readonly destinationAgency: string
  readonly originatingAgency: string
  readonly controlNumber: string
  readonly controlReference?: string
  /** 1.011 and 1.012, pixels per mm. Unless given: 0 with Type-14 records, which state their own, 19.69 with Type-4. */
  readonly nativePxPerMm?: number
  readonly nominalPxPerMm?: number
  /** 1.013 DOM: name and version of what the Type-2 record holds, ['NORAM', '']. */
  readonly domain?: readonly [name: string, version?: string]
  /** Fields of the Type-2 record from 2.003 on: text, or subfields of items. */
  readonly typeTwo: readonly { readonly number: number; readonly value: string | readonly (readonly string[])[] }[]
  /** Written in this order, before the slaps. */
  readonly fingers?: readonly TenPrintFinger[]
  readonly slaps?: readonly TenPrintSlap[]
  /** 14 unless given. Type-4 is of 500 ppi, and has no place for missing fingers, segments and qualities. */
  readonly imageRecords?: 4 | 14
}

const VERSIONS = ['0500', '0501', '0502']

/** Of 1-1993 to this day: 500 ppi in pixels per mm. */
const PX_PER_MM_AT_500_PPI = 19.69

/**
 * A ten-print transaction: the Type-1 record, a Type-2 record (IDC 00), and a record for each print (IDC 01 on) of Type-14
 * or Type-4. `writeAnsiNist` gives its bytes. Text that is not ASCII is written as UTF-8, and 1.015 DCS says so.
 *
 * @throws RangeError naming what the standard does not allow
 */
export function buildTenPrint(contents: TenPrint): AnsiNistTransaction {
  const { fingers = [], slaps = [], imageRecords = 14 } = contents
  if (![4, 14].includes(imageRecords)) throw new RangeError(`imageRecords is ${imageRecords}, must be 4 or 14`)
  day('date', contents.date)
  whole('fingers and slaps', fingers.length + slaps.length, 1, 99)
  for (const [i, { position }] of fingers.entries()) whole(`fingers[${i}].position`, position, 1, 12)
  for (const [i, { position }] of slaps.entries()) whole(`slaps[${i}].position`, position, 13, 15)
  refuseRepeats(
    'fingers and slaps',
    [...fingers, ...slaps],
    one => `position ${one.position}, impression ${one.impression}`,
  )
  refuseRepeats('typeTwo', contents.typeTwo, ({ number }) => `field 2.${number}`)
  const typeTwo = tagged(2, [
    [2, '00'],
    ...contents.typeTwo.map(({ number, value }, i): Entry => {
      whole(`typeTwo[${i}].number`, number, 3, 999_999_999)
      return [number, text(`typeTwo[${i}].value`, value)]
    }),
  ])
  const images = [...fingers.map(asSlap), ...slaps].map((print, i) => {
    const path = i < fingers.length ? `fingers[${i}]` : `slaps[${i - fingers.length}]`
    checkPrint(print, path)
    return imageRecords === 14 ? typeFourteen(print, i + 1, path, contents) : typeFour(print, i + 1, path)
  })
  const others: AnsiNistRecord[] = [typeTwo, ...images]
  return { records: [typeOne(contents, others), ...others] }
}

function refuseRepeats<T>(name: string, all: readonly T[], keyOf: (one: T) => string): void {
  const keys = all.map(keyOf)
  const repeated = keys.find((key, i) => keys.indexOf(key) !== i)
  if (repeated !== undefined) throw new RangeError(`${name} have ${repeated} twice`)
}

type Entry = readonly [number: number, value: string | readonly (readonly string[])[] | undefined]

/** A tagged record of those fields that have a value; its length is made when it is written. */
function tagged(type: number, entries: readonly Entry[], data?: Uint8Array): TaggedRecord {
  const fields = entries.flatMap(([number, value]) => {
    if (value === undefined) return []
    return [{ number, subfields: typeof value === 'string' ? [[value]] : value }]
  })
  const image = data === undefined ? [] : [{ number: 999, data }]
  return { kind: 'tagged', type, fields: [{ number: 1, subfields: [['0']] }, ...fields, ...image] }
}

function typeOne(contents: TenPrint, others: readonly AnsiNistRecord[]): TaggedRecord {
  const { version = '0502', domain, priority, gmt, imageRecords = 14 } = contents
  if (!VERSIONS.includes(version)) throw new RangeError(`version is ${version}, must be ${VERSIONS.join(' or ')}`)
  if (contents.transactionType.length > 16) throw new RangeError('transactionType has more than 16 characters')
  if (gmt !== undefined && !MOMENT.holds([[gmt]])) throw new RangeError(`gmt is ${gmt}, ${MOMENT.says}`)
  const usual = imageRecords === 4 ? PX_PER_MM_AT_500_PPI : 0
  const isAscii = others.every(record => record.kind !== 'tagged' || record.fields.every(hasAsciiOnly))
  return tagged(1, [
    [2, version],
    [3, [['1', String(others.length)]]],
    [4, ascii('transactionType', contents.transactionType)],
    [5, day('date', contents.date)],
    [6, priority === undefined ? undefined : String(whole('priority', priority, 1, 9))],
    [7, ascii('destinationAgency', contents.destinationAgency)],
    [8, ascii('originatingAgency', contents.originatingAgency)],
    [9, ascii('controlNumber', contents.controlNumber)],
    [10, contents.controlReference && ascii('controlReference', contents.controlReference)],
    [11, pxPerMm('nativePxPerMm', contents.nativePxPerMm ?? usual)],
    [12, pxPerMm('nominalPxPerMm', contents.nominalPxPerMm ?? usual)],
    [13, domain && [domain.map(part => (part ? ascii('domain', part) : ''))]],
    [14, gmt],
    [15, isAscii ? undefined : [['003', 'UTF-8']]],
  ])
}

/** Text of the Type-1 record, which has no other characters. */
function ascii(path: string, value: string): string {
  if (/^[\x20-\x7e]+$/.test(value)) return value
  throw new RangeError(`${path} is ${JSON.stringify(value)}, must be printable ASCII`)
}

function hasAsciiOnly(field: TaggedRecord['fields'][number]): boolean {
  return 'data' in field || field.subfields.every(items => items.every(item => /^[\x20-\x7e\s]*$/.test(item)))
}

function typeFourteen(print: TenPrintSlap, idc: number, path: string, contents: TenPrint): TaggedRecord {
  const { image, segments, qualities, missing } = print
  const ppi = image && String(whole(`${path}.image.ppi`, image.ppi, 1, 99_999))
  return tagged(
    14,
    [
      [2, String(idc).padStart(2, '0')],
      [3, String(print.impression)],
      [4, text('originatingAgency', contents.originatingAgency)],
      [5, day(`${path}.captureDate`, print.captureDate ?? contents.date)],
      [6, image && String(whole(`${path}.image.widthPx`, image.widthPx, 1, 99_999))],
      [7, image && String(whole(`${path}.image.heightPx`, image.heightPx, 1, 99_999))],
      [8, image && '1'],
      [9, ppi],
      [10, ppi],
      [11, image?.compression],
      [12, image && '8'],
      [13, String(print.position)],
      [18, sets(missing, ({ position, reason }) => [position, reason])],
      [21, sets(segments, s => [s.position, s.leftPx, s.rightPx, s.topPx, s.bottomPx])],
      [22, sets(qualities, ({ position, quality }) => [position, quality])],
    ],
    image?.data,
  )
}

function typeFour(print: TenPrintSlap, idc: number, path: string): FixedImageRecord {
  const { image } = print
  if (image === undefined) throw new RangeError(`${path}.image is missing: a Type-4 record cannot say why`)
  if (print.missing?.length || print.segments?.length || print.qualities?.length) {
    throw new RangeError(`${path} has missing fingers, segments or qualities: a Type-4 record has no place for them`)
  }
  if (image.ppi !== 500) throw new RangeError(`${path}.image.ppi is ${image.ppi}, that of a Type-4 record is 500`)
  return {
    kind: 'fixed-image',
    type: 4,
    idc,
    impression: print.impression,
    positions: [print.position],
    scanningResolution: 0,
    widthPx: whole(`${path}.image.widthPx`, image.widthPx, 1, 0xffff),
    heightPx: whole(`${path}.image.heightPx`, image.heightPx, 1, 0xffff),
    compression: COMPRESSIONS.indexOf(image.compression),
    data: image.data,
  }
}

function sets<T>(all: readonly T[] | undefined, items: (one: T) => readonly (number | string)[]) {
  return all?.length ? all.map(one => items(one).map(String)) : undefined
}

function pxPerMm(path: string, value: number): string {
  if (value >= 0 && value < 99.995) return value.toFixed(2).padStart(5, '0')
  throw new RangeError(`${path} is ${value}, must be from 0 to 99.99`)
}
