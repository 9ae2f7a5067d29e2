/** The temporary letter, Surat Keterangan, on A4: it says that somebody was recorded and stands in for a card until there is one. */
import type { PrintTemplate, TemplateItem, TextTemplate } from './template.js'

const WIDTH_MM = 210
const HEIGHT_MM = 297
const LEFT_MM = 25
const TEXT_WIDTH_MM = 160
const INK = '#000000'

const text = { kind: 'text', xMm: LEFT_MM, widthMm: TEXT_WIDTH_MM, colour: INK, face: 'regular' } as const
const middle = { ...text, align: 'center' } as const
const BODY_PT = 10.5

/** Two lines at full size. */
const TALL_ROW_MM = 9
const ROW_MM = 6.2

const ROWS: readonly (readonly [label: string, text: string, heightMm?: number])[] = [
  ['NIK', '{nik}'],
  ['Nama', '{name}', TALL_ROW_MM],
  ['Tempat/Tanggal Lahir', '{birthPlace}, {birthDate}'],
  ['Jenis Kelamin', '{sex}'],
  ['Golongan Darah', '{bloodType}'],
  ['Alamat', '{street}', TALL_ROW_MM],
  ['RT/RW', '{rtRw}'],
  ['Kelurahan/Desa', '{village}'],
  ['Kecamatan', '{district}'],
  ['Agama', '{religion}'],
  ['Status Perkawinan', '{maritalStatus}'],
  ['Pekerjaan', '{occupation}'],
  ['Kewarganegaraan', '{nationality}'],
]
const FIRST_ROW_MM = 88
const VALUE_X_MM = 73
const PHOTO = { xMm: 155, yMm: 88, widthMm: 30, heightMm: 40 } as const

function rows(): TextTemplate[] {
  let yMm = FIRST_ROW_MM
  return ROWS.flatMap(([label, value, heightMm = ROW_MM]): TextTemplate[] => {
    const besidePhoto = yMm < PHOTO.yMm + PHOTO.heightMm + 2
    const widthMm = (besidePhoto ? PHOTO.xMm - 4 : LEFT_MM + TEXT_WIDTH_MM) - VALUE_X_MM
    const row = { ...text, yMm, heightMm, verticalAlign: 'middle', sizePt: BODY_PT } as const
    yMm += heightMm
    return [
      { ...row, text: label, widthMm: 44 },
      { ...row, text: ':', xMm: VALUE_X_MM - 4, widthMm: 3 },
      {
        ...{ ...row, text: value, xMm: VALUE_X_MM, widthMm, leastPt: 7, lines: heightMm > ROW_MM ? 2 : 1 },
        ...(value.includes('{birthPlace}') && { cut: 'birthPlace' }),
        ...{ empty: '-', face: label === 'Nama' || label === 'NIK' ? 'bold' : 'regular' },
      },
    ]
  })
}

const BEFORE =
  'Yang bertanda tangan di bawah ini, {signerTitle} {officeRegency}, menerangkan bahwa penduduk dengan data berikut telah melakukan ' +
  'perekaman data KTP elektronik:'
const STATUS = 'Status data kependudukan pada saat surat ini diterbitkan:'
const AFTER =
  'Surat keterangan ini berlaku sebagai pengganti sementara KTP elektronik sampai dengan tanggal {until} dan tidak berlaku lagi sejak ' +
  'kartu yang bersangkutan dicetak.'

function page(): TemplateItem[] {
  const right = { xMm: 113, widthMm: 72, align: 'center', colour: INK, kind: 'text' } as const
  return [
    { ...middle, text: 'Pemerintah {officeRegency}', yMm: 16, heightMm: 7, sizePt: 13, leastPt: 8, case: 'upper' },
    { ...middle, text: '{officeName}', yMm: 22.5, heightMm: 8, sizePt: 15, leastPt: 8, face: 'bold', case: 'upper' },
    { ...middle, text: '{officeAddress}', yMm: 30.5, heightMm: 5, sizePt: 9, leastPt: 6 },
    { kind: 'line', x1Mm: LEFT_MM, y1Mm: 37, x2Mm: LEFT_MM + TEXT_WIDTH_MM, y2Mm: 37, stroke: INK, strokeMm: 0.8 },
    { kind: 'line', x1Mm: LEFT_MM, y1Mm: 38, x2Mm: LEFT_MM + TEXT_WIDTH_MM, y2Mm: 38, stroke: INK, strokeMm: 0.25 },
    { ...middle, text: 'SURAT KETERANGAN', yMm: 45, sizePt: 14, face: 'bold' },
    { ...middle, text: 'PENGGANTI SEMENTARA KTP ELEKTRONIK', yMm: 51.5, sizePt: BODY_PT, face: 'bold' },
    { ...middle, text: 'Nomor: {number}', yMm: 57.5, heightMm: 5, sizePt: BODY_PT, leastPt: 6 },
    { ...text, text: BEFORE, yMm: 68, heightMm: 17, sizePt: BODY_PT, leastPt: 7, lines: 5, paragraph: true },
    ...rows(),
    { kind: 'rectangle', ...PHOTO, stroke: '#808080', strokeMm: 0.2 },
    { kind: 'picture', picture: 'photo', ...PHOTO },
    { ...text, text: STATUS, yMm: 180, sizePt: BODY_PT },
    { kind: 'rectangle', xMm: LEFT_MM, yMm: 187, widthMm: TEXT_WIDTH_MM, heightMm: 14, stroke: INK, strokeMm: 0.3 },
    {
      ...{
        ...text,
        text: '{code}',
        xMm: LEFT_MM + 4,
        yMm: 187,
        widthMm: 30,
        heightMm: 14,
        verticalAlign: 'middle',
        sizePt: 16,
        leastPt: 8,
      },
      ...{ face: 'bold', case: 'upper', empty: '-' },
    },
    {
      ...{ ...text, text: '{meaning}', xMm: LEFT_MM + 36, yMm: 187.5, widthMm: TEXT_WIDTH_MM - 39, heightMm: 13 },
      ...{ sizePt: BODY_PT, leastPt: 6.5, lines: 3, paragraph: true, verticalAlign: 'middle', empty: '-' },
    },
    { ...text, text: AFTER, yMm: 206, heightMm: 16, sizePt: BODY_PT, leastPt: 7, lines: 4, paragraph: true },
    { kind: 'code', code: 'qrcode', text: '{verification}', xMm: LEFT_MM, yMm: 227, widthMm: 44, heightMm: 44 },
    {
      ...{ ...text, text: 'Pindai kode ini untuk memeriksa keaslian surat.', yMm: 272, widthMm: 44, heightMm: 9 },
      ...{ sizePt: 8, leastPt: 6, lines: 2, paragraph: true, align: 'center' },
    },
    { ...right, text: '{place}, {issuedOn}', yMm: 229, heightMm: 5.5, sizePt: BODY_PT, leastPt: 7 },
    { ...right, text: '{signerTitle}', yMm: 235, heightMm: 10, sizePt: BODY_PT, leastPt: 7, lines: 2, paragraph: true },
    { ...right, text: '{signer}', yMm: 266, heightMm: 5.5, sizePt: BODY_PT, leastPt: 7, face: 'bold' },
    { ...right, text: 'NIP {signerNumber}', yMm: 271.5, heightMm: 5, sizePt: 9, leastPt: 6 },
  ]
}

export const LETTER_TEMPLATE: PrintTemplate = {
  widthMm: WIDTH_MM,
  heightMm: HEIGHT_MM,
  safeMm: 12,
  pages: [{ items: page() }],
}
