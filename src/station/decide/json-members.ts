/** Members that an object of a JSON list has more than once: JSON.parse takes the last and says nothing. */

/**
 * @param text a JSON list of objects that JSON.parse takes
 * @param memberOf the member that a name stands for; undefined for one that nobody reads, and may be there twice
 * @returns by the object's place in the list, from 1, a member that it has twice
 */
export function membersTwice<Member>(
  text: string,
  memberOf: (name: string) => Member | undefined,
): Map<number, Member> {
  const twice = new Map<number, Member>()
  let members = new Set<Member>()
  let [depth, place, quoted] = [0, 1, '']
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]
    if (letter === '"') {
      const end = quoteEnd(text, i)
      if (depth === 2) quoted = text.slice(i, end + 1)
      i = end
    } else if (letter === '{' || letter === '[') {
      depth++
      if (depth === 2) members = new Set()
    } else if (letter === '}' || letter === ']') depth--
    else if (letter === ',' && depth === 1) place++
    else if (letter === ':' && depth === 2) {
      const member = memberOf(JSON.parse(quoted))
      if (member === undefined) continue
      if (members.has(member)) twice.set(place, member)
      members.add(member)
    }
  }
  return twice
}

/** Place of the quote that ends the text which begins at `from`. */
function quoteEnd(text: string, from: number): number {
  let at = from + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
