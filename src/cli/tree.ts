import type { Words } from '../convert/contents.js'

/** Plain values as an indented tree for people, and as JSON without the bytes. */

/** Of a list in a text; `--json` has them all. */
const MOST_LINES = 16
/** Of numbers beside each other. */
const MOST_NUMBERS = 10

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)

const isSimple = (value: unknown) => !isPlainObject(value) && !(Array.isArray(value) && value.some(isPlainObject))

/** A value in words, after a code what it means. */
function simpleText(name: string, value: unknown, words: Words): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (Array.isArray(value)) {
    const texts = value.slice(0, MOST_NUMBERS).map(one => simpleText(name, one, words))
    const left = value.length - texts.length
    return value.length === 0 ? 'none' : `${texts.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
  }
  const meaning = words[name]?.get(Number(value))
  if (meaning !== undefined) return `${value} (${meaning})`
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(7)))
  return joinedLines(String(value))
}

/** Without the space round each line. A pattern with the line break in its middle would try every space before it. */
function joinedLines(text: string): string {
  const lines = text.split('\n').map(line => line.trim())
  return lines.filter((line, i) => i === 0 || line !== '').join(' | ')
}

/** Lines of a tree, each level two spaces further in. */
export function treeLines(fields: object, words: Words, indent = '  '): string[] {
  return Object.entries(fields).flatMap(([name, value]) => entryLines(name, value, words, indent))
}

function entryLines(name: string, value: unknown, words: Words, indent: string): string[] {
  if (value === undefined) return []
  if (isSimple(value)) return [`${indent}${name}: ${simpleText(name, value, words)}`]
  if (isPlainObject(value)) return [`${indent}${name}:`, ...treeLines(value, words, `${indent}  `)]
  const list = value as readonly unknown[]
  const shown = list.slice(0, MOST_LINES).flatMap((one, i) => itemLines(i + 1, one, words, `${indent}  `))
  const left = list.length - MOST_LINES
  return [
    `${indent}${name} (${list.length}):`,
    ...shown,
    ...(left > 0 ? [`${indent}  ... and ${left} more (--json lists all)`] : []),
  ]
}

/** An object of simple values on one line, others over several. */
function itemLines(number: number, value: unknown, words: Words, indent: string): string[] {
  if (!isPlainObject(value)) return entryLines(String(number), value, words, indent)
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  const isShort = entries.length <= 6 && entries.every(([, one]) => isSimple(one) && !Array.isArray(one))
  if (!isShort) return [`${indent}${number}:`, ...treeLines(value, words, `${indent}  `)]
  return [`${indent}${number}: ${entries.map(([name, one]) => `${name} ${simpleText(name, one, words)}`).join(', ')}`]
}

/** The same values with the number of bytes where there were bytes, for JSON. */
export function withoutBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: value.length }
  if (Array.isArray(value)) return value.map(withoutBytes)
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutBytes(one)]))
}
