import { createCipheriv } from 'node:crypto'
import { Random } from '../random.js'
import type { Enrolment } from '../station/enrol/types.js'
import { syntheticNik } from '../synthesize/synthetic-nik.js'
import { syntheticProbe, syntheticTemplate } from '../synthesize/synthetic-template.js'
import { NAME_MARK } from './leaks.js'

/** Persons with all ten fingers; the others have the two that a card holds, the index fingers. */
const TEN_FINGERS = 0.02
const INDEX_FINGERS = [2, 7]
const ALL_FINGERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

/** Returning persons whose fingers are dry, wet or worn: some are not known again. */
const POOR_PRINTS = 0.3

/** Persons whose picture is as large as a camera makes them; the pictures of the others stand in for what an e-KTP keeps. */
const LARGE_PICTURE = 0.005

/** Who did it, wherever the stations ask. */
export const OPERATOR = 'operator of the simulation'

/** The NIK of a simulated person: of the right form, and nobody's. */
export const nikOf = (seed: number, person: number) => identityOf(seed, person).nik

/** Persons who share something with one that comes to a kiosk, by their numbers. */
export interface Shared {
  /** The person whose NIK is typed. */
  readonly namesake?: number
  /** Who this is, where the same person was recorded before: the fingers are the same, each print is another. */
  readonly recordedAs?: number
}

/**
 * The enrolment of person number `person` at a kiosk: the same each time. Its templates are
 * synthetic, its picture is noise.
 */
export function simulatedPerson(seed: number, person: number, { namesake, recordedAs }: Shared = {}): Enrolment {
  const random = randomOf(seed, person).child('payloads')
  const positions = random.chance(TEN_FINGERS) ? ALL_FINGERS : INDEX_FINGERS
  const absent = ALL_FINGERS.filter(position => !positions.includes(position))
  const difficulty = randomOf(seed, person).child('prints').chance(POOR_PRINTS) ? 'poor' : 'typical'
  const template = (position: number) =>
    recordedAs === undefined
      ? syntheticTemplate(seed, 10 * person + position - 1)
      : syntheticProbe(seed, 10 * recordedAs + position - 1, difficulty)
  return {
    nik: nikOf(seed, namesake ?? person),
    person: personOf(seed, person, namesake),
    fingers: positions.map(position => ({ position, template: template(position) })),
    exceptions: Object.fromEntries(absent.map(position => [position, 'not-captured' as const])),
    photo: pictureOf(random),
    operator: OPERATOR,
  }
}

/** The same person at another address. */
export function addressAfterwards(seed: number, person: number, namesake = person): Enrolment['person'] {
  return { ...personOf(seed, person, namesake), address: { street: `Jalan ${NAME_MARK} ${person} A` } }
}

/** The same with no fingers at all, which takes a station without a recogniser no time. */
export function simulatedResident(seed: number, person: number): Enrolment {
  const photo = pictureOf(randomOf(seed, person).child('payloads'))
  const exceptions = Object.fromEntries(ALL_FINGERS.map(position => [position, 'not-captured' as const]))
  return {
    nik: nikOf(seed, person),
    person: personOf(seed, person),
    fingers: [],
    exceptions,
    photo,
    operator: OPERATOR,
  }
}

function personOf(seed: number, person: number, namesake = person): Enrolment['person'] {
  const { birthDate, sex } = identityOf(seed, namesake)
  const address = { street: `Jalan ${NAME_MARK} ${person}` }
  return { name: `${NAME_MARK} ${person}`, birthDate, sex, birthPlace: 'Depok', address }
}

const randomOf = (seed: number, person: number) => new Random(seed).child('person').child(person)

const identityOf = (seed: number, person: number) => syntheticNik(randomOf(seed, person).child('nik'))

/** A gray picture (PGM) of noise, 1 to 4 kB; a large one 60 to 900. */
function pictureOf(random: Random): Uint8Array {
  const [low, high] = random.chance(LARGE_PICTURE) ? [250, 950] : [33, 60]
  const [width, height] = [Math.round(random.uniform(low, high)), Math.round(random.uniform(low, high))]
  const head = Buffer.from(`P5 ${width} ${height} 255\n`)
  // A cipher's stream: noise as fast as it can be copied.
  const key = Buffer.alloc(16)
  key.writeUInt32LE(random.bits())
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16))
  return Buffer.concat([head, cipher.update(Buffer.alloc(width * height))])
}
