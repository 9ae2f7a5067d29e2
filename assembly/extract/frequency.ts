/**
 * Normalised image and orientation -> ridge period a cell.
 *
 * A bank of filters instead of the peaks of a projection (Hong, Wan, Jain 1998, 2.5): in every second
 * cell, as on a chessboard, two pixels are filtered with the cell's orientation at every period; the
 * period with the most energy in the neighbourhood wins, between two by a parabola. Periods are averaged
 * over the print, weighted by how much energy spoke for them.
 */
import { blur } from '../math/blur'
import { kernelClass, nearestTurn, periodPx, sampleEnergy } from '../math/oriented-filter'
import { CELL, Extraction, KERNEL_BYTES } from '../memory'
import { PERIOD_SIGMA, PERIOD_SPREAD, PERIODS } from '../parameters'

export function frequency(r: Extraction): void {
  const columns = r.paddedWidth / CELL
  const rows = r.paddedHeight / CELL
  const plane = (<usize>(columns * rows)) << 2
  memory.fill(r.energies, 0, plane * <usize>PERIODS)
  for (let row = 0; row < rows; row++) {
    for (let column = row & 1; column < columns; column += 2) sampleCell(r, row, column, columns, plane)
  }
  for (let p = 0; p < PERIODS; p++) blur(r.energies + <usize>p * plane, r.blurred, columns, rows, PERIOD_SIGMA)
  for (let i = 0; i < columns * rows; i++) choosePeriod(r, (<usize>i) << 2, plane)
  blur(r.period, r.blurred, columns, rows, PERIOD_SPREAD)
  blur(r.tensorEnergy, r.blurred, columns, rows, PERIOD_SPREAD)
  for (let i = 0; i < columns * rows; i++) {
    const cell = (<usize>i) << 2
    const weight = load<f32>(r.tensorEnergy + cell)
    store<f32>(r.period + cell, periodPx(weight > 0 ? load<f32>(r.period + cell) / weight : <f32>PERIODS / 2))
  }
}

function sampleCell(r: Extraction, row: i32, column: i32, columns: i32, plane: usize): void {
  const cell = <usize>(row * columns + column)
  const turn = nearestTurn(load<u8>(r.orientation + cell))
  for (let p = 0; p < PERIODS; p++) {
    const kernel = r.bank + KERNEL_BYTES * <usize>kernelClass(turn, p)
    const energy = sampleEnergy(r.normal, r.paddedWidth, column * CELL, row * CELL, kernel)
    store<f32>(r.energies + <usize>p * plane + (cell << 2), energy)
  }
}

/** Leaves index x energy in `period` and the energy in `tensorEnergy`, to be averaged. */
function choosePeriod(r: Extraction, cell: usize, plane: usize): void {
  let best = 0
  let most: f32 = -1
  for (let p = 0; p < PERIODS; p++) {
    const energy = load<f32>(r.energies + <usize>p * plane + cell)
    if (energy > most) {
      most = energy
      best = p
    }
  }
  let index = <f32>best
  if (best > 0 && best < PERIODS - 1) {
    const before = load<f32>(r.energies + <usize>(best - 1) * plane + cell)
    const after = load<f32>(r.energies + <usize>(best + 1) * plane + cell)
    const bend = before - 2 * most + after
    if (bend < 0) index += (0.5 * (before - after)) / bend
  }
  store<f32>(r.period + cell, index * most)
  store<f32>(r.tensorEnergy + cell, most)
}
