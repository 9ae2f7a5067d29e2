/**
 * The card: ID-1, 85.60 x 53.98 mm (ISO/IEC 7810). The fields are those of an e-KTP; the drawing is our own, without a coat of arms, and
 * no copy of the ministry's.
 */
import type { PrintTemplate, TemplateItem, TextTemplate } from './template.js'
import { waves } from './waves.js'

const WIDTH_MM = 85.6
const HEIGHT_MM = 53.98

/** Printers that print over the edge need it; card printers print to the edge and take the card as it is. */
const BLEED_MM = 0
/** Nothing that is read comes nearer to the edge: cards lie up to a millimetre askew in a printer, and corners are round (3.18 mm). */
const SAFE_MM = 2.5
/** How far the ground reaches beyond the edge, for hosts that set a bleed. */
const OVER_MM = 3

const INK = '#10243a'
const LABEL_INK = '#27445c'

const LABEL_X_MM = 3
const COLON_X_MM = 21.4
const VALUE_X_MM = 23
const VALUE_WIDTH_MM = 36.5
const FIRST_ROW_MM = 16
const ROW_MM = 2.7
/** Name and address: two lines at the least size. */
const TALL_ROW_MM = 3.75

type Row = readonly [label: string, text: string, heightMm?: number, widthMm?: number]

const ROWS: readonly Row[] = [
  ['Nama', '{name}', TALL_ROW_MM],
  ['Tempat/Tgl Lahir', '{birthPlace}, {birthDate}'],
  ['Jenis Kelamin', '{sex}', ROW_MM, 18],
  ['Alamat', '{street}', TALL_ROW_MM],
  ['RT/RW', '{rtRw}'],
  ['Kel/Desa', '{village}'],
  ['Kecamatan', '{district}'],
  ['Agama', '{religion}'],
  ['Status Perkawinan', '{maritalStatus}'],
  ['Pekerjaan', '{occupation}'],
  ['Kewarganegaraan', '{nationality}'],
  ['Berlaku Hingga', '{validUntil}'],
]

function ground(): TemplateItem[] {
  const over = { xMm: -OVER_MM, widthMm: WIDTH_MM + 2 * OVER_MM }
  const fine = { ...over, strokeMm: 0.09 }
  return [
    { kind: 'rectangle', ...over, yMm: -OVER_MM, heightMm: HEIGHT_MM + 2 * OVER_MM, fill: '#eaf4ee' },
    waves({
      ...fine,
      yMm: -4,
      heightMm: 62,
      lines: 40,
      lengthMm: 23,
      fromMm: 1.2,
      toMm: 3.4,
      stroke: '#7fb89a',
      opacity: 0.5,
    }),
    waves({
      ...fine,
      yMm: -4,
      heightMm: 62,
      lines: 30,
      lengthMm: 37,
      fromMm: 4.2,
      toMm: 1.4,
      stroke: '#c4a76a',
      opacity: 0.45,
    }),
    { kind: 'rectangle', ...over, yMm: -OVER_MM, heightMm: OVER_MM + 1.1, fill: '#2f7d5b' },
    { kind: 'rectangle', ...over, yMm: 1.1, heightMm: 0.35, fill: '#c9a44c' },
  ]
}

function heading(text: string, yMm: number): TextTemplate {
  const place = { xMm: 8, yMm, widthMm: WIDTH_MM - 16, heightMm: 3.9, align: 'center' as const }
  return { kind: 'text', text, ...place, sizePt: 9, leastPt: 6, face: 'bold', colour: INK, case: 'upper' }
}

function rows(): TextTemplate[] {
  let yMm = FIRST_ROW_MM
  const items: TextTemplate[] = []
  for (const [label, text, heightMm = ROW_MM, widthMm = VALUE_WIDTH_MM] of ROWS) {
    const base = { kind: 'text', yMm, heightMm, verticalAlign: 'middle', colour: LABEL_INK } as const
    items.push(
      { ...base, text: label, xMm: LABEL_X_MM, widthMm: COLON_X_MM - LABEL_X_MM, sizePt: 5.5 },
      { ...base, text: ':', xMm: COLON_X_MM, widthMm: 1, sizePt: 5.5 },
      {
        ...base,
        ...{ text, xMm: VALUE_X_MM, widthMm, heightMm, sizePt: 5.9, leastPt: 4.4, lines: heightMm > ROW_MM ? 2 : 1 },
        ...{ face: 'bold', colour: INK, case: 'upper', empty: '-' },
        ...(text.includes('{birthPlace}') && { cut: 'birthPlace' }),
      },
    )
    if (label === 'Jenis Kelamin') {
      items.push(
        { ...base, text: 'Gol. Darah :', xMm: 41.5, widthMm: 12.7, sizePt: 5.5 },
        {
          ...base,
          ...{
            text: '{bloodType}',
            xMm: 54.4,
            widthMm: 5.1,
            sizePt: 5.9,
            leastPt: 5,
            face: 'bold',
            colour: INK,
            empty: '-',
          },
        },
      )
    }
    yMm += heightMm
  }
  return items
}

function front(): TemplateItem[] {
  const right = { xMm: 61.4, widthMm: 21.6, align: 'center', colour: INK } as const
  return [
    ...ground(),
    heading('Provinsi {province}', 2.6),
    heading('{regency}', 6.4),
    { kind: 'text', text: 'NIK', xMm: LABEL_X_MM, yMm: 10.8, widthMm: 9, sizePt: 10.5, face: 'bold', colour: INK },
    { kind: 'text', text: ':', xMm: 12.2, yMm: 10.8, widthMm: 2, sizePt: 10.5, face: 'bold', colour: INK },
    {
      ...{ kind: 'text', text: '{nik}', xMm: 15, yMm: 10.8, widthMm: 44.5, sizePt: 10.5, leastPt: 8 },
      ...{ face: 'bold', colour: INK, empty: '-' },
    },
    ...rows(),
    { kind: 'rectangle', xMm: 62.2, yMm: 11.2, widthMm: 20, heightMm: 26.6, fill: '#ffffff' },
    { kind: 'picture', picture: 'photo', xMm: 62.2, yMm: 11.2, widthMm: 20, heightMm: 26.6 },
    { kind: 'text', text: '{place}', yMm: 38.3, heightMm: 2.4, sizePt: 5.4, leastPt: 4, case: 'upper', ...right },
    { kind: 'text', text: '{issuedOn}', yMm: 40.6, sizePt: 5.4, ...right },
    {
      ...{ kind: 'picture', picture: 'signature', xMm: 62.4, yMm: 43.2, widthMm: 19.6, heightMm: 8.1 },
      ...{ fit: 'contain', ink: true },
    },
  ]
}

const FOUND =
  'Siapa pun yang menemukan kartu ini harap menyerahkannya ke kantor kependudukan dan pencatatan sipil terdekat.'

function back(): TemplateItem[] {
  const text = { kind: 'text', xMm: 4, colour: INK } as const
  return [
    ...ground(),
    { ...text, text: 'KARTU TANDA PENDUDUK', yMm: 5, widthMm: 52, sizePt: 9, face: 'bold' },
    { ...text, text: 'Republik Indonesia', yMm: 9, widthMm: 52, sizePt: 6.5 },
    {
      ...text,
      text: FOUND,
      yMm: 15,
      widthMm: 52,
      heightMm: 12,
      sizePt: 5.6,
      lines: 5,
      paragraph: true,
      colour: LABEL_INK,
    },
    { kind: 'code', code: 'qrcode', text: '{nik} {serial}', xMm: 59.6, yMm: 5, widthMm: 23, heightMm: 23 },
    { kind: 'code', code: 'code128', text: '{serial}', xMm: 4, yMm: 34.5, widthMm: 54, heightMm: 9.5 },
    { ...text, text: '{serial}', yMm: 44.8, widthMm: 54, sizePt: 8, leastPt: 6, face: 'mono', align: 'center' },
  ]
}

export const CARD_TEMPLATE: PrintTemplate = {
  widthMm: WIDTH_MM,
  heightMm: HEIGHT_MM,
  bleedMm: BLEED_MM,
  safeMm: SAFE_MM,
  pages: [{ items: front() }, { items: back() }],
}
