/** Conditions of SQL for what somebody asks for, column by column. @throws TypeError naming the column */
export function whereOf(wanted: Readonly<Record<string, string | undefined>>): [where: string, values: string[]] {
  const given = Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined)
  for (const [column, value] of given) if (typeof value !== 'string') throw new TypeError(`${column} must be a string`)
  if (given.length === 0) return ['', []]
  return [`WHERE ${given.map(([column]) => `${column} = ?`).join(' AND ')}`, given.map(([, value]) => value)]
}
