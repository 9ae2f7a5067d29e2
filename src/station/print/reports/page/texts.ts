/** What the page says, in the languages that it can be had in. `{0}` and so on are filled in. */

export type ReportLanguage = 'en' | 'id'

export const REPORT_LANGUAGES: readonly ReportLanguage[] = ['en', 'id']

export interface Texts {
  /** Of numbers. */
  readonly locale: string
  readonly months: readonly string[]
  readonly title: string
  readonly offices: string
  readonly moreOffices: string
  readonly period: string
  readonly figures: {
    readonly blanks: string
    readonly waiting: string
    readonly printed: string
    readonly median: string
    readonly oldest: string
  }
  readonly days: string
  readonly cards: string
  readonly people: string
  readonly blanksChart: string
  readonly noBlanks: string
  readonly received: string
  readonly queueChart: string
  readonly replacement: string
  readonly newCard: string
  readonly printedChart: string
  readonly stockTable: string
  readonly stockHeadings: readonly string[]
  readonly yes: string
  readonly no: string
  readonly queueTable: string
  readonly queueHeadings: readonly string[]
  readonly allBalance: string
  readonly someDoNot: string
  readonly uncertain: string
  readonly noUncertain: string
  readonly discrepancies: string
  readonly noDiscrepancies: string
  readonly footer: string
  readonly page: string
  /** Of items that have a name in the language. */
  readonly items: ReadonlyMap<string, string>
}

const EN: Texts = {
  locale: 'en-GB',
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  title: 'Blank cards in stock and people waiting for a card',
  offices: 'Offices: {0}',
  moreOffices: '{0} and {1} more',
  period: '{0} to {1}, {2}',
  figures: {
    blanks: 'blank cards in stock',
    waiting: 'people waiting',
    printed: 'cards printed in the period',
    median: 'half of the cards took at most',
    oldest: 'the longest wait until now',
  },
  days: '{0} days',
  cards: 'cards',
  people: 'people',
  blanksChart: 'Blank cards in stock at the end of each day',
  noBlanks: 'no blank cards',
  received: 'received',
  queueChart: 'People waiting for a card at the end of each day',
  replacement: 'for a replacement',
  newCard: 'for a new card',
  printedChart: 'Cards printed on each day',
  stockTable: 'Stock in the period: what came in = what went out + what is left (pieces)',
  stockHeadings: [
    ...['office', 'what', 'at the start', 'received', 'found', 'printed', 'used up', 'spoiled'],
    ...['returned', 'sent on', 'missing', 'left', 'adds up'],
  ],
  yes: 'yes',
  no: 'NO',
  queueTable: 'Cards in the period (cards, people; days from the request)',
  queueHeadings: [
    ...['office', 'requested', 'printed', 'spoiled', 'handed over', 'letters', 'waiting', 'for new cards', 'urgent'],
    ...['half printed within', '9 of 10 within', 'longest wait'],
  ],
  allBalance: 'The books of all stock add up.',
  someDoNot: 'The books of {0} of {1} lots do not add up: {2}.',
  noUncertain: 'Of every card it is known whether it was printed.',
  uncertain:
    'Cards of which it is not known whether they were printed: {0}, the oldest since {1}. Somebody has to look.',
  noDiscrepancies: 'Nothing was noted that does not agree with the books.',
  discrepancies: 'Noted, because it does not agree with the books: {0}.',
  footer: 'Made by {0} on {1}. Numbers alone: this page holds no personal data.',
  page: 'page {0} of {1}',
  items: new Map([
    ['blank', 'blank cards'],
    ['ribbon', 'ribbons'],
    ['film', 'films'],
  ]),
}

const ID: Texts = {
  locale: 'id-ID',
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'Mei', 'Jun', 'Jul', 'Agu', 'Sep', 'Okt', 'Nov', 'Des'],
  title: 'Persediaan blangko dan antrean pencetakan KTP-el',
  offices: 'Kantor: {0}',
  moreOffices: '{0} dan {1} lainnya',
  period: '{0} s.d. {1}, {2}',
  figures: {
    blanks: 'blangko tersedia',
    waiting: 'orang menunggu',
    printed: 'kartu dicetak pada periode ini',
    median: 'separuh kartu selesai paling lama dalam',
    oldest: 'waktu tunggu terlama saat ini',
  },
  days: '{0} hari',
  cards: 'keping',
  people: 'orang',
  blanksChart: 'Persediaan blangko pada akhir hari',
  noBlanks: 'blangko kosong',
  received: 'diterima',
  queueChart: 'Orang yang menunggu kartu pada akhir hari',
  replacement: 'penggantian',
  newCard: 'kartu baru',
  printedChart: 'Kartu dicetak per hari',
  stockTable: 'Persediaan pada periode ini: masuk = keluar + sisa (keping, buah)',
  stockHeadings: [
    ...['kantor', 'barang', 'awal', 'diterima', 'temuan', 'dicetak', 'terpakai', 'rusak'],
    ...['kembali', 'dikirim', 'hilang', 'sisa', 'cocok'],
  ],
  yes: 'ya',
  no: 'TIDAK',
  queueTable: 'Kartu pada periode ini (keping, orang; hari sejak permohonan)',
  queueHeadings: [
    ...['kantor', 'permohonan', 'dicetak', 'rusak', 'diserahkan', 'suket', 'menunggu', 'kartu baru', 'mendesak'],
    ...['separuh dalam', '9 dari 10 dalam', 'terlama'],
  ],
  allBalance: 'Pembukuan seluruh persediaan cocok.',
  someDoNot: 'Pembukuan {0} dari {1} lot tidak cocok: {2}.',
  noUncertain: 'Hasil cetak semua kartu diketahui.',
  uncertain: 'Kartu yang belum pasti tercetak: {0}, yang terlama sejak {1}. Petugas harus memeriksanya.',
  noDiscrepancies: 'Tidak ada selisih yang dicatat.',
  discrepancies: 'Selisih yang dicatat: {0}.',
  footer: 'Dibuat oleh {0} pada {1}. Hanya angka: halaman ini tidak memuat data pribadi.',
  page: 'halaman {0} dari {1}',
  items: new Map([
    ['blank', 'blangko'],
    ['ribbon', 'ribbon'],
    ['film', 'film'],
  ]),
}

export const TEXTS: Readonly<Record<ReportLanguage, Texts>> = { en: EN, id: ID }

/** `{0}` by the first of `values`, and so on. */
export function filled(text: string, ...values: (string | number)[]): string {
  return text.replaceAll(/\{(\d)\}/g, (_, place) => String(values[Number(place)]))
}

/** 12,345 or 12.345. */
export function numberText({ locale }: Texts, value: number): string {
  return value.toLocaleString(locale)
}

/** '10 Apr 2017'. */
export function dateText({ months }: Texts, day: string): string {
  const [year, month, ofMonth] = day.split('-').map(Number)
  return `${ofMonth} ${months[month - 1]} ${year}`
}

/** '3.5 days'. */
export function daysText(texts: Texts, hours: number): string {
  return filled(texts.days, (hours / 24).toLocaleString(texts.locale, { maximumFractionDigits: hours < 240 ? 1 : 0 }))
}

/** 'UTC+7', 'UTC+9:30'. */
export function zoneText(utcOffsetMinutes: number): string {
  const [hours, minutes] = [Math.trunc(Math.abs(utcOffsetMinutes) / 60), Math.abs(utcOffsetMinutes) % 60]
  const rest = minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`
  return utcOffsetMinutes === 0 ? 'UTC' : `UTC${utcOffsetMinutes < 0 ? '-' : '+'}${hours}${rest}`
}
