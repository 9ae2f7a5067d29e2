/**
 * SQL of the different values of a column, ascending, each found by one step in an index: one with thousands of rows
 * costs no more. SQLite's DISTINCT goes through all rows.
 *
 * @param rows what follows FROM, with a WHERE: its parameters are asked for twice
 */
export const eachValue = (column: string, rows: string) => `WITH RECURSIVE each_value (value) AS (
    SELECT min(${column}) FROM ${rows}
    UNION ALL SELECT (SELECT min(${column}) FROM ${rows} AND ${column} > each_value.value)
    FROM each_value WHERE each_value.value IS NOT NULL
  ) SELECT value AS ${column} FROM each_value WHERE value IS NOT NULL`
