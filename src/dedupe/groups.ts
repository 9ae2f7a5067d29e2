/**
 * The connected groups that pairs make, each in the order of its ids, the largest first, equal ones by their first id. Union
 * by size and path halving (Tarjan and van Leeuwen, "Worst-case analysis of set union algorithms", J. ACM 31(2), 1984).
 */
export function groupsOf(pairs: Iterable<{ readonly a: string; readonly b: string }>): string[][] {
  const parents = new Map<string, string>()
  const sizes = new Map<string, number>()
  const rootOf = (id: string): string => {
    let at = id
    for (let up = parents.get(at) ?? at; up !== at; up = parents.get(at)!) {
      const above = parents.get(up)!
      parents.set(at, above)
      at = above
    }
    return at
  }
  for (const { a, b } of pairs) {
    for (const id of [a, b]) {
      if (parents.has(id)) continue
      parents.set(id, id)
      sizes.set(id, 1)
    }
    const [one, other] = [rootOf(a), rootOf(b)]
    if (one === other) continue
    const size = sizes.get(one)! + sizes.get(other)!
    const [top, below] = sizes.get(one)! >= sizes.get(other)! ? [one, other] : [other, one]
    parents.set(below, top)
    sizes.set(top, size)
  }
  const groups = new Map<string, string[]>()
  for (const id of parents.keys()) {
    const root = rootOf(id)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [id])
    else group.push(id)
  }
  const sorted = Array.from(groups.values(), group => group.sort(byText))
  return sorted.sort((a, b) => b.length - a.length || byText(a[0], b[0]))
}

/** Code unit by code unit, which no locale changes. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
