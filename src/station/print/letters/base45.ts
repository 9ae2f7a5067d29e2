/**
 * Bytes as letters that QR codes hold in 5.5 bits each (RFC 9285): two bytes are three letters, a last one is two. A quarter less in the code than
 * base64, whose small letters take eight bits each.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

const BASE = ALPHABET.length

export function toBase45(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length
    let value = isPair ? bytes[at] * 256 + bytes[at + 1] : bytes[at]
    for (let letters = isPair ? 3 : 2; letters > 0; letters--) {
      text += ALPHABET[value % BASE]
      value = Math.floor(value / BASE)
    }
  }
  return text
}

/** Undefined where the text is none. */
export function fromBase45(text: string): Uint8Array | undefined {
  if (text.length % 3 === 1) return undefined
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 3) {
    const letters = [...text.slice(at, at + 3)].map(letter => ALPHABET.indexOf(letter))
    if (letters.includes(-1)) return undefined
    const value = letters.reduceRight((sum, letter) => sum * BASE + letter, 0)
    if (value >= (letters.length === 3 ? 65_536 : 256)) return undefined
    if (letters.length === 3) bytes.push(value >> 8)
    bytes.push(value & 255)
  }
  return new Uint8Array(bytes)
}
