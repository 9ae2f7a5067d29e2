/** The prints within BIRs of CBEFF. */
import { SidikError } from '../errors.js'
import type { Bir } from '../formats/cbeff/bir.js'
import { fingersOfBir } from '../formats/cbeff/fingers.js'
import type { Deviation, ReadOptions } from '../formats/deviation.js'
import { nameOfPosition } from '../formats/finger-positions.js'
import type { Print } from './print.js'
import { type PlacedBir, statedByBir } from './stated-by-bir.js'

/** A BIR by the names of the elements around it, as the reader has them. */
type NamedBir = PlacedBir & { readonly path: string }

/** The prints in the data of a BIR. */
type ReadPrints = (data: Uint8Array, options: ReadOptions) => Print[]

/**
 * The fingers of a BIR and of those within it, but for missing ones. Reported: data of fingers whose
 * Subtype is not one finger (a slap, or none is stated), which is left out, and a Subtype that its own
 * record contradicts.
 *
 * @throws SidikError RECORD_CORRUPT for a contradiction when nobody listens, and as reading the data does
 */
export function printsOfBir(bir: Bir, options: ReadOptions, read: ReadPrints): Print[] {
  return birsWithin({ bir, around: [], path: 'BIR' }).flatMap(one => printsOfOne(one, options, read))
}

function birsWithin(placed: NamedBir): NamedBir[] {
  const { bir, around, path } = placed
  const inner = (bir.birs ?? []).flatMap((one, i) => {
    const subtype = one.bdbInfo?.subtype?.join(' ')
    const name = subtype ? ` (${subtype})` : ''
    return birsWithin({ bir: one, around: [bir, ...around], path: `${path} BIR ${i + 1}${name}` })
  })
  return [placed, ...inner]
}

function printsOfOne(placed: NamedBir, options: ReadOptions, read: ReadPrints): Print[] {
  const { bir, path } = placed
  const [finger] = fingersOfBir({ ...bir, birs: [] })
  if (finger === undefined) {
    if (bir.bdb?.length && bir.bdbInfo?.type?.includes('Finger')) {
      const message = 'is not read: its Subtype is not that of one finger'
      options.onDeviation?.({ field: `${path} BDB`, offset: 0, message })
    }
    return []
  }
  const { position, data } = finger
  if (data === undefined) return []
  const name = nameOfPosition(position)
  try {
    const within = namingFields(name, options)
    return read(data, within).map(print => {
      const stated = async () => statedByBir(placed, position, await print.stated())
      const contradiction = contradictionOf(print, position)
      if (contradiction !== undefined) report(`${path} BDBInfo Subtype`, contradiction, options)
      const changes = [
        ...(print.changes ?? []),
        ...(contradiction === undefined ? [] : [`fingerPosition: ${contradiction}`]),
      ]
      return { ...print, ...(changes.length > 0 && { changes }), name, fingerPosition: position, stated }
    })
  } catch (error) {
    if (!(error instanceof SidikError) || options.onDamage === undefined) throw error
    options.onDamage({ field: name, offset: 0, message: `cannot be read: ${error.message}` })
    return []
  }
}

function contradictionOf({ fingerPosition }: Print, position: number): string | undefined {
  if (fingerPosition === 0 || fingerPosition === position) return undefined
  return `says ${nameOfPosition(position)}, the record within ${nameOfPosition(fingerPosition)}`
}

function report(field: string, message: string, { onDeviation }: ReadOptions): void {
  if (onDeviation !== undefined) onDeviation({ field, offset: 0, message })
  else throw new SidikError('RECORD_CORRUPT', `CBEFF XML damaged: ${field} ${message}; use another copy of it`)
}

/** Who listens hears of fields of a finger's own record, whose offsets are within that. */
function namingFields(name: string, { onDeviation, onDamage }: ReadOptions): ReadOptions {
  const naming = (listener: ReadOptions['onDeviation']) =>
    listener && (({ field, ...rest }: Deviation) => listener({ field: `${name}: ${field}`, ...rest }))
  return { onDeviation: naming(onDeviation), onDamage: naming(onDamage) }
}
