/**
 * XML as a tree of elements, and back. The parser is saxes, which checks that a document is well-formed and knows the five
 * entities of XML alone. A document type declaration is refused before anything of it is used: no entity is ever expanded, no file
 * or address ever opened. Depth, elements, attributes and length are bounded.
 */
import { SaxesParser } from 'saxes'
import { SidikError } from '../../errors.js'
import type { Deviation, ReadOptions } from '../deviation.js'

export interface XmlAttribute {
  /** With its prefix. */
  readonly name: string
  readonly value: string
}

/** An element as it stands: names with their prefixes, namespace declarations among the attributes. */
export interface XmlElement {
  readonly name: string
  readonly attributes: readonly XmlAttribute[]
  /** Texts and elements, in their order; white space between elements is left out. */
  readonly children: readonly (string | XmlElement)[]
}

/** An element, what its name means, and where it begins. */
export interface ParsedElement extends XmlElement {
  readonly namespace: string
  readonly localName: string
  /** In characters of the text, just behind its start tag. */
  readonly offset: number
  readonly children: (string | ParsedElement)[]
}

/** Six levels are a BIR's own; the rest is for what others put into it. */
const MOST_LEVELS = 32
const MOST_ELEMENTS = 100_000
/** Limit for all elements together: a person's record has one of each entry, and a few namespaces. */
const MOST_ATTRIBUTES = 50_000
/** Ten fingers, a face and two irises as uncompressed images are 20 MiB. */
export const MOST_CHARACTERS = 64 * 1024 * 1024

/**
 * @param onDamage told where the document is no XML any more; what stands before is given then, but
 *   for the BIR that is not complete
 * @throws SidikError RECORD_CORRUPT for what is no XML, has a document type, or is beyond the
 *   bounds; naming the offset
 */
export function parseXml(text: string, onDamage?: ReadOptions['onDamage']): ParsedElement {
  if (text.length > MOST_CHARACTERS)
    throw wrong(MOST_CHARACTERS, `has ${text.length} characters, ${MOST_CHARACTERS} are read`)
  const parser = new SaxesParser({ xmlns: true, position: true, defaultXMLVersion: '1.0', forceXMLVersion: true })
  const open: ParsedElement[] = []
  let root: ParsedElement | undefined
  let count = 0
  let attributeCount = 0
  const addText = (piece: string) => {
    const parent = open.at(-1)
    if (parent === undefined) return
    const last = parent.children.length - 1
    const before = parent.children[last]
    if (typeof before === 'string') parent.children[last] = before + piece
    else parent.children.push(piece)
  }
  let malformed: Deviation | undefined
  parser.on('error', error => {
    const message = `is not well-formed (${error.message.replace(/^\d+:\d+: /, '')})`
    // The parser may be one behind the last character.
    const offset = Math.min(parser.position, text.length)
    malformed = { field: 'document', offset, message }
    throw wrong(offset, message)
  })
  parser.on('doctype', () => {
    throw wrong(parser.position, 'has a document type declaration, which is refused')
  })
  parser.on('opentagstart', () => {
    if (open.length >= MOST_LEVELS)
      throw wrong(parser.position, `has elements ${open.length + 1} deep, ${MOST_LEVELS} are read`)
    if (++count > MOST_ELEMENTS) throw wrong(parser.position, `has more than ${MOST_ELEMENTS} elements`)
  })
  parser.on('attribute', () => {
    if (++attributeCount > MOST_ATTRIBUTES) {
      throw wrong(parser.position, `has more than ${MOST_ATTRIBUTES} attributes`)
    }
  })
  parser.on('opentag', ({ name, uri, local, attributes }) => {
    const element: ParsedElement = {
      name,
      namespace: uri,
      localName: local,
      offset: parser.position,
      attributes: Object.values(attributes).map(attribute => ({ name: attribute.name, value: attribute.value })),
      children: [],
    }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const element = open.pop()
    if (element === undefined || !element.children.some(child => typeof child !== 'string')) return
    const meaningful = element.children.filter(child => typeof child !== 'string' || /[^ \t\r\n]/.test(child))
    // Not as arguments of one call: 100,000 of them overflow the stack.
    element.children.length = 0
    for (const child of meaningful) element.children.push(child)
  })
  try {
    parser.write(text).close()
  } catch (error) {
    if (malformed === undefined || onDamage === undefined || root === undefined) throw error
    onDamage(malformed)
    leaveOutIncomplete(open)
  }
  // The parser has refused a document without one.
  return root as ParsedElement
}

/**
 * Takes the innermost BIR out that has no end yet; without one, the child of the root that has
 * none.
 */
function leaveOutIncomplete(open: readonly ParsedElement[]): void {
  const innermost = open.findLastIndex(({ localName }, i) => i > 0 && localName === 'BIR')
  const at = Math.max(innermost, 1)
  const incomplete = open[at]
  if (incomplete === undefined) return
  const siblings = open[at - 1].children
  siblings.splice(siblings.lastIndexOf(incomplete), 1)
}

function wrong(offset: number, problem: string): SidikError {
  return new SidikError(
    'RECORD_CORRUPT',
    `CBEFF XML damaged: document (offset ${offset}) ${problem}; use another copy of it`,
  )
}

/** The document of an element, indented by two spaces. */
export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root, '\n', 1)}\n`
}

/** @param lineBreak with the indentation, before each child element; none within text */
function elementText({ name, attributes, children }: XmlElement, lineBreak: string, level: number): string {
  if (level > MOST_LEVELS) throw new RangeError(`${name} is ${level} elements deep, ${MOST_LEVELS} are written`)
  const isMixed = children.some(child => typeof child === 'string')
  const inner = isMixed || lineBreak === '' ? '' : `${lineBreak}  `
  const written = attributes.map(one => ` ${nameText(one.name)}="${escaped(one.value, IN_ATTRIBUTES, one.name)}"`)
  const head = nameText(name) + written.join('')
  if (children.length === 0) return `<${head}/>`
  const content = children.map(child =>
    typeof child === 'string' ? escaped(child, IN_TEXT, name) : inner + elementText(child, inner, level + 1),
  )
  return `<${head}>${content.join('')}${inner === '' ? '' : lineBreak}</${name}>`
}

/** XML 1.0, productions 4 and 4a, without the colon. */
const START =
  'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef' +
  '\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}'
const PART = `[${START}][${START}.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040-]*`
const NAME = new RegExp(`^${PART}(:${PART})?$`, 'u')

function nameText(name: string): string {
  if (NAME.test(name)) return name
  throw new RangeError(`${JSON.stringify(name)} is no name of an element or attribute`)
}

/** No parser turns these into others: line ends are otherwise read as \n, and as a space in attributes. */
const IN_TEXT = /[&<>\r]/g
const IN_ATTRIBUTES = /[&<>"\t\n\r]/g

function escaped(text: string, special: RegExp, name: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if ((code < 0x20 && code !== 9 && code !== 10 && code !== 13) || code === 0xfffe || code === 0xffff) {
      throw new RangeError(`${name} has the character ${code.toString(16)}, which XML does not have`)
    }
  }
  if (/\p{Surrogate}/u.test(text)) throw new RangeError(`${name} has half a surrogate pair, which is no character`)
  return text.replace(special, character => `&#${character.charCodeAt(0)};`)
}
