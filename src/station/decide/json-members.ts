/** Members that an object of a JSON list has more than once: JSON.parse takes the last and says nothing. */

/**
 * @param text a JSON list of objects that JSON.parse takes
 * @returns by the object's place in the list, from 1, the name of a member that it has twice
 */
export function membersTwice(text: string): Map<number, string> {
  const twice = new Map<number, string>()
  let names = new Set<string>()
  let [depth, place, quoted] = [0, 1, '']
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]
    if (letter === '"') {
      const end = quoteEnd(text, i)
      if (depth === 2) quoted = text.slice(i, end + 1)
      i = end
    } else if (letter === '{' || letter === '[') {
      depth++
      if (depth === 2) names = new Set()
    } else if (letter === '}' || letter === ']') depth--
    else if (letter === ',' && depth === 1) place++
    else if (letter === ':' && depth === 2) {
      const name: string = JSON.parse(quoted)
      if (names.has(name)) twice.set(place, name)
      names.add(name)
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
