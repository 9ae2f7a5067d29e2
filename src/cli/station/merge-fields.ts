/** Fields by name, those of an address among them. */
type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields with those of `changes` in their place, each on its own; null takes one away. */
export function mergeFields(before: Fields, changes: Fields): Fields {
  const merged = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(changes)) {
    const stood = merged.get(name)
    if (value === null) merged.delete(name)
    else merged.set(name, isFields(stood) && isFields(value) ? mergeFields(stood, value) : value)
  }
  return Object.fromEntries(merged)
}
