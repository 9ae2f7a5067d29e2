import { whole } from '../../template/ranges.js'
import { base64OfBytes } from './base64.js'
import { type Bir, type BirEntry, type BirExtension, CBEFF_NAMESPACE } from './bir.js'
import { type Child, isStructure, STRUCTURES, type StructureName } from './schema.js'
import { writeXml, type XmlElement } from './xml-tree.js'

/**
 * The XML of biometric information records: of one BIR as it is, or of several within one whose integrity is false, as MOSIP has
 * them. What `readCbeff` reads from it is written the same again.
 *
 * @throws RangeError naming a value that the schema or XML cannot hold
 */
export function writeCbeff(birs: Bir | readonly Bir[]): string {
  const isList = Array.isArray(birs)
  const root: Bir = isList ? { birInfo: { integrity: false }, birs } : (birs as Bir)
  const element = structureElement('Bir', 'BIR', root, isList ? 'birs' : 'bir')
  return writeXml({ ...element, attributes: [{ name: 'xmlns', value: CBEFF_NAMESPACE }, ...element.attributes] })
}

function structureElement(name: StructureName, element: string, value: BirExtension, path: string): XmlElement {
  const properties = value as Readonly<Record<string, unknown>>
  const children = STRUCTURES[name].flatMap(child =>
    childElements(child, properties[child.property], `${path}.${child.property}`),
  )
  const attributes = value.attributes ?? []
  const declaration = attributes.find(attribute => attribute.name === 'xmlns')
  if (declaration) throw new RangeError(`${path}.attributes has xmlns, which the record declares`)
  return { name: element, attributes, children: withUnknown(children, value.unknown ?? []) }
}

/** Elements of the schema, and those that it does not have in their places among them. */
function withUnknown(known: readonly XmlElement[], unknown: NonNullable<BirExtension['unknown']>): XmlElement[] {
  const all: XmlElement[] = []
  let next = 0
  for (const { index, element } of [...unknown].sort((a, b) => a.index - b.index)) {
    while (all.length < index && next < known.length) all.push(known[next++])
    all.push(element)
  }
  return [...all, ...known.slice(next)]
}

function childElements(child: Child, value: unknown, path: string): XmlElement[] {
  if (value === undefined) {
    if (child.required === 'to be read') throw new RangeError(`${path} is missing`)
    return []
  }
  const { element, kind } = child
  if (child.isMany) {
    return (value as BirExtension[]).map((one, i) =>
      structureElement(kind as StructureName, element, one, `${path}[${i}]`),
    )
  }
  if (isStructure(kind)) return [structureElement(kind, element, value as BirExtension, path)]
  if (kind === 'entries') return [leaf(element, (value as BirEntry[]).map(entryElement))]
  const text = leafText(kind, value, path)
  return [leaf(element, text === '' ? [] : [text])]
}

function leafText(kind: Child['kind'], value: unknown, path: string): string {
  switch (kind) {
    case 'bytes':
      return base64OfBytes(value as Uint8Array)
    case 'list': {
      const broken = (value as string[]).find(item => !/^\S+$/.test(item))
      if (broken !== undefined) throw new RangeError(`${path} has ${JSON.stringify(broken)}, must have words`)
      return (value as string[]).join(' ')
    }
    case 'count':
      return String(whole(path, value as number, 0, 999_999_999))
    case 'score':
      if (!((value as number) >= 0 && (value as number) < 1e9))
        throw new RangeError(`${path} is ${value}, must be 0 to 100`)
      return String(value)
    default:
      return String(value)
  }
}

function entryElement({ key, value }: BirEntry): XmlElement {
  return { name: 'entry', attributes: [{ name: 'key', value: key }], children: value === '' ? [] : [value] }
}

function leaf(name: string, children: readonly (string | XmlElement)[]): XmlElement {
  return { name, attributes: [], children }
}
