/**
 * Characters that could steer a terminal, or change the order in which a text is shown: control
 * characters but the end of a line (LF, CR LF; escape sequences begin with one), directional marks,
 * overrides and isolates, separators of lines and paragraphs, halves of characters.
 */
const UNSAFE = /\r(?!\n)|[^\P{Cc}\n\r]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu

/**
 * Text for a terminal. Names, ids, files and messages of others are in what commands print: all of
 * it goes through here.
 */
export const visible = (text: string) => text.replaceAll(UNSAFE, '?')

/**
 * A JSON document for a terminal or a program: the same characters as escapes, so that nothing is
 * lost.
 */
export const visibleJson = (value: unknown) =>
  `${JSON.stringify(value, undefined, 2)}\n`.replaceAll(
    UNSAFE,
    unsafe => `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** One line: what somebody wrote into a name must not look like a line of its own. */
const inOneLine = (text: string) => text.replaceAll(/[\r\n]+/g, ' ')

/** Lines of text, each of them one. */
export const formatLines = (lines: readonly string[]) => lines.map(inOneLine).join('\n')

/** Lines of text for people: columns padded to their widest cell, numbers to the right. */
export function formatTable(rows: readonly (readonly (string | number)[])[], numeric: readonly number[] = []): string {
  const cells = rows.map(row => row.map(cell => inOneLine(String(cell))))
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
