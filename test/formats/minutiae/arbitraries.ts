import fc from 'fast-check'
import type {
  Ansi378v2009Edition,
  MinutiaeRecord,
  MinutiaTypeCode,
  RecordExtension,
  RecordMinutia,
} from 'sidik/formats'
import type { Kind } from './read-any.js'

/** Records with every field free within the range of the standard. */

const byte = fc.nat(0xff)
const word = fc.nat(0xffff)
const type = fc.constantFrom<MinutiaTypeCode>(0, 1, 2)
const coordinate = (sidePx: number) => fc.nat(Math.min(sidePx - 1, 0x3fff))
const plainQuality = fc.nat(100)
const codedQuality = fc.oneof(fc.nat(100), fc.constantFrom(254, 255))
const position = fc.oneof(fc.nat(10), fc.integer({ min: 13, max: 15 }), fc.integer({ min: 40, max: 50 }))

interface Rules {
  readonly standard: 'iso-19794-2-2005' | 'iso-19794-2-2011' | 'ansi-378'
  readonly anglesPerTurn: number
  readonly quality: fc.Arbitrary<number>
}

const ISO_2005: Rules = { standard: 'iso-19794-2-2005', anglesPerTurn: 256, quality: plainQuality }
const ISO_2011: Rules = { standard: 'iso-19794-2-2011', anglesPerTurn: 256, quality: codedQuality }
const ANSI_2004: Rules = { standard: 'ansi-378', anglesPerTurn: 180, quality: plainQuality }
const ANSI_2009: Rules = { standard: 'ansi-378', anglesPerTurn: 180, quality: codedQuality }

interface Size {
  readonly widthPx: number
  readonly heightPx: number
}

const size: fc.Arbitrary<Size> = fc.record({
  widthPx: fc.integer({ min: 1, max: 0xffff }),
  heightPx: fc.integer({ min: 1, max: 0xffff }),
})

const minutiaeOf = ({ widthPx, heightPx }: Size, rules: Rules): fc.Arbitrary<RecordMinutia[]> =>
  fc.array(
    fc.record({
      type,
      x: coordinate(widthPx),
      y: coordinate(heightPx),
      angle: fc.nat(rules.anglesPerTurn - 1),
      quality: rules.quality,
    }),
    { maxLength: 30 },
  )

/** Each kind that the standard knows. */
export function extensionOf(size: Size, minutiaCount: number, rules: Rules): fc.Arbitrary<RecordExtension> {
  const { widthPx, heightPx } = size
  const angle = fc.nat(rules.anglesPerTurn - 1)
  const point = { x: coordinate(widthPx), y: coordinate(heightPx) }
  const angles = fc.tuple(angle, angle, angle)
  const cores = { plain: fc.record(point), angled: fc.record({ ...point, angle }) }
  const deltas = { plain: fc.record(point), angled: fc.record({ ...point, angles }) }
  const listOf = <T>({ plain, angled }: { plain: fc.Arbitrary<T>; angled: fc.Arbitrary<T> }) => {
    const each = rules.standard === 'ansi-378' ? [plain, angled] : [fc.oneof(plain, angled)]
    return fc.oneof(...each.map(one => fc.array(one, { maxLength: 15 })))
  }
  const opaque = fc.record({
    kind: fc.constant('opaque' as const),
    type: fc.oneof(fc.integer({ min: 4, max: 0xffff }), fc.constant(0)),
    data: fc.uint8Array({ maxLength: 20 }),
  })
  const coresAndDeltas = fc.record({
    kind: fc.constant('cores-and-deltas' as const),
    cores: listOf(cores),
    deltas: listOf(deltas),
  })
  const minutia = fc.nat(Math.max(0, minutiaCount - 1))
  const ridgeCounts = fc.record({
    kind: fc.constant('ridge-counts' as const),
    method: fc.nat(2),
    counts: fc.array(fc.record({ first: minutia, second: minutia, count: byte }), {
      maxLength: minutiaCount === 0 ? 0 : 20,
    }),
  })
  const zonal = rules.standard === 'ansi-378' ? [] : [zonalQualityOf(size, rules)]
  return fc.oneof(opaque, coresAndDeltas, ridgeCounts, ...zonal)
}

function zonalQualityOf({ widthPx, heightPx }: Size, { standard }: Rules): fc.Arbitrary<RecordExtension> {
  const least = (side: number) => Math.max(1, Math.min(255, Math.ceil(side / 20)))
  return fc
    .record({
      cellWidthPx: fc.integer({ min: least(widthPx), max: 255 }),
      cellHeightPx: fc.integer({ min: least(heightPx), max: 255 }),
      bitsPerCell: fc.integer({ min: 1, max: 8 }),
    })
    .chain(cells => {
      const count = Math.ceil(widthPx / cells.cellWidthPx) * Math.ceil(heightPx / cells.cellHeightPx)
      if (count > 2000) return fc.constant<RecordExtension>({ kind: 'opaque', type: 300, data: new Uint8Array(0) })
      return fc.record({
        kind: fc.constant('zonal-quality' as const),
        ...(standard === 'iso-19794-2-2011' && { algorithm: fc.record({ vendorId: word, id: word }) }),
        cellWidthPx: fc.constant(cells.cellWidthPx),
        cellHeightPx: fc.constant(cells.cellHeightPx),
        bitsPerCell: fc.constant(cells.bitsPerCell),
        qualities: fc.uint8Array({ minLength: count, maxLength: count, max: 2 ** cells.bitsPerCell - 1 }),
      })
    }) as fc.Arbitrary<RecordExtension>
}

/** Minutiae, then extensions that refer to them. */
function contentsOf<T extends object>(size: Size, rules: Rules, rest: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return minutiaeOf(size, rules).chain(minutiae =>
    fc
      .record({
        extensions: fc.array(extensionOf(size, minutiae.length, rules), { maxLength: 3 }),
        rest: fc.record(rest),
      })
      .map(({ extensions, rest }) => ({
        ...(rest as T),
        minutiae,
        extensions,
        extensionLengthsCountHeaders: rules.standard !== 'iso-19794-2-2005',
      })),
  )
}

const nibble = fc.nat(15)
const fingerView = (size: Size, rules: Rules) =>
  contentsOf(size, rules, { fingerPosition: fc.nat(10), viewNumber: nibble, impression: nibble, quality: plainQuality })

const images = (least: number) => ({
  xResolutionPxPerCm: fc.integer({ min: least, max: 0xffff }),
  yResolutionPxPerCm: fc.integer({ min: least, max: 0xffff }),
})

const iso2005 = size.chain(size =>
  fc.record({
    certifications: nibble,
    captureDeviceTypeId: fc.nat(0xfff),
    widthPx: fc.constant(size.widthPx),
    heightPx: fc.constant(size.heightPx),
    ...images(99),
    views: fc.array(fingerView(size, ISO_2005), { maxLength: 4 }),
  }),
)

const ansi2004 = size.chain(size =>
  fc.record({
    ownerId: word,
    productTypeId: word,
    certifications: nibble,
    captureDeviceTypeId: fc.nat(0xfff),
    widthPx: fc.constant(size.widthPx),
    heightPx: fc.constant(size.heightPx),
    ...images(1),
    views: fc.array(fingerView(size, ANSI_2004), { maxLength: 4 }),
  }),
)

const ansi2009Of = (edition: Ansi378v2009Edition) =>
  fc.record({
    edition: fc.constant(edition),
    // An owner and a product that begin no list of representations: the two records of version 030 cannot be mistaken.
    ownerId: word,
    productTypeId: fc.integer({ min: 0x200, max: 0xffff }),
    certifications: edition === '2007-nist' ? nibble : byte,
    captureDeviceTypeId: edition === '2007-nist' ? fc.nat(0xfff) : word,
    views: fc.array(
      size.chain(size =>
        contentsOf(size, ANSI_2009, {
          fingerPosition: position,
          viewNumber: byte,
          impression: byte,
          quality: codedQuality,
          qualityVendorId: word,
          qualityAlgorithmId: word,
          widthPx: fc.constant(size.widthPx),
          heightPx: fc.constant(size.heightPx),
          ...images(1),
        }),
      ),
      { maxLength: 4 },
    ),
  })

const ansi2009 = fc.constantFrom<Ansi378v2009Edition[]>('2009', '2009-amendment-1', '2007-nist').chain(ansi2009Of)

const captureTime = fc
  .tuple(
    fc.tuple(
      fc.nat(0xfffe),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
      fc.nat(23),
      fc.nat(59),
      fc.nat(60),
      fc.nat(999),
    ),
    fc.nat(7),
  )
  .map(([parts, known]) => {
    const unknown = [0xffff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xffff]
    const [year, month, day, hour, minute, second, millisecond] = parts.map((part, i) =>
      i < known ? part : unknown[i],
    )
    return { year, month, day, hour, minute, second, millisecond }
  })

const representation = (hasCertificationBlocks: boolean) =>
  fc.tuple(size, fc.constantFrom<5 | 6>(5, 6)).chain(([size, minutiaBytes]) =>
    contentsOf(size, minutiaBytes === 6 ? ISO_2011 : { ...ISO_2011, quality: fc.constant(254) }, {
      captureTime,
      captureDeviceTechnology: fc.nat(20),
      captureDeviceVendorId: word,
      captureDeviceTypeId: word,
      qualityBlocks: fc.array(
        fc.record({ score: fc.oneof(fc.nat(100), fc.constant(255)), vendorId: word, algorithmId: word }),
        { maxLength: 3 },
      ),
      certificationBlocks: fc.array(fc.record({ authorityId: word, scheme: byte }), {
        maxLength: hasCertificationBlocks ? 3 : 0,
      }),
      fingerPosition: position,
      viewNumber: byte,
      ...images(99),
      impression: byte,
      widthPx: fc.constant(size.widthPx),
      heightPx: fc.constant(size.heightPx),
      minutiaBytes: fc.constant(minutiaBytes),
      endingType: nibble,
    }),
  )

const iso2011 = fc.boolean().chain(hasCertificationBlocks =>
  fc.record({
    hasCertificationBlocks: fc.constant(hasCertificationBlocks),
    views: fc.array(representation(hasCertificationBlocks), { maxLength: 4 }),
  }),
)

const card = (size: 'normal' | 'compact') => {
  const most = size === 'normal' ? 0x3fff : 0xff
  const angle = fc.nat(size === 'normal' ? 255 : 63)
  return fc.record({
    size: fc.constant(size),
    minutiae: fc.array(fc.record({ type, x: fc.nat(most), y: fc.nat(most), angle }), { maxLength: 255 }),
  })
}

const tagged = (kind: Kind): fc.Arbitrary<MinutiaeRecord> => {
  switch (kind) {
    case 'iso-19794-2-2005':
      return iso2005.map(record => ({ format: kind, record }))
    case 'iso-19794-2-2011':
      return iso2011.map(record => ({ format: kind, record }))
    case 'ansi-378-2004':
      return ansi2004.map(record => ({ format: kind, record }))
    case 'ansi-378-2009':
      return ansi2009.map(record => ({ format: kind, record }))
    default:
      return card(kind).map(record => ({ format: 'iso-19794-2-2005-card', record }))
  }
}

export const KINDS: readonly Kind[] = [
  'iso-19794-2-2005',
  'iso-19794-2-2011',
  'ansi-378-2004',
  'ansi-378-2009',
  'normal',
  'compact',
]

export const recordOf = Object.fromEntries(KINDS.map(kind => [kind, tagged(kind)])) as Record<
  Kind,
  fc.Arbitrary<MinutiaeRecord>
>
