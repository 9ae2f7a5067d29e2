/** Rows of cells as aligned lines: the first column to the left, the others to the right. */
export function formatTable(header, rows) {
  const cells = [header, ...rows].map(row => row.map(String))
  const widths = header.map((_, column) => Math.max(...cells.map(row => row[column].length)))
  const line = row =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')
  return cells.map(row => `  ${line(row).trimEnd()}`).join('\n')
}

/** Three significant digits without an exponent. */
export function figure(value) {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 6))
}

/** A whole number with thousands set apart. */
export function whole(value) {
  return Math.round(value).toLocaleString('en-US')
}
