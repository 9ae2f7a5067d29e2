/** What is to be printed of a person, as a station has it. */
import { SidikError } from '../../../errors.js'
import { readOptions } from '../../../options.js'
import { payloadOf, type RecordDetails, recordOf } from '../../enrol/read.js'
import { centreState } from '../../enrol/states.js'
import { partsOf, type Station } from '../../station.js'
import type { CardContent, LetterContent, Office } from './content.js'

/** What a card says of its issue. */
export interface CardIssue {
  /** The regency of the person's address unless given. */
  readonly place?: string
  /** 'YYYY-MM-DD'; today, where the program runs, unless given. */
  readonly issuedOn?: string
}

/** A letter that was issued: one of `letters`, and its `letterVerification`. */
export interface LetterFacts {
  readonly record: string
  readonly number: string
  readonly code: string
  /** ISO 8601: the day is printed as it is in UTC, which is what the verification says. */
  readonly issuedAt: string
  /** 'YYYY-MM-DD' */
  readonly until: string
  readonly verification: string
}

/**
 * A record's newest version with photo and signature, and the serial of the blank that it is to be printed on.
 *
 * @param job the job, or the blank's serial alone while there is none; absent for blanks without
 * @throws SidikError RECORD_UNKNOWN, STATION_CORRUPT, STATION_CLOSED; PRINT_CONTENT where the record's contents have not come yet
 */
export function cardContent(
  station: Station,
  record: string,
  job?: { readonly serial?: string },
  issue?: CardIssue,
): CardContent {
  const { clock } = partsOf(station)
  const { place, issuedOn = localDate(new Date(clock())) } = readOptions('cardContent', issue, ['place', 'issuedOn'])
  const { nik, person } = contentsOf(station, record)
  const photo = payloadOf(station, record, 'photo')
  const signature = payloadOf(station, record, 'signature')
  const at = place ?? person.address?.regency
  return {
    nik,
    person,
    ...(photo !== undefined && { photo }),
    ...(signature !== undefined && { signature }),
    ...(job?.serial !== undefined && { serial: job.serial }),
    ...(at !== undefined && { place: at }),
    issuedOn,
  }
}

/**
 * A letter with the record that it is about, as it stands now.
 *
 * @throws TypeError when `options` name no office
 * @throws SidikError as {@link cardContent}
 */
export function letterContent(
  station: Station,
  letter: LetterFacts,
  options: { readonly office: Office },
): LetterContent {
  const { office } = readOptions('letterContent', options, ['office'])
  if (typeof office !== 'object' || office === null) throw new TypeError('office must be an object')
  const { record, number, code, issuedAt, until, verification } = letter
  const { nik, person } = contentsOf(station, record)
  const photo = payloadOf(station, record, 'photo')
  return {
    number,
    nik,
    person,
    ...(photo !== undefined && { photo }),
    code,
    meaning: meaningOf(code),
    issuedOn: issuedAt.slice(0, 10),
    until,
    office,
    verification,
  }
}

function contentsOf(station: Station, record: string): NonNullable<RecordDetails['contents']> {
  const details = recordOf(station, record)
  if (details === undefined) throw new SidikError('RECORD_UNKNOWN', 'this station holds no such record')
  if (details.contents !== undefined) return details.contents
  throw new SidikError('PRINT_CONTENT', 'the contents of this record have not come yet: synchronise first')
}

function localDate(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

/** The states of the register in the words of a letter, for whoever is shown it. */
const MEANINGS: Readonly<Record<string, string>> = {
  BIO_CAPTURED: 'Data biometrik telah direkam, belum dikirim ke pusat data.',
  PROCESSING: 'Data hasil perekaman sedang disiapkan untuk dikirim ke pusat data.',
  SENT_FOR_ENROLLMENT: 'Data hasil perekaman telah dikirim ke pusat data dan menunggu proses penunggalan.',
  RECEIVED_AT_CENTRAL: 'Data hasil perekaman telah diterima pusat data dan sedang dalam proses penunggalan.',
  ADJUDICATION: 'Data sedang diperiksa oleh petugas pusat data.',
  SEARCH_FAILURE_AT_CENTRAL: 'Penunggalan data belum berhasil dan akan diulang oleh pusat data.',
  ENROLL_FAILURE_AT_CENTRAL: 'Data belum dapat diproses di pusat data; perekaman perlu diulang.',
  ENROLL_FAILURE_AT_REGIONAL: 'Data belum dapat diproses di server daerah; perekaman perlu diulang.',
  DUPLICATE_RECORD: 'Data terdeteksi ganda dan sedang diselesaikan oleh dinas.',
  PRINT_READY_RECORD: 'Data telah tunggal dan siap dicetak; kartu belum dapat dicetak karena keterbatasan blangko.',
  CARD_PRINTED: 'Kartu telah dicetak dan dapat diambil.',
  CARD_ISSUED: 'Kartu telah diterima oleh yang bersangkutan.',
}

/** A state that is not known here has no words: its code is printed alone. */
function meaningOf(code: string): string {
  const state = centreState(code)
  return (state && MEANINGS[state.name]) ?? ''
}
