/**
 * What the stages measured -> figures of the whole print, and one quality from 0 to 100.
 *
 * Averages over the mask: ridge area, clarity, contrast, gray level, share of ridge pixels in the gray image (wet prints
 * have thick dark ridges, dry ones broken thin ones), ridge period, and flow: how well the orientations of cells
 * FLOW_CELLS apart agree (skin turns slowly; what the filters make of noise does not).
 */
import {
  CELL,
  Extraction,
  MEASURE_AREA,
  MEASURE_CLARITY,
  MEASURE_CONTRAST,
  MEASURE_FLOW,
  MEASURE_GRAY,
  MEASURE_PERIOD,
  MEASURE_QUALITY,
  MEASURE_RIDGE_SHARE,
  paddedPixel,
} from '../memory'
import {
  CELL_AREA_MM2,
  FLOW_CELLS,
  QUALITY_AREA_MM2,
  QUALITY_BEST,
  QUALITY_LEAST,
  QUALITY_MINUTIAE,
} from '../parameters'

export function measureQuality(r: Extraction): void {
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
  measure(r, MEASURE_QUALITY, overall(cells * CELL_AREA_MM2, clarity / n, r.count))
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

/** Clear ridges, enough of them, and enough minutiae: the product of the three, each from 0 to 1. */
function overall(areaMm2: f32, clarity: f32, minutiae: i32): f32 {
  const clear = max<f32>(0, min<f32>(1, (clarity - QUALITY_LEAST) / (QUALITY_BEST - QUALITY_LEAST)))
  const area = min<f32>(1, areaMm2 / QUALITY_AREA_MM2)
  const count = min<f32>(1, <f32>minutiae / QUALITY_MINUTIAE)
  return 100 * clear * Mathf.sqrt(area * count)
}
