/**
 * The best one-to-one assignment of probe fingers to enrolled ones, for each number of pairs whose stated positions agree:
 * the union bound (hypotheses.ts) charges by that number, so that the single best of all assignments is not enough.
 *
 * Dynamic programming over sets, as Held and Karp ("A dynamic programming approach to sequencing problems", J. SIAM 10(1),
 * 1962) for tours: after the first i rows only the set of columns taken matters. Ten by ten fingers are 1,024 sets and
 * 5,120 steps between them: less than a millisecond. The Hungarian and Jonker-Volgenant methods are quicker from some twenty
 * rows on, but find the best of all assignments only.
 */

export interface Assignment {
  /** Sum of the pairs' evidence. */
  readonly total: number
  /** Column of each row; -1 for a row that is left over because there are fewer columns. */
  readonly columns: readonly number[]
}

/**
 * Entry r: the assignment with the highest total among those of exactly r agreeing pairs; undefined where there is none.
 * All are of full size: as many pairs as the smaller side has fingers.
 *
 * @param evidence rows of equal length: what each pair of fingers would add, -Infinity nowhere
 * @param agrees whether the stated positions of row and column agree
 */
export function bestAssignments(
  evidence: readonly (readonly number[])[],
  agrees: (row: number, column: number) => boolean,
): (Assignment | undefined)[] {
  const rows = evidence.length
  const columns = evidence[0]?.length ?? 0
  if (rows <= columns) return assignRows(evidence, columns, agrees)
  const turned = Array.from({ length: columns }, (_, column) => evidence.map(row => row[column]))
  return assignRows(turned, rows, (column, row) => agrees(row, column)).map(
    found =>
      found && { total: found.total, columns: Array.from({ length: rows }, (_, row) => found.columns.indexOf(row)) },
  )
}

/** Every row gets a column: there are no more rows than columns. */
function assignRows(
  evidence: readonly (readonly number[])[],
  columns: number,
  agrees: (row: number, column: number) => boolean,
): (Assignment | undefined)[] {
  const rows = evidence.length
  const counts = rows + 1
  const sets = 2 ** columns
  // totals[set * counts + r]: of the rows so far, as many as the set has columns, with r agreeing pairs.
  const totals = new Float64Array(sets * counts).fill(-Infinity)
  const last = new Int8Array(sets * counts).fill(-1)
  totals[0] = 0
  for (let set = 0; set < sets; set++) {
    const row = sizeOf(set)
    if (row >= rows) continue
    for (let column = 0; column < columns; column++) {
      if (set & (1 << column)) continue
      const to = (set | (1 << column)) * counts + (agrees(row, column) ? 1 : 0)
      const gain = evidence[row][column]
      for (let r = 0; r <= row; r++) {
        const total = totals[set * counts + r] + gain
        if (total <= totals[to + r]) continue
        totals[to + r] = total
        last[to + r] = column
      }
    }
  }
  const full = Array.from({ length: sets }, (_, set) => set).filter(set => sizeOf(set) === rows)
  return Array.from({ length: counts }, (_, r) => {
    const end = full.reduce((a, b) => (totals[b * counts + r] > totals[a * counts + r] ? b : a))
    const total = totals[end * counts + r]
    return total === -Infinity ? undefined : { total, columns: traceBack(end, r) }
  })

  function traceBack(end: number, agreeing: number): number[] {
    const taken: number[] = new Array(rows)
    let [set, r] = [end, agreeing]
    for (let row = rows - 1; row >= 0; row--) {
      const column = last[set * counts + r]
      taken[row] = column
      set &= ~(1 << column)
      if (agrees(row, column)) r--
    }
    return taken
  }
}

function sizeOf(set: number): number {
  let size = 0
  for (let rest = set; rest !== 0; rest &= rest - 1) size++
  return size
}
