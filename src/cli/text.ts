/** Lines of text for people: columns padded to their widest cell, numbers to the right. */
export function formatTable(rows: readonly (readonly (string | number)[])[], numeric: readonly number[] = []): string {
  const cells = rows.map(row => row.map(String))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map(row => row[column].length)))
  return cells
    .map(row =>
      row
        .map((cell, column) => (numeric.includes(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** 12345 as 12,345, whatever the machine's language. */
export const formatCount = (value: number) => value.toLocaleString('en-US')

/** A number of things: "1 print", "2 prints". */
export const counted = (count: number, one: string, many = `${one}s`) =>
  `${formatCount(count)} ${count === 1 ? one : many}`

export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
}

export const formatScore = (score: number) => score.toFixed(1)
