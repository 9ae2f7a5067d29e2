/** What is recorded of a person, as an e-KTP and its register have it (Permendagri 72/2022; Indonesian names beside the fields). */
import * as z from 'zod'
import { isBirthDate, SEXES } from './birth.js'

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

const address = z.strictObject({
  /** alamat: street and number. */
  street: text,
  rt: text.optional(),
  rw: text.optional(),
  /** kelurahan or desa */
  village: text.optional(),
  /** kecamatan */
  district: text.optional(),
  /** kabupaten or kota */
  regency: text.optional(),
  province: text.optional(),
  postalCode: digits(5).optional(),
})

export const personSchema = z.strictObject({
  /** nama */
  name: text,
  /** tanggal lahir, 'YYYY-MM-DD' */
  birthDate: z.string().refine(isBirthDate, 'must be a date that exists, as YYYY-MM-DD'),
  /** jenis kelamin */
  sex: z.enum(SEXES),
  /** tempat lahir */
  birthPlace: text,
  address,
  /** agama, or kepercayaan */
  religion: text.optional(),
  /** status perkawinan */
  maritalStatus: text.optional(),
  /** pekerjaan */
  occupation: text.optional(),
  /** kewarganegaraan: 'WNI', or a country */
  nationality: text.optional(),
  /** golongan darah */
  bloodType: z.enum(['A', 'B', 'AB', 'O', 'A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-']).optional(),
  /** nomor kartu keluarga */
  familyCardNumber: digits(16).optional(),
  /** nama ayah, nama ibu */
  fatherName: text.optional(),
  motherName: text.optional(),
  /** berlaku hingga, where it is not 'SEUMUR HIDUP' */
  validUntil: text.optional(),
  /** What else the host records, by its own names. */
  other: z
    .record(z.string().min(1).max(MOST_NAME), z.union([text, z.number(), z.boolean()]))
    .refine(fields => Object.keys(fields).length <= MOST_OTHERS, `has more than ${MOST_OTHERS} fields`)
    .optional(),
})

export type Person = z.infer<typeof personSchema>

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
      const names = issue.keys.map(key => `'${[...issue.path, key].join('.')}'`)
      throw new TypeError(`person has no field ${names.join(', ')} (put what is your own into 'other')`)
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
