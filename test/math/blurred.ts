/**
 * A Gaussian of 3 sigma either way over a grid, along both axes, written down as it is defined; what lies off the grid
 * has no weight.
 *
 * @param sigma cells
 */
export function blurred(grid: readonly number[], columns: number, rows: number, sigma: number): number[] {
  const weight = (distance: number) => Math.exp(-0.5 * (distance / sigma) ** 2)
  const reach = Math.ceil(3 * sigma)
  return grid.map((_, cell) => {
    const [column, row] = [cell % columns, Math.floor(cell / columns)]
    let sum = 0
    let weights = 0
    for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y++) {
      for (let x = Math.max(0, column - reach); x <= Math.min(columns - 1, column + reach); x++) {
        const w = weight(x - column) * weight(y - row)
        sum += w * grid[y * columns + x]
        weights += w
      }
    }
    return sum / weights
  })
}
