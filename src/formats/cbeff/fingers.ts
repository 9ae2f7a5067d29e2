import type { BdbQuality, Bir, BirEntry, CbeffRegistryId } from './bir.js'

/** One finger of a person, as MOSIP has it in a BIR: with its data, or missing. */
export interface CbeffFinger {
  /** 1 right thumb to 5 right little finger, 6 left thumb to 10 left little finger. */
  readonly position: number
  /** Whether there is no data because the finger is missing or cannot be taken (no BDB, EXCEPTION true). */
  readonly missing: boolean
  /** Absent where the finger is missing. */
  readonly data?: Uint8Array
  /** What the data is: type 7 a finger image record, 2 a minutiae record. */
  readonly format?: CbeffRegistryId
  readonly index?: string
  readonly creationDate?: string
  readonly level?: string
  readonly purpose?: string
  readonly quality?: BdbQuality
  /** MOSIP's entries but for EXCEPTION: RETRIES, FORCE_CAPTURED, SDK_SCORE, SPEC_VERSION, PAYLOAD ... */
  readonly others?: readonly BirEntry[]
}

const SIDES = ['Right', 'Left']
const FINGERS = ['Thumb', 'IndexFinger', 'MiddleFinger', 'RingFinger', 'LittleFinger']
const EXCEPTION = 'EXCEPTION'
const VERSION = { major: 1, minor: 1 }

/** The position of a subtype of one side and one finger, in either order. */
function positionOf(subtype: readonly string[] = []): number | undefined {
  const side = SIDES.findIndex(name => subtype.includes(name))
  const finger = FINGERS.findIndex(name => subtype.includes(name))
  return subtype.length === 2 && side >= 0 && finger >= 0 ? side * FINGERS.length + finger + 1 : undefined
}

/** The fingers of a BIR and of those within it: BIRs of type Finger whose subtype is one finger. */
export function fingersOfBir(bir: Bir): CbeffFinger[] {
  const own = fingerOf(bir)
  return [...(own ? [own] : []), ...(bir.birs ?? []).flatMap(fingersOfBir)]
}

function fingerOf({ bdbInfo, bdb, others = [] }: Bir): CbeffFinger | undefined {
  const position = positionOf(bdbInfo?.subtype)
  if (bdbInfo === undefined || position === undefined || !bdbInfo.type?.includes('Finger')) return undefined
  const hasData = bdb !== undefined && bdb.length > 0
  const isException = others.some(({ key, value }) => key === EXCEPTION && value.trim().toLowerCase() === 'true')
  const rest = others.filter(({ key }) => key !== EXCEPTION)
  const { format, index, creationDate, level, purpose, quality } = bdbInfo
  return {
    position,
    missing: !hasData && isException,
    ...(hasData && { data: bdb }),
    ...(format && { format }),
    ...(index !== undefined && { index }),
    ...(creationDate !== undefined && { creationDate }),
    ...(level !== undefined && { level }),
    ...(purpose !== undefined && { purpose }),
    ...(quality && { quality }),
    ...(rest.length > 0 && { others: rest }),
  }
}

/**
 * The BIR of a finger as MOSIP writes it: versions 1.1, integrity false, and an entry EXCEPTION that says whether the finger is
 * missing, in which case it has no BDB.
 *
 * @throws RangeError when the position is not 1 to 10, or a finger is both missing and there, or neither
 */
export function birOfFinger(finger: CbeffFinger): Bir {
  const { position, missing, data, format, index, creationDate, level, purpose, quality, others = [] } = finger
  const side = SIDES[Math.floor((position - 1) / FINGERS.length)]
  const name = FINGERS[(position - 1) % FINGERS.length]
  if (side === undefined || name === undefined) throw new RangeError(`position is ${position}, must be 1 to 10`)
  if (missing === (data !== undefined))
    throw new RangeError(`missing is ${missing}, and data is ${data ? '' : 'not '}there`)
  return {
    version: VERSION,
    cbeffVersion: VERSION,
    birInfo: { integrity: false },
    bdbInfo: {
      ...(index !== undefined && { index }),
      ...(format && { format }),
      ...(creationDate !== undefined && { creationDate }),
      type: ['Finger'],
      subtype: [side, name],
      ...(level !== undefined && { level }),
      ...(purpose !== undefined && { purpose }),
      ...(quality && { quality }),
    },
    ...(data && { bdb: data }),
    others: [{ key: EXCEPTION, value: String(missing) }, ...others],
  }
}
