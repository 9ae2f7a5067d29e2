/**
 * What the stages measured -> figures of the whole print, and one quality from 0 to 100.
 *
 * Averages over the mask: ridge area, clarity, contrast, gray level, share of ridge pixels in the gray image (wet prints
 * have thick dark ridges, dry ones broken thin ones), ridge period, and flow: how well the orientations of cells
 * FLOW_CELLS apart agree (skin turns slowly; what the filters make of noise does not).
 *
 * The quality is made of two: the varied area, which is that of clear ridges less as much of it as runs one way (a tip or a side
 * alone runs one way; a print with the centre of its pattern runs every way), and the minutiae that are not poor.
 */
import {
  CELL,
  Extraction,
  FOUND_BYTES,
  Found,
  MAP_OUTPUT,
  MEASURE_AREA,
  MEASURE_CLARITY,
  MEASURE_CONTRAST,
  MEASURE_FLOW,
  MEASURE_GRAY,
  MEASURE_OFF_CENTRE,
  MEASURE_PERIOD,
  MEASURE_POOR,
  MEASURE_QUALITY,
  MEASURE_RIDGE_SHARE,
  MEASURE_VARIED,
  mapPixel,
  networkMap,
  paddedPixel,
} from '../memory'
import {
  CELL_AREA_MM2,
  CUT_LEAST_PX,
  FLOW_CELLS,
  QUALITY_CLEAR,
  QUALITY_GAIN,
  QUALITY_MINUTIAE,
  QUALITY_POOR,
  QUALITY_VARIED_MM2,
} from '../parameters'

/** Byte offset of the channel of MAP_OUTPUT that says how clear ridges are: above 0 more likely clear than not. */
const NETWORK_CLARITY: usize = 4

/** Orientations of `orientation`: 256ths of a half turn. */
const STEPS: i32 = 256

/** `learned`: the network has looked at the print, if there is one. */
export function measureQuality(r: Extraction, learned: bool): void {
  const columns = r.paddedWidth / CELL
  const rows = r.paddedHeight / CELL
  let cells: f32 = 0
  let clarity: f32 = 0
  let contrast: f32 = 0
  let period: f32 = 0
  let dark: f32 = 0
  let gray: f32 = 0
  let flow: f32 = 0
  let pairs: f32 = 0
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = <usize>(row * columns + column)
      if (!load<u8>(r.mask + cell)) continue
      cells++
      clarity += load<f32>(r.clarity + (cell << 2))
      contrast += load<f32>(r.contrast + (cell << 2))
      period += load<f32>(r.period + (cell << 2))
      dark += <f32>darkPixels(r, row, column)
      gray += <f32>load<u8>(r.gray + <usize>(row * CELL * r.paddedWidth + column * CELL))
      if (column + FLOW_CELLS < columns && load<u8>(r.mask + cell + <usize>FLOW_CELLS)) {
        flow += agreement(r, cell, cell + <usize>FLOW_CELLS)
        pairs++
      }
      const below = cell + <usize>(FLOW_CELLS * columns)
      if (row + FLOW_CELLS < rows && load<u8>(r.mask + below)) {
        flow += agreement(r, cell, below)
        pairs++
      }
    }
  }
  const n = max<f32>(cells, 1)
  measure(r, MEASURE_AREA, cells * CELL_AREA_MM2)
  measure(r, MEASURE_CLARITY, clarity / n)
  measure(r, MEASURE_CONTRAST, contrast / n)
  measure(r, MEASURE_PERIOD, period / n)
  measure(r, MEASURE_RIDGE_SHARE, dark / (n * <f32>(CELL * CELL)))
  measure(r, MEASURE_GRAY, gray / n)
  measure(r, MEASURE_FLOW, flow / max<f32>(pairs, 1))
  const varied = variedArea(r, learned)
  const poor = poorShare(r)
  measure(r, MEASURE_VARIED, varied)
  measure(r, MEASURE_POOR, poor)
  measure(r, MEASURE_OFF_CENTRE, max<f32>(offCentre(r, true), offCentre(r, false)))
  measure(r, MEASURE_QUALITY, overall(varied, <f32>r.count, poor))
}

function measure(r: Extraction, index: i32, value: f32): void {
  store<f32>(r.measures + ((<usize>index) << 2), value)
}

/** Cosine of twice the angle between two cells' ridges: 1 parallel, -1 across. */
function agreement(r: Extraction, a: usize, b: usize): f32 {
  const turn = <i32>load<u8>(r.orientation + a) - <i32>load<u8>(r.orientation + b)
  return Mathf.cos((<f32>turn * 2 * Mathf.PI) / 256)
}

function darkPixels(r: Extraction, row: i32, column: i32): i32 {
  let dark = 0
  for (let y = row * CELL; y < (row + 1) * CELL; y++) {
    const at = paddedPixel(r.normal, r.paddedWidth, column * CELL, y)
    for (let x: usize = 0; x < <usize>CELL; x++) dark += load<i16>(at + (x << 1)) > 0 ? 1 : 0
  }
  return dark
}

/** mm2: clear cells less the length of the sum of their doubled directions (unit vectors). */
function variedArea(r: Extraction, learned: bool): f32 {
  const columns = r.paddedWidth / CELL
  const cells = columns * (r.paddedHeight / CELL)
  memory.fill(r.list, 0, (<usize>STEPS) << 2)
  for (let i = 0; i < cells; i++) {
    const cell = <usize>i
    if (!load<u8>(r.mask + cell) || !isClear(r, learned, i % columns, i / columns, cell)) continue
    const bin = r.list + ((<usize>load<u8>(r.orientation + cell)) << 2)
    store<i32>(bin, load<i32>(bin) + 1)
  }
  let clear: f32 = 0
  let along: f32 = 0
  let across: f32 = 0
  for (let step = 0; step < STEPS; step++) {
    const count = <f32>load<i32>(r.list + ((<usize>step) << 2))
    const angle = (<f32>step * 2 * Mathf.PI) / <f32>STEPS
    clear += count
    along += count * Mathf.cos(angle)
    across += count * Mathf.sin(angle)
  }
  return (clear - sqrt<f32>(along * along + across * across)) * CELL_AREA_MM2
}

/** The network's cells are of the same size, and its view begins at one of them: cells of the mask lie in it. */
function isClear(r: Extraction, learned: bool, column: i32, row: i32, cell: usize): bool {
  if (!learned) return load<f32>(r.clarity + (cell << 2)) > QUALITY_CLEAR
  const output = networkMap(r.maps, MAP_OUTPUT)
  return load<i16>(mapPixel(output, column - r.viewX / CELL, row - r.viewY / CELL), NETWORK_CLARITY) > 0
}

/** Of the minutiae, 0 to 1. */
function poorShare(r: Extraction): f32 {
  let poor = 0
  for (let i = 0; i < r.count; i++) {
    if (changetype<Found>(r.candidates + <usize>i * FOUND_BYTES).quality < QUALITY_POOR) poor++
  }
  return <f32>poor / <f32>max(r.count, 1)
}

/**
 * Share of the image's width (or height) that is empty on one side while the opposite edge cuts the print off; 0 where none does, or
 * both do. A print is cut off by an edge along as many px as the cells in the two rows of cells next to it say.
 */
function offCentre(r: Extraction, across: bool): f32 {
  const columns = r.paddedWidth / CELL
  const rows = r.paddedHeight / CELL
  const side = ((across ? r.width : r.height) + CELL - 1) / CELL
  let least = side
  let most = -1
  let before = 0
  let after = 0
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!load<u8>(r.mask + <usize>(row * columns + column))) continue
      const at = across ? column : row
      least = min(least, at)
      most = max(most, at)
      if (at < 2) before++
      if (at >= side - 2) after++
    }
  }
  const cut = (2 * CUT_LEAST_PX) / CELL
  if (before >= cut && 3 * after < before) return <f32>(side - 1 - most) / <f32>side
  if (after >= cut && 3 * before < after) return <f32>least / <f32>side
  return 0
}

/** Clear ridges that run every way, and minutiae that are not poor: the product of both, each from 0 to 1, stretched to 100. */
function overall(variedMm2: f32, minutiae: f32, poor: f32): f32 {
  const area = variedMm2 / (variedMm2 + QUALITY_VARIED_MM2)
  const good = (minutiae * (1 - poor)) / (minutiae + QUALITY_MINUTIAE)
  return max<f32>(0, min<f32>(100, QUALITY_GAIN * area * good))
}
