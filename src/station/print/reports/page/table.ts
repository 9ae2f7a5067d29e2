/** A table with lines between its rows, which goes on on the next page where one ends. */
import { fitText, line, type SceneItem } from '../../render/scene.js'

export interface Column {
  readonly heading: string
  readonly widthMm: number
  readonly align: 'left' | 'right'
}

export interface Table {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
}

const ROW_MM = 4.6
const HEADING_MM = 6.8
const TITLE_MM = 6.5
const CELL = { sizePt: 8, leastPt: 5.5, lines: 1 }
const HEADING = { sizePt: 7, leastPt: 6.2, lines: 2 }
const PADDING_MM = 0.6

/** Room that the title, the headings and a row take. */
export const LEAST_TABLE_MM = TITLE_MM + HEADING_MM + ROW_MM

/** As many rows as fit above `bottomMm`: what was drawn, where it ends, and the rest of the table. */
export function tablePart(
  { title, columns, rows }: Table,
  { leftMm, topMm, bottomMm }: { readonly leftMm: number; readonly topMm: number; readonly bottomMm: number },
): { readonly items: SceneItem[]; readonly endMm: number; readonly rest?: Table } {
  const widthMm = columns.reduce((sum, column) => sum + column.widthMm, 0)
  const items: SceneItem[] = [...fitText(title, { xMm: leftMm, yMm: topMm, widthMm, sizePt: 9, face: 'bold' }).items]
  const rule = (yMm: number, ink: string, strokeMm: number) =>
    items.push(line(leftMm, yMm, leftMm + widthMm, yMm, { stroke: ink, widthMm: strokeMm }))
  const cells = (texts: readonly string[], yMm: number, style: { sizePt: number; leastPt: number; lines: number }) => {
    let xMm = leftMm
    return columns.map(({ widthMm: columnMm, align }, i) => {
      const box = { xMm: xMm + PADDING_MM, yMm, widthMm: columnMm - 2 * PADDING_MM, align, ...style }
      xMm += columnMm
      return fitText(texts[i], box)
    })
  }
  let yMm = topMm + TITLE_MM
  const names = columns.map(({ heading }) => heading)
  // They stand on the line below them, whether they take one line or two.
  const tops = cells(names, yMm, HEADING).map(({ bottomMm }) => yMm + HEADING_MM - 0.8 - bottomMm)
  for (const [i, down] of tops.entries()) items.push(...cells(names, yMm + down, HEADING)[i].items)
  yMm += HEADING_MM
  rule(yMm, '#000000', 0.3)
  const fitting = Math.min(rows.length, Math.floor((bottomMm - yMm) / ROW_MM))
  for (const row of rows.slice(0, fitting)) {
    for (const { items: cell } of cells(row, yMm + 0.6, CELL)) items.push(...cell)
    yMm += ROW_MM
    rule(yMm, '#c8c8c8', 0.15)
  }
  const rest = rows.slice(fitting)
  return { items, endMm: yMm, ...(rest.length > 0 && { rest: { title, columns, rows: rest } }) }
}
