/**
 * Values of a row as a MAC covers them. SQLite keeps types only while a table is STRICT, and whoever
 * writes the schema can take that away for a while: bytes and the text of their digits are told apart.
 */
export type Row = Readonly<Record<string, string | number | Uint8Array | null>>

/** Columns of bytes in the tables that are covered row by row. */
const BYTES: ReadonlySet<string> = new Set(['nik_tag', 'templates', 'sealed'])

/**
 * Bytes, where bytes belong, as hexadecimal. Others, text among bytes, and infinity, which JSON
 * writes as no value, are marked: no row of this program has them.
 */
export function valuesOf(row: Row): unknown[] {
  return Object.entries(row).map(([column, value]) => {
    if (value === null) return null
    const isBytes = value instanceof Uint8Array
    const isSound = isBytes === BYTES.has(column) && (typeof value !== 'number' || Number.isFinite(value))
    const written = isBytes ? Buffer.from(value).toString('hex') : value
    return isSound ? written : { mistyped: String(written) }
  })
}
