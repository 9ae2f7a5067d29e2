import { readFileSync } from 'node:fs'
import { MISSING_REASONS, PERSON_FIELDS, readPerson } from 'sidik/station'
import { describe, expect, it } from 'vitest'

const PERSON = {
  name: 'Siti Aminah',
  birthDate: '1990-02-28',
  sex: 'female',
  birthPlace: 'Depok',
  address: { street: 'Jl. Margonda Raya 54', rt: '001', rw: '004', village: 'Depok', district: 'Pancoran Mas' },
  religion: 'Islam',
  maritalStatus: 'Kawin',
  occupation: 'Guru',
  nationality: 'WNI',
  bloodType: 'O',
  familyCardNumber: '3276010101109001',
  other: { passport: 'A1234567', disabled: false, children: 2 },
}

const problems = (person: unknown) => {
  const read = readPerson(person)
  return 'problems' in read ? read.problems.map(({ code, field }) => `${code} ${field}`) : []
}

describe('docs/station-enrol.md', () => {
  const page = readFileSync(new URL('../../../docs/station-enrol.md', import.meta.url), 'utf8')
  const rowsUnder = (heading: string) => {
    const [, section] = page.split(`\n## ${heading}\n`)
    const rows = section.split(/\n## /)[0].matchAll(/^\| `([\w.-]+)`/gm)
    return [...rows].map(([, name]) => name)
  }

  it('lists every field of a person, and every reason for which a finger is not there', () => {
    expect(rowsUnder('The person')).toEqual(PERSON_FIELDS)
    expect(rowsUnder('Fingers that are not there')).toEqual(MISSING_REASONS)
  })
})

describe('readPerson', () => {
  it('takes a whole person, and one of whom only what is needed is there', () => {
    expect(readPerson(PERSON)).toEqual({ person: PERSON })
    const { name, birthDate, sex, birthPlace } = PERSON
    const least = { name, birthDate, sex, birthPlace, address: { street: 'Jl. Nusantara 1' } }
    expect(readPerson(least)).toEqual({ person: least })
  })

  it('names every field that is missing or wrong, in words without what was typed', () => {
    expect(problems({})).toEqual([
      'person-missing name',
      'person-missing birthDate',
      'person-missing sex',
      'person-missing birthPlace',
      'person-missing address',
    ])
    expect(problems({ ...PERSON, address: {} })).toEqual(['person-missing address.street'])
    const wrong = {
      ...PERSON,
      name: ' ',
      birthDate: '1990-02-30',
      sex: 'P',
      birthPlace: 'De\u0007pok',
      address: { street: 'x'.repeat(201), postalCode: '1643' },
      bloodType: 'C',
      familyCardNumber: 'secret-number',
      other: { ['n'.repeat(65)]: 'a', note: 'y'.repeat(201) },
    }
    const read = readPerson(wrong)
    if ('person' in read) throw new Error('it was taken')
    expect(new Set(read.problems.map(({ code }) => code))).toEqual(new Set(['person-invalid']))
    const fields = ['name', 'birthDate', 'sex', 'birthPlace', 'address.street', 'address.postalCode', 'bloodType']
    const named = read.problems.map(({ field }) => field)
    expect(named).toEqual([...fields, 'familyCardNumber', `other.${'n'.repeat(65)}`, 'other.note'])
    const text = read.problems.map(({ message }) => message).join('\n')
    expect(text).not.toMatch(/secret-number|02-30|xxx|yyy/)
    expect(text).toContain('sex must be one of male, female')
    expect(text).toContain('birthDate must be a date that exists')
    expect(text).not.toMatch(/Invalid|expected/)
  })

  it('calls what no typing can cause a mistake of the program', () => {
    for (const person of [undefined, null, 'Siti', [], { ...PERSON, name: 1 }, { ...PERSON, address: 'Depok' }]) {
      expect(() => readPerson(person), String(person)).toThrow(TypeError)
    }
    expect(() => readPerson({ ...PERSON, adress: {} })).toThrow(/no field 'adress': did you mean 'address'/)
    expect(() => readPerson({ ...PERSON, address: { ...PERSON.address, email: '1' } })).toThrow(
      /^person has no field 'address.email': put what is your own into 'other'$/,
    )
    expect(() => readPerson({ ...PERSON, address: { ...PERSON.address, rtt: '1' } })).toThrow(
      /^person has no field 'address.rtt': did you mean 'address.rt'\?$/,
    )
    expect(() => readPerson({ ...PERSON, bloodtype: 'O' })).toThrow(TypeError)
    expect(() => readPerson({ ...PERSON, other: { nested: {} } })).toThrow(TypeError)
  })
})
