/** What is recorded of a person, as an e-KTP and its register have it (Permendagri 72/2022; Indonesian names beside the fields). */
import * as z from 'zod'
import { nearest } from '../../options.js'
import { isBirthDate, SEXES, type Sex } from './birth.js'

/** Longest text of a field, in UTF-16 units: the longest names and addresses of the register have some 60. */
const MOST_TEXT = 200

/** Of `other`: fields, and letters of one name. */
const MOST_OTHERS = 50
const MOST_NAME = 64

const text = z
  .string()
  .max(MOST_TEXT, `is longer than ${MOST_TEXT} characters`)
  .refine(value => value.trim() !== '', 'is empty')
  // Control characters and halves of surrogate pairs come from broken keyboards and scanners of codes.
  .refine(value => !/[\p{Cc}\p{Surrogate}]/u.test(value), 'holds characters that cannot be printed')

const digits = (count: number) => z.string().regex(new RegExp(`^[0-9]{${count}}$`), `must be ${count} digits`)

export const BLOOD_TYPES = ['A', 'B', 'AB', 'O', 'A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-'] as const

/** Where a person lives. Texts have up to 200 characters and none that cannot be printed. */
export type PersonAddress = {
  /** alamat: street and number. */
  readonly street: string
  readonly rt?: string | undefined
  readonly rw?: string | undefined
  /** kelurahan or desa */
  readonly village?: string | undefined
  /** kecamatan */
  readonly district?: string | undefined
  /** kabupaten or kota */
  readonly regency?: string | undefined
  readonly province?: string | undefined
  /** kode pos: five digits. */
  readonly postalCode?: string | undefined
}

/**
 * A person as recorded. A type, not an interface: drafts take any record of fields. Texts have up to
 * 200 characters and none that cannot be printed.
 */
export type Person = {
  /** nama */
  readonly name: string
  /** tanggal lahir: 'YYYY-MM-DD', from 1850 on. */
  readonly birthDate: string
  /** jenis kelamin */
  readonly sex: Sex
  /** tempat lahir */
  readonly birthPlace: string
  readonly address: PersonAddress
  /** agama, or kepercayaan */
  readonly religion?: string | undefined
  /** status perkawinan */
  readonly maritalStatus?: string | undefined
  /** pekerjaan */
  readonly occupation?: string | undefined
  /** kewarganegaraan: 'WNI', or a country. */
  readonly nationality?: string | undefined
  /** golongan darah */
  readonly bloodType?: (typeof BLOOD_TYPES)[number] | undefined
  /** nomor kartu keluarga: 16 digits. */
  readonly familyCardNumber?: string | undefined
  /** nama ayah */
  readonly fatherName?: string | undefined
  /** nama ibu */
  readonly motherName?: string | undefined
  /** berlaku hingga, where it is not 'SEUMUR HIDUP'. */
  readonly validUntil?: string | undefined
  /** Fields that the host adds, by its own names: 50 at most, of up to 64 letters. */
  readonly other?: Readonly<Record<string, string | number | boolean>> | undefined
}

const address = z.strictObject({
  street: text,
  rt: text.optional(),
  rw: text.optional(),
  village: text.optional(),
  district: text.optional(),
  regency: text.optional(),
  province: text.optional(),
  postalCode: digits(5).optional(),
})

const personSchema = z.strictObject({
  name: text,
  birthDate: z.string().refine(isBirthDate, 'must be a date that exists, as YYYY-MM-DD'),
  sex: z.enum(SEXES),
  birthPlace: text,
  address,
  religion: text.optional(),
  maritalStatus: text.optional(),
  occupation: text.optional(),
  nationality: text.optional(),
  bloodType: z.enum(BLOOD_TYPES).optional(),
  familyCardNumber: digits(16).optional(),
  fatherName: text.optional(),
  motherName: text.optional(),
  validUntil: text.optional(),
  other: z
    .record(z.string().min(1).max(MOST_NAME), z.union([text, z.number(), z.boolean()]))
    .refine(fields => Object.keys(fields).length <= MOST_OTHERS, `has more than ${MOST_OTHERS} fields`)
    .optional(),
})

/** Every field of a person, as feedback names them. */
export const PERSON_FIELDS: readonly string[] = [
  ...Object.keys(personSchema.shape),
  ...Object.keys(address.shape).map(name => `address.${name}`),
]

/** A field of a person that somebody has to fill in, or to correct. */
export interface PersonProblem {
  readonly code: 'person-missing' | 'person-invalid'
  /** 'address.street' */
  readonly field: string
  /** In plain words; without what was typed. */
  readonly message: string
}

/**
 * The person, or what somebody can correct in it.
 *
 * @throws TypeError for what no typing can cause: no object, a field that does not exist, a number where a text belongs
 */
export function readPerson(person: unknown): { person: Person } | { problems: PersonProblem[] } {
  const read = personSchema.safeParse(person, { reportInput: true })
  if (read.success) return { person: read.data }
  const problems = read.error.issues.map((issue): PersonProblem => {
    const field = issue.path.join('.')
    if (issue.code === 'unrecognized_keys') {
      const unknown = [...issue.path, issue.keys[0]].join('.')
      const meant = nearest(unknown, PERSON_FIELDS)
      const hint = meant === undefined ? "put what is your own into 'other'" : `did you mean '${meant}'?`
      throw new TypeError(`person has no field '${unknown}': ${hint}`)
    }
    if (issue.input === undefined && field !== '') {
      return { code: 'person-missing', field, message: `${field} is missing` }
    }
    if (['invalid_type', 'invalid_union'].includes(issue.code ?? '') || field === '') {
      throw new TypeError(`person.${field}: ${issue.message}`)
    }
    return { code: 'person-invalid', field, message: `${field} ${wordsOf(issue)}` }
  })
  return { problems }
}

/** Our own words where we have any; what was typed is in none of them. */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_key') return `has a name that is empty or longer than ${MOST_NAME} characters`
  return issue.message
}
