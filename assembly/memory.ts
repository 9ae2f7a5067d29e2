/**
 * The map of every memory region. TypeScript owns the memories and says where a region begins; what lies where inside
 * a region is decided here and nowhere else, so that no size is ever typed twice.
 *
 * The first page (64 KiB) of every memory belongs to the compiler (constant data of the debug build's assertions).
 */
import { blurBytes } from './math/blur'
import {
  CODE2_BYTES,
  MAP_BYTES,
  MAPS,
  NETWORK_GRAIN,
  networkBytes,
  PLACE_BYTES,
  planMaps,
  sumsBytes,
} from './memory-network'
import { MAX_MINUTIAE } from './memory-record'

/** Changes whenever a region does; TypeScript refuses a core of another layout. */
export const LAYOUT_VERSION: i32 = 9

export * from './memory-compare'
export * from './memory-index'
export * from './memory-network'
export * from './memory-record'
export * from './memory-wsq'

/** Side of a cell, the unit of orientation, period and segmentation, px. */
export const CELL: i32 = 4

/** Margin round every padded image, px: a kernel of radius 9 with its taps rounded up to 24 reads 14 px further. */
export const MARGIN: i32 = 16

/** Pixels from one row of a padded image to the next. */
export function paddedStride(width: i32): i32 {
  return width + 2 * MARGIN
}
export function paddedBytes(width: i32, height: i32): usize {
  return (<usize>(paddedStride(width) * (height + 2 * MARGIN))) << 1
}
/** Address of the i16 pixel (x, y) of a padded image. */
export function paddedPixel(image: usize, width: i32, x: i32, y: i32): usize {
  return image + ((<usize>((y + MARGIN) * paddedStride(width) + x + MARGIN)) << 1)
}

/** Bytes of one row of i32 with the same margins. */
export function paddedRowBytes(width: i32): usize {
  return (<usize>paddedStride(width)) << 2
}

/** A kernel row holds 19 taps and 5 zeros: three vectors of eight i16. */
export const KERNEL_ROW_BYTES: usize = 48
export const KERNEL_BYTES: usize = 19 * KERNEL_ROW_BYTES
/** 32 orientations x 8 periods. */
export const BANK_BYTES: usize = 256 * KERNEL_BYTES

/**
 * EXTRACTION: everything one print needs on its way to minutiae. The header (this class, at the start of the region)
 * holds the address of every part; `planExtraction` fills it in.
 */
@unmanaged
export class Extraction {
  /** Of the source image, px. */
  sourceWidth: i32
  sourceHeight: i32
  /** Of the print at 500 ppi, px. */
  width: i32
  height: i32
  /** The same rounded up to whole cells, and more than one kernel: what the stages work on. */
  paddedWidth: i32
  paddedHeight: i32
  /** Minutiae found. */
  count: i32
  /** 1 where the sensor shows ridges bright. */
  ridgesBright: i32
  /** The part of the print that the network looks at, px; sides are multiples of NETWORK_GRAIN. */
  viewX: i32
  viewY: i32
  viewWidth: i32
  viewHeight: i32
  /** Kernel bank: built once, kept from print to print. */
  bank: usize
  /** NETWORK: loaded once, kept from print to print. */
  network: usize
  /** u8, source pixels. */
  source: usize
  /** u16 (8.8 fixed point), rows of the source at the target's width. */
  stretched: usize
  /** u8 at 500 ppi, paddedWidth x paddedHeight, as are all u8 images below. */
  gray: usize
  /** i16 with margins: locally normalised, then the enhanced print; ridges positive. */
  normal: usize
  enhanced: usize
  /** i32 sums of columns in three rows with margins: gray levels, their squares, pixels. */
  columns: usize
  /** f32 a cell: structure tensor as (cos, sin, energy) of the doubled angle, and a buffer. */
  tensorCos: usize
  tensorSin: usize
  tensorEnergy: usize
  blurred: usize
  /** f32 a cell: standard deviation of the gray levels; share of the energy that is ridges; ridge period, px. */
  contrast: usize
  clarity: usize
  period: usize
  /** f32 x PERIODS a cell. */
  energies: usize
  /** u8 a cell: ridge orientation, 256ths of a half turn, counter-clockwise with y up. */
  orientation: usize
  /** u8 a cell: 1 where the print is. */
  mask: usize
  /** u8 a cell: distance to the edge of the mask, cells. */
  depth: usize
  /** u16 a cell: kernel of the cell. */
  classes: usize
  /** u8: 1 ridge, 0 valley or outside; then its skeleton. */
  ridges: usize
  skeleton: usize
  /** u32 pixel indices: work lists of thinning and labelling. */
  list: usize
  /** Found x MAX_CANDIDATES. */
  candidates: usize
  /** f32 x MEASURES. */
  measures: usize
  /** FeatureMap x MAPS, and where their pixels begin. */
  maps: usize
  features: usize
  /** Span a band of NETWORK_GRAIN px of the view: what of it is computed. */
  spans: usize
  /** i32: a row of sums before they are scaled. */
  sums: usize
  /** Place x MAX_MINUTIAE; what CODE is computed from; 128 bits x MAX_MINUTIAE. */
  places: usize
  ends: usize
  codes: usize
}

/** A minutia on its way out of the extractor. */
@unmanaged
export class Found {
  /** px at 500 ppi. */
  x: i32
  y: i32
  /** rad, counter-clockwise with y up, 0 to 2 pi. */
  direction: f32
  /** 1 ridge ending, 2 bifurcation (ISO/IEC 19794-2:2005, table 3). */
  type: i32
  /** 0 to 100; below 0: removed. */
  quality: i32
}

export const FOUND_BYTES: usize = offsetof<Found>()
/** Crossings of a skeleton before false ones are removed: a ten-print card's thumb has about 400. */
export const MAX_CANDIDATES: i32 = 8192

/** Indices of `measures`. */
export const MEASURE_AREA: i32 = 0
export const MEASURE_CLARITY: i32 = 1
export const MEASURE_CONTRAST: i32 = 2
export const MEASURE_RIDGE_SHARE: i32 = 3
export const MEASURE_GRAY: i32 = 4
export const MEASURE_PERIOD: i32 = 5
export const MEASURE_QUALITY: i32 = 6
export const MEASURE_FLOW: i32 = 7
export const MEASURE_VARIED: i32 = 8
export const MEASURE_POOR: i32 = 9
export const MEASURE_OFF_CENTRE: i32 = 10
export const MEASURES: i32 = 11

/** Side of the smallest working image: a kernel must fit in it, px. */
const SMALLEST: i32 = 32

function align(bytes: usize): usize {
  return (bytes + 15) & ~15
}

/**
 * Lays out an extraction region at `base` for a source image and its size at 500 ppi, and returns the first address
 * after it. The header itself (EXTRACTION_HEADER_BYTES) must already be there.
 */
export function planExtraction(base: usize, sourceWidth: i32, sourceHeight: i32, width: i32, height: i32): usize {
  const r = changetype<Extraction>(base)
  r.sourceWidth = sourceWidth
  r.sourceHeight = sourceHeight
  r.width = width
  r.height = height
  r.paddedWidth = (max(width, SMALLEST) + CELL - 1) & ~(CELL - 1)
  r.paddedHeight = (max(height, SMALLEST) + CELL - 1) & ~(CELL - 1)
  r.count = 0
  const pixels = <usize>(r.paddedWidth * r.paddedHeight)
  const padded = align(paddedBytes(r.paddedWidth, r.paddedHeight))
  const cells = pixels / <usize>(CELL * CELL)
  let at = align(base + EXTRACTION_HEADER_BYTES)
  r.bank = at
  at += BANK_BYTES
  r.network = at
  at += networkBytes()
  r.source = at
  at += align(<usize>(sourceWidth * sourceHeight))
  r.stretched = at
  at += align((<usize>(r.paddedWidth * sourceHeight)) << 1)
  r.gray = at
  at += align(pixels)
  r.normal = at
  at += padded
  r.enhanced = at
  at += padded
  r.columns = at
  at += paddedRowBytes(r.paddedWidth) * 3
  const floats = align(cells << 2)
  r.tensorCos = at
  at += floats
  r.tensorSin = at
  at += floats
  r.tensorEnergy = at
  at += floats
  r.blurred = at
  at += align(blurBytes(r.paddedWidth / CELL, r.paddedHeight / CELL))
  r.contrast = at
  at += floats
  r.clarity = at
  at += floats
  r.period = at
  at += floats
  r.energies = at
  at += floats * 8
  r.orientation = at
  at += align(cells)
  r.mask = at
  at += align(cells)
  r.depth = at
  at += align(cells)
  r.classes = at
  at += align(cells << 1)
  r.ridges = at
  at += align(pixels)
  r.skeleton = at
  at += align(pixels)
  r.list = at
  at += align(pixels << 2)
  r.candidates = at
  at += align(FOUND_BYTES * <usize>MAX_CANDIDATES)
  r.measures = at
  at += align((<usize>MEASURES) << 2)
  const viewWidth = (r.paddedWidth + NETWORK_GRAIN - 1) & ~(NETWORK_GRAIN - 1)
  const viewHeight = (r.paddedHeight + NETWORK_GRAIN - 1) & ~(NETWORK_GRAIN - 1)
  r.spans = at
  at += align((<usize>(viewHeight / NETWORK_GRAIN)) << 2)
  r.sums = at
  at += sumsBytes(viewWidth)
  r.places = at
  at += PLACE_BYTES * <usize>MAX_MINUTIAE
  r.ends = at
  at += CODE2_BYTES * <usize>MAX_MINUTIAE
  r.codes = at
  at += (<usize>MAX_MINUTIAE) << 4
  r.maps = base + offsetof<Extraction>()
  r.features = at
  return planMaps(r.maps, r.features, viewWidth, viewHeight)
}

/** The class and the table of maps after it. */
export const EXTRACTION_HEADER_BYTES: usize = offsetof<Extraction>() + MAP_BYTES * <usize>MAPS
