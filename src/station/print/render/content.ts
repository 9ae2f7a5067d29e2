/** What stands on a card and in a letter, as fields of a template. */
import type { Person } from '../../enrol/person.js'
import type { Available } from './template.js'

export interface CardContent {
  readonly nik: string
  readonly person: Person
  /** An image file. */
  readonly photo?: Uint8Array
  readonly signature?: Uint8Array
  /** Of the blank, where blanks have one. */
  readonly serial?: string
  /** Where and when it was issued: the date as 'YYYY-MM-DD'. */
  readonly place?: string
  readonly issuedOn?: string
}

/** Who issues letters. */
export interface Office {
  /** 'Dinas Kependudukan dan Pencatatan Sipil' */
  readonly name: string
  /** 'Kota Depok' */
  readonly regency: string
  /** And telephone, in a line. */
  readonly address?: string
  /** Where the letter is signed. */
  readonly place: string
  readonly signer: string
  /** 'Kepala Dinas Kependudukan dan Pencatatan Sipil' */
  readonly signerTitle: string
  /** NIP, the number of a civil servant. */
  readonly signerNumber?: string
}

export interface LetterContent {
  readonly number: string
  readonly nik: string
  readonly person: Person
  readonly photo?: Uint8Array
  /** State of the record at the centre, short: 'PRR'. */
  readonly code: string
  /** The same in words. */
  readonly meaning: string
  /** 'YYYY-MM-DD' */
  readonly issuedOn: string
  /** The last day it is valid, 'YYYY-MM-DD'. */
  readonly until: string
  readonly office: Office
  /** Text of the QR: whoever scans it can tell whether the letter is genuine. */
  readonly verification: string
}

const PERSON_FIELDS = [
  'nik',
  'name',
  'birthPlace',
  'birthDate',
  'sex',
  'bloodType',
  'street',
  'rt',
  'rw',
  'rtRw',
  'village',
  'district',
  'regency',
  'province',
  'postalCode',
  'religion',
  'maritalStatus',
  'occupation',
  'nationality',
  'validUntil',
  'familyCardNumber',
] as const

export const CARD_AVAILABLE: Available = {
  fields: [...PERSON_FIELDS, 'serial', 'place', 'issuedOn'],
  pictures: ['photo', 'signature'],
}

export const LETTER_AVAILABLE: Available = {
  fields: [
    ...PERSON_FIELDS,
    'number',
    'code',
    'meaning',
    'issuedOn',
    'until',
    'verification',
    'officeName',
    'officeRegency',
    'officeAddress',
    'place',
    'signer',
    'signerTitle',
    'signerNumber',
  ],
  pictures: ['photo'],
}

type Fields = Record<string, string>

export function cardFields({ nik, person, serial, place, issuedOn }: CardContent): Fields {
  return {
    ...personFields(nik, person),
    serial: text(serial),
    place: text(place),
    issuedOn: shortDate(text(issuedOn)),
  }
}

export function letterFields({ nik, person, office, ...letter }: LetterContent): Fields {
  return {
    ...personFields(nik, person),
    number: text(letter.number),
    code: text(letter.code),
    meaning: text(letter.meaning),
    issuedOn: longDate(text(letter.issuedOn)),
    until: longDate(text(letter.until)),
    verification: text(letter.verification),
    officeName: text(office.name),
    officeRegency: text(office.regency),
    officeAddress: text(office.address),
    place: text(office.place),
    signer: text(office.signer),
    signerTitle: text(office.signerTitle),
    signerNumber: text(office.signerNumber),
  }
}

/** A map, as another station's record may name any member of an object. */
const SEX_NAMES: ReadonlyMap<unknown, string> = new Map([
  ['male', 'Laki-laki'],
  ['female', 'Perempuan'],
])

function personFields(nik: string, person: Person): Record<(typeof PERSON_FIELDS)[number], string> {
  const address: Partial<Person['address']> = person.address ?? {}
  const [rt, rw] = [text(address.rt), text(address.rw)]
  return {
    nik: text(nik),
    name: text(person.name),
    birthPlace: text(person.birthPlace),
    birthDate: shortDate(text(person.birthDate)),
    sex: SEX_NAMES.get(person.sex) ?? '',
    bloodType: text(person.bloodType),
    street: text(address.street),
    rt,
    rw,
    rtRw: rt === '' && rw === '' ? '' : `${rt || '-'}/${rw || '-'}`,
    village: text(address.village),
    district: text(address.district),
    regency: text(address.regency),
    province: text(address.province),
    postalCode: text(address.postalCode),
    religion: text(person.religion),
    maritalStatus: text(person.maritalStatus),
    occupation: text(person.occupation),
    nationality: text(person.nationality),
    // For life, since Law 24/2013 (article 64), unless the record says otherwise.
    validUntil: text(person.validUntil) || 'Seumur hidup',
    familyCardNumber: text(person.familyCardNumber),
  }
}

/** Another station's record may hold anything. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

const MONTHS = [
  'Januari',
  'Februari',
  'Maret',
  'April',
  'Mei',
  'Juni',
  'Juli',
  'Agustus',
  'September',
  'Oktober',
  'November',
  'Desember',
]

/** 'YYYY-MM-DD' as '05-11-2026'; another text as it is. */
function shortDate(date: string): string {
  return date.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$3-$2-$1')
}

/** 'YYYY-MM-DD' as '5 November 2026'; another text as it is. */
function longDate(date: string): string {
  const [, year, month, day] = date.match(/^(\d{4})-(\d{2})-(\d{2})$/) ?? []
  const name = MONTHS[Number(month) - 1]
  return name === undefined ? date : `${Number(day)} ${name} ${year}`
}
