import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestAssignments } from '../../dist/persons/assign.js'

/** Every full one-to-one assignment: column of each row, -1 for rows that are left over. */
function* allAssignments(rows: number, columns: number, taken: number[] = []): Generator<number[]> {
  if (taken.length === rows) {
    if (taken.filter(column => column >= 0).length === Math.min(rows, columns)) yield [...taken]
    return
  }
  for (let column = -1; column < columns; column++) {
    if (column >= 0 && taken.includes(column)) continue
    if (column < 0 && taken.filter(each => each < 0).length >= rows - Math.min(rows, columns)) continue
    yield* allAssignments(rows, columns, [...taken, column])
  }
}

const table = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([rows, columns]) =>
  fc.tuple(
    fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
    fc.array(fc.integer({ min: -1, max: columns - 1 }), { minLength: rows, maxLength: rows }),
  ),
)

describe('bestAssignments', () => {
  it('finds what trying all finds, for each number of agreeing pairs', () => {
    fc.assert(
      fc.property(table, ([evidence, own]) => {
        const agrees = (row: number, column: number) => own[row] === column
        const columns = evidence[0].length
        const best = new Map<number, number>()
        for (const taken of allAssignments(evidence.length, columns)) {
          const total = taken.reduce((sum, column, row) => sum + (column < 0 ? 0 : evidence[row][column]), 0)
          const agreeing = taken.filter((column, row) => column >= 0 && agrees(row, column)).length
          best.set(agreeing, Math.max(total, best.get(agreeing) ?? -Infinity))
        }
        const found = bestAssignments(evidence, agrees)
        for (let r = 0; r <= Math.max(evidence.length, columns); r++) {
          expect(found[r]?.total).toBe(best.get(r))
          if (found[r] === undefined) continue
          const taken = found[r]!.columns
          expect(taken.reduce((sum, column, row) => sum + (column < 0 ? 0 : evidence[row][column]), 0)).toBe(
            best.get(r),
          )
          expect(taken.filter((column, row) => column >= 0 && agrees(row, column))).toHaveLength(r)
          const columnsTaken = taken.filter(column => column >= 0)
          expect(new Set(columnsTaken).size).toBe(Math.min(evidence.length, columns))
          expect(columnsTaken).toHaveLength(Math.min(evidence.length, columns))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('takes ten fingers by ten', () => {
    const evidence = Array.from({ length: 10 }, (_, i) =>
      Array.from({ length: 10 }, (_, j) => ((i + 1) % 10 === j ? 5 : 1)),
    )
    const found = bestAssignments(evidence, (i, j) => i === j)
    expect(found[0]).toEqual({ total: 50, columns: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] })
    expect(found[10]!.total).toBe(10)
    expect(found[9]).toBeUndefined()
  })

  it('has nothing to assign where one side has no finger', () => {
    expect(bestAssignments([], () => true)).toEqual([{ total: 0, columns: [] }])
    expect(bestAssignments([[], []], () => true)).toEqual([{ total: 0, columns: [-1, -1] }])
  })
})
