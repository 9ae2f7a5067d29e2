/**
 * How deep the arrays and objects of a JSON text nest, without parsing it: code that walks parsed values calls itself
 * for each level, and a text of nothing but brackets would end the program.
 */
export function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at)
    if (letter === QUOTE) {
      at = endOfString(text, at + 1)
    } else if (letter === SQUARE_OPEN || letter === CURLY_OPEN) {
      depth++
      if (depth > deepest) deepest = depth
    } else if (letter === SQUARE_CLOSE || letter === CURLY_CLOSE) {
      depth--
    }
  }
  return deepest
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SQUARE_OPEN = 0x5b
const SQUARE_CLOSE = 0x5d
const CURLY_OPEN = 0x7b
const CURLY_CLOSE = 0x7d

/** Where the string ends that goes on at `from`: at its closing quote, or behind the text. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH && at - 1 - slashes >= from) slashes++
    if (slashes % 2 === 0) return at
  }
  return text.length
}
