import { SidikError } from '../../errors.js'
import type { ReadOptions } from '../deviation.js'
import { bytesOfBase64 } from './base64.js'
import { type Bir, type BirEntry, CBEFF_NAMESPACE } from './bir.js'
import { isDateTime } from './date-time.js'
import { type Child, isStructure, type LeafKind, STRUCTURES, type StructureName } from './schema.js'
import { MOST_CHARACTERS, type ParsedElement, parseXml, type XmlAttribute, type XmlElement } from './xml-tree.js'

/** Characters of a Subtype that a message quotes. */
const LONGEST_SUBTYPE = 40

/**
 * Reads biometric information records in XML (CBEFF, ISO/IEC 19785-3 ed. 2), as MOSIP writes them:
 * the outermost BIR. What the schema does not have is kept in `unknown` and `attributes`.
 * `writeCbeff` gives an equal tree of elements; lost are comments, processing instructions,
 * prefixes of the record's own namespace, the way text is laid out between elements and base64 is
 * broken into lines or written for URLs, zeros before numbers, and 1 and 0 for true and false.
 *
 * Deviations (offsets in characters): elements out of order, missing, or in the record's namespace
 * and unknown; values outside the schema's lists; a date and time that is none; a score that is no
 * whole number up to 100; attributes of elements that hold text; a finger that is said to be
 * missing and has data.
 *
 * Where somebody listens to damage, a value that is not of its kind is left out, and so is a BIR
 * that the document ends in or that is no XML; what is around them is read. Each is named by the
 * BIRs around it, numbered from 1, and its finger.
 *
 * @param xml UTF-8 when bytes; at most 64 MiB
 * @throws SidikError RECORD_FORMAT for XML that is no BIR, or bytes that are not UTF-8;
 *   RECORD_CORRUPT for what is no XML, has a document type (so that entities are none), is deeper
 *   than 32 elements or has more than 100,000, has an element twice that may be there once, or a
 *   value that is not of its kind; and for a deviation when nobody listens
 * @throws TypeError when `xml` is neither text nor bytes, or `onDeviation` or `onDamage` is not a
 *   function
 */
export function readCbeff(xml: string | Uint8Array, options: ReadOptions = {}): Bir {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
  if (options.onDeviation !== undefined && typeof options.onDeviation !== 'function') {
    throw new TypeError('onDeviation must be a function')
  }
  if (options.onDamage !== undefined && typeof options.onDamage !== 'function') {
    throw new TypeError('onDamage must be a function')
  }
  const root = parseXml(typeof xml === 'string' ? xml : textOf(xml), options.onDamage)
  if (root.localName !== 'BIR' || (root.namespace !== CBEFF_NAMESPACE && root.namespace !== '')) {
    throw new SidikError(
      'RECORD_FORMAT',
      `a document of ${root.name} of namespace '${root.namespace}', not a BIR of CBEFF`,
    )
  }
  const reader = new BirReader(root.namespace, options)
  if (root.namespace === '') reader.deviation('BIR', root.offset, `has no namespace, must be of ${CBEFF_NAMESPACE}`)
  return (reader.structure('Bir', root, 'BIR') ?? {}) as Bir
}

function textOf(xml: unknown): string {
  if (!(xml instanceof Uint8Array)) throw new TypeError('xml must be a string or a Uint8Array')
  if (xml.length > MOST_CHARACTERS) throw corrupt('document', MOST_CHARACTERS, `has ${xml.length} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(xml)
  } catch {
    throw new SidikError('RECORD_FORMAT', 'these bytes are not UTF-8, of which CBEFF XML is read')
  }
}

function corrupt(path: string, offset: number, problem: string): SidikError {
  return new SidikError(
    'RECORD_CORRUPT',
    `CBEFF XML damaged: ${path} (offset ${offset}) ${problem}; use another copy of it`,
  )
}

class BirReader {
  readonly #namespace: string
  readonly #options: ReadOptions

  constructor(namespace: string, options: ReadOptions) {
    this.#namespace = namespace
    this.#options = options
  }

  deviation(field: string, offset: number, message: string): void {
    if (this.#options.onDeviation === undefined) throw corrupt(field, offset, message)
    this.#options.onDeviation({ field, offset, message })
  }

  /**
   * Reports what cannot be what it is: it is left out, and reading goes on.
   *
   * @throws SidikError RECORD_CORRUPT when nobody listens
   */
  damage(field: string, offset: number, problem: string): undefined {
    if (this.#options.onDamage === undefined) throw corrupt(field, offset, problem)
    this.#options.onDamage({ field, offset, message: problem })
  }

  /**
   * @param path names of the elements around and its own, for messages
   * @returns undefined where it is damaged and nothing is said without what is missing
   */
  structure(name: StructureName, element: ParsedElement, path: string): object | undefined {
    const schema = STRUCTURES[name]
    const properties: Record<string, unknown> = {}
    const found = new Set<string>()
    const unknown: { index: number; element: XmlElement }[] = []
    let latest = 0
    let index = 0
    for (const one of this.#elementsOf(element, path)) {
      const place = this.#isOwn(one) ? schema.findIndex(child => child.element === one.localName) : -1
      if (place < 0) {
        unknown.push({ index: index++, element: this.#unknown(one, `${path} ${one.name}`) })
        continue
      }
      const { element: childName, property, isMany } = schema[place]
      const number = isMany ? 1 + ((properties[property] as unknown[] | undefined)?.length ?? 0) : 0
      const childPath = `${path} ${childName}${isMany ? ` ${number}${subtypeOf(one)}` : ''}`
      found.add(property)
      if (place < latest) this.deviation(childPath, one.offset, `comes after ${schema[latest].element}`)
      latest = Math.max(latest, place)
      // A second list of entries is written into the first.
      if (isMany || properties[property] === undefined) index++
      this.#add(properties, schema[place], one, childPath)
    }
    for (const child of schema) {
      if (child.required === undefined || properties[child.property] !== undefined) continue
      const childPath = `${path} ${child.element}`
      if (child.required === 'to be read') {
        // One that is there and damaged was reported.
        if (!found.has(child.property)) this.damage(childPath, element.offset, 'is missing')
        return undefined
      }
      if (!found.has(child.property)) this.deviation(childPath, element.offset, 'is missing')
    }
    const attributes = element.attributes.filter(isNoDefaultNamespace)
    if (attributes.length > 0) properties.attributes = attributes
    if (unknown.length > 0) properties.unknown = unknown
    if (name === 'Bir') this.#checkException(properties as Bir, element.offset, path)
    return properties
  }

  /** Within a record without a namespace, which deviates, elements may still say theirs. */
  #isOwn({ namespace }: ParsedElement): boolean {
    return namespace === CBEFF_NAMESPACE || namespace === this.#namespace
  }

  #add(properties: Record<string, unknown>, child: Child, element: ParsedElement, path: string): void {
    const { property, kind, isMany } = child
    const before = properties[property]
    if (before !== undefined && !isMany) {
      if (kind !== 'entries') {
        this.damage(path, element.offset, 'is there a second time')
        return
      }
      this.deviation(path, element.offset, 'is there a second time')
    }
    if (!isMany && kind !== 'entries') {
      const value = this.#value(child, element, path)
      if (value !== undefined) properties[property] = value
      return
    }
    const all = (before ?? []) as unknown[]
    if (isMany) all.push(this.#value(child, element, path) ?? {})
    else for (const entry of this.#entries(element, path)) all.push(entry)
    properties[property] = all
  }

  #value(child: Child, element: ParsedElement, path: string): unknown {
    if (isStructure(child.kind)) return this.structure(child.kind, element, path)
    const value = this.#leaf(child.kind as LeafKind, element, path)
    if (value === undefined) return undefined
    const texts = child.kind === 'list' ? (value as string[]) : [String(value)]
    const other = child.values && texts.find(text => !child.values?.has(text))
    if (other !== undefined)
      this.deviation(path, element.offset, `is ${JSON.stringify(other)}, which the schema does not have`)
    return value
  }

  #leaf(kind: LeafKind, element: ParsedElement, path: string): unknown {
    const text = this.#text(element, path)
    if (text === undefined) return undefined
    const trimmed = text.trim()
    const wrong = (what: string) =>
      this.damage(path, element.offset, `is ${JSON.stringify(text.slice(0, 40))}, not ${what}`)
    switch (kind) {
      case 'text':
        return text
      case 'moment':
        if (!isDateTime(trimmed)) {
          this.deviation(path, element.offset, `is ${JSON.stringify(text.slice(0, 40))}, no date and time`)
        }
        return text
      case 'list':
        return trimmed === '' ? [] : trimmed.split(/[ \t\r\n]+/)
      case 'boolean':
        if (!/^(true|false|0|1)$/.test(trimmed)) return wrong('true or false')
        return trimmed === 'true' || trimmed === '1'
      case 'count':
        if (!/^\d{1,9}$/.test(trimmed)) return wrong('a whole number')
        return Number(trimmed)
      case 'score':
        if (!/^\d{1,9}(\.\d{1,6})?$/.test(trimmed)) return wrong('a number')
        if (!/^\d+$/.test(trimmed) || Number(trimmed) > 100) {
          this.deviation(path, element.offset, `is ${trimmed}, no whole number up to 100`)
        }
        return Number(trimmed)
      case 'bytes': {
        return bytesOfBase64(text) ?? wrong('base64')
      }
    }
  }

  #text(element: ParsedElement, path: string): string | undefined {
    const inner = element.children.find(child => typeof child !== 'string')
    if (inner !== undefined) return this.damage(path, element.offset, 'has an element in it, must have text')
    const attribute = element.attributes.find(isNoDefaultNamespace)
    if (attribute) this.deviation(path, element.offset, `has the attribute ${attribute.name}, which is not kept`)
    return element.children.join('')
  }

  #entries(element: ParsedElement, path: string): BirEntry[] {
    const attribute = element.attributes.find(isNoDefaultNamespace)
    if (attribute) this.deviation(path, element.offset, `has the attribute ${attribute.name}, which is not kept`)
    return this.#elementsOf(element, path).flatMap(entry => {
      const entryPath = `${path} ${entry.name}`
      const key = entry.attributes.find(({ name }) => name === 'key')?.value
      const isEntry = entry.localName === 'entry' && this.#isOwn(entry)
      if (!isEntry || key === undefined) {
        this.damage(entryPath, entry.offset, 'must be an entry with a key')
        return []
      }
      const others = entry.attributes.filter(({ name }) => name !== 'key')
      const value = this.#text({ ...entry, attributes: others }, `${path} entry ${key}`)
      return value === undefined ? [] : [{ key, value }]
    })
  }

  /** The elements in an element; text beside them has no meaning, and no place in what is read. */
  #elementsOf(element: ParsedElement, path: string): ParsedElement[] {
    return element.children.flatMap(child => {
      if (typeof child !== 'string') return [child]
      const text = child.trim()
      if (text !== '') {
        this.damage(path, element.offset, `has the text ${JSON.stringify(text.slice(0, 40))}, must have elements`)
      }
      return []
    })
  }

  #unknown(element: ParsedElement, path: string): XmlElement {
    if (this.#isOwn(element)) this.deviation(path, element.offset, 'is not in the schema of CBEFF')
    return plainOf(element, this.#namespace)
  }

  #checkException(bir: Bir, offset: number, path: string): void {
    const isFinger = bir.bdbInfo?.type?.includes('Finger')
    const isException = bir.others?.some(
      ({ key, value }) => key === 'EXCEPTION' && value.trim().toLowerCase() === 'true',
    )
    if (isFinger && isException && bir.bdb !== undefined && bir.bdb.length > 0) {
      this.deviation(`${path} BDB`, offset, 'is there, and EXCEPTION is true: the finger is said to be missing')
    }
  }
}

/**
 * The words of a BIR's Subtype, which name its finger, in brackets after a space; nothing where
 * there is none.
 */
function subtypeOf(bir: ParsedElement): string {
  const childOf = (element: ParsedElement | undefined, name: string) =>
    element?.children.find((child): child is ParsedElement => typeof child !== 'string' && child.localName === name)
  const [text] = childOf(childOf(bir, 'BDBInfo'), 'Subtype')?.children ?? []
  return typeof text === 'string' && text.trim() !== '' ? ` (${text.trim().slice(0, LONGEST_SUBTYPE)})` : ''
}

/**
 * An element as it stands. Default namespaces declared on elements of the record are not written again: where its own was another than
 * the record's, it says so itself.
 */
function plainOf(element: ParsedElement, around: string): XmlElement {
  const { name, namespace, attributes, children } = element
  const declared = attributes.find(attribute => attribute.name === 'xmlns')?.value
  const isOther = declared === undefined && !name.includes(':') && namespace !== around
  const inside = declared ?? (isOther ? namespace : around)
  return {
    name,
    attributes: isOther ? [...attributes, { name: 'xmlns', value: namespace }] : attributes,
    children: children.map(child => (typeof child === 'string' ? child : plainOf(child, inside))),
  }
}

function isNoDefaultNamespace({ name }: XmlAttribute): boolean {
  return name !== 'xmlns'
}
