/**
 * Statements of a BIR of CBEFF on the print in it: everything that is in it but for its data and
 * what lays it out. A property that is not known here is said by its name, too.
 */
import type { BdbInfo, Bir, BirExtension } from '../formats/cbeff/bir.js'
import { nameOfPosition } from '../formats/finger-positions.js'
import { numbered, type Statements, shortened, textOf } from './stated.js'

/** A BIR, and those that it is within, the innermost first. */
export interface PlacedBir {
  readonly bir: Bir
  readonly around: readonly Bir[]
}

type Said = [name: string, text: string]

/** Data, what is within, and editions of the standard. */
const OF_THE_LAYOUT: ReadonlySet<string> = new Set(['version', 'cbeffVersion', 'birs', 'bdb'])

/** The finger: said once, of the BIR with the print. */
const OF_THE_FINGER: ReadonlySet<string> = new Set(['type', 'subtype'])

/** Statements of the BIRs around a print, and of its own record. The BIR's word on the finger holds. */
export function statedByBir({ bir, around }: PlacedBir, position: number, own: Statements): Statements {
  const ofRecord = [...own].filter(([name]) => name !== 'fingerPosition')
  return numbered([
    ...ofRecord,
    ['fingerPosition', nameOfPosition(position)],
    ...saidBy(bir),
    ...around.flatMap(saidBy).map(([name, text]): Said => [`around it, ${name}`, text]),
  ])
}

function saidBy(bir: Bir): Said[] {
  const { birInfo = {}, bdbInfo = {}, sbInfo = {}, others = [], ...rest } = bir
  return [
    ...fieldsOf(bdbInfo, 'BDBInfo', name => (name === 'quality' ? 'CBEFF quality' : name)),
    ...typesOf(bdbInfo),
    ...fieldsOf(birInfo, 'BIRInfo', name => `BIR ${name}`),
    ...fieldsOf(sbInfo, 'SBInfo', name => `SB ${name}`),
    ...fieldsOf(rest, 'BIR', name => (name === 'sb' ? 'security block' : name)),
    ...others.flatMap(({ key, value }): Said[] => (isNoException(key, value) ? [] : [[key, shortened(value)]])),
  ]
}

/** All types, where there are more than that of the print. */
function typesOf({ type = [] }: BdbInfo): Said[] {
  return type.length > 1 ? [['CBEFF type', shortened(type.join(' '))]] : []
}

function isNoException(key: string, value: string): boolean {
  return key === 'EXCEPTION' && value.trim().toLowerCase() !== 'true'
}

/**
 * Properties by their names. What is false says nothing: no encryption, no integrity. Attributes and
 * elements that the schema does not have are a line each, however many there are.
 */
function fieldsOf(
  { attributes = [], unknown = [], ...fields }: BirExtension,
  element: string,
  nameOf: (property: string) => string,
): Said[] {
  const said = Object.entries(fields).filter(
    ([name, value]) => value !== undefined && value !== false && !OF_THE_LAYOUT.has(name) && !OF_THE_FINGER.has(name),
  )
  // Declarations of prefixes say nothing.
  const own = attributes.filter(({ name }) => !name.startsWith('xmlns'))
  return [
    ...said.map(([name, value]): Said => [nameOf(name), shortened(textOf(value))]),
    ...listed(
      `${element} attributes`,
      own.map(({ name, value }) => `${name} ${JSON.stringify(value)}`),
    ),
    ...listed(
      `${element} unknown elements`,
      unknown.map(one => one.element.name),
    ),
  ]
}

function listed(name: string, list: readonly string[]): Said[] {
  return list.length === 0 ? [] : [[name, `${list.length} (${shortened(list.join(', '))})`]]
}
