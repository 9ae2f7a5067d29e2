/** Transactions written byte by byte, for tests. */

const FS = '\x1c'
const GS = '\x1d'
export const RS = '\x1e'
export const US = '\x1f'

export const latin1 = (text: string) => Uint8Array.from(text, character => character.charCodeAt(0))

export const joined = (...parts: (string | Uint8Array)[]) =>
  new Uint8Array(Buffer.concat(parts.map(part => (typeof part === 'string' ? latin1(part) : part))))

/** A tagged record, its length counted here. `fields` begin with 002. */
export function tagged(type: number, fields: readonly string[], image?: Uint8Array): Uint8Array {
  const body = [...fields, ...(image ? [`${type}.999:`] : [])].map(field => GS + field).join('')
  const others = `${type}.001:`.length + body.length + (image?.length ?? 0) + 1
  let length = others
  while (String(length).length + others !== length) length = String(length).length + others
  return joined(`${type}.001:${length}${body}`, image ?? '', FS)
}

export interface TypeOneChanges {
  version?: string
  contents: readonly string[]
  others?: readonly string[]
}

export function typeOne({ version = '0502', contents, others = [] }: TypeOneChanges): Uint8Array {
  return typeOneListing([`1${US}${contents.length}`, ...contents].join(RS), version, others)
}

/** A Type-1 record with 1.003 as given. */
export function typeOneListing(listed: string, version = '0502', others: readonly string[] = []): Uint8Array {
  return tagged(1, [
    `1.002:${version}`,
    `1.003:${listed}`,
    '1.004:CAR',
    '1.005:20261125',
    '1.007:DESTINATION',
    '1.008:ORIGIN',
    '1.009:TCN-1',
    '1.011:19.69',
    '1.012:19.69',
    ...others,
  ])
}

/** A raw image of 3 x 2 px as a Type-4 record of the right thumb: 18 bytes of header, then 6 of pixels. */
export const TYPE_FOUR = Uint8Array.from([
  ...[0, 0, 0, 24, 1, 3, 1, 255, 255, 255, 255, 255, 0, 0, 3, 0, 2, 0],
  ...[10, 0x1c, 30, 0x1d, 0x1f, 60],
])

export const typeFourteen = (
  changes: Record<number, string | undefined> = {},
  image: Uint8Array | null = latin1('\x1c\x1d\x1e\x1f12'),
) => {
  const fields: Record<number, string | undefined> = {
    2: '02',
    3: '1',
    4: 'ORIGIN',
    5: '20261125',
    6: '3',
    7: '2',
    8: '1',
    9: '500',
    10: '500',
    11: 'NONE',
    12: '8',
    13: '2',
    ...changes,
  }
  const named = Object.entries(fields).filter(([, value]) => value !== undefined)
  return tagged(
    14,
    named.map(([number, value]) => `14.${number.padStart(3, '0')}:${value}`),
    image ?? undefined,
  )
}

/** Types 1, 2, 4 and 14, one each: nothing deviates. */
export const smallTransaction = () =>
  joined(
    typeOne({ contents: [`2${US}00`, `4${US}01`, `14${US}02`] }),
    tagged(2, ['2.002:00', `2.018:DOE, JOHN${RS}ROE${US}RICHARD`, '2.2033:']),
    TYPE_FOUR,
    typeFourteen(),
  )

/** A Type-9 record with both blocks of minutiae. */
export const typeNine = () =>
  tagged(
    9,
    [
      '9.002:01',
      '9.003:1',
      '9.004:S',
      `9.005:READER${US}M`,
      '9.006:02',
      `9.007:T${US}WN`,
      '9.008:00200030',
      '9.010:3',
      '9.011:1',
      [
        `001${US}25400000000${US}00${US}A${US}002,05`,
        `002${US}00002540090${US}02${US}B${US}001,05`,
        `003${US}12701270270${US}63${US}D`,
      ].join(RS),
    ].map((field, i) => (i === 9 ? `9.012:${field}` : field)),
  )

export const typeNineM1 = () =>
  tagged(9, [
    '9.002:03',
    '9.003:0',
    '9.004:U',
    `9.126:27${US}513${US}1`,
    `9.127:NONE${US}0`,
    '9.128:800',
    '9.129:600',
    '9.130:2',
    '9.131:394',
    '9.132:394',
    '9.133:0',
    '9.134:7',
    `9.135:80${US}0000${US}1`,
    '9.136:2',
    `9.137:1${US}100${US}200${US}45${US}1${US}90${RS}2${US}799${US}599${US}179${US}2${US}0`,
  ])

/** Types 8 to 99: a signature, minutiae, a face, a latent, a palm, an iris, a record of CBEFF. */
export function transactionOfManyTypes(): Uint8Array {
  const image = (type: number, idc: string, fields: readonly string[]) =>
    tagged(type, [`${type}.002:${idc}`, ...fields.map(field => `${type}.${field}`)], latin1('\x1c23456'))
  const size = ['006:3', '007:2', '008:1', '009:500', '010:500', '011:NONE']
  return joined(
    typeOne({
      version: '0400',
      contents: ['2 00', '8 05', '9 01', '9 03', '10 04', '13 01', '15 02', '17 06', '99 07'].map(one =>
        one.replace(' ', US),
      ),
      others: ['1.006:4', '1.010:TCR', `1.013:NORAM${US}`, '1.014:20261125120000Z', `1.015:003${US}UTF-8${US}4.0`],
    }),
    tagged(2, ['2.002:00', '2.003:\xe8\x8f\xaf']),
    Uint8Array.from([0, 0, 0, 14, 5, 1, 0, 0, 0, 4, 0, 4, 77, 78]),
    typeNine(),
    typeNineM1(),
    image(10, '04', ['003:FACE', '004:SRC', '005:20261125', ...size, '012:GRAY', '013:1']),
    image(13, '01', ['003:7', '004:SRC', '005:20261125', ...size, '012:8', `013:2${RS}7`, '020:a comment']),
    image(15, '02', ['003:11', '004:SRC', '005:20261125', ...size, '012:8', '013:21']),
    image(17, '06', ['003:1', '004:SRC', '005:20261125', ...size, '012:8', '013:GRAY']),
    tagged(99, ['99.002:07', '99.004:SRC', '99.005:20261125120000Z', '99.100:0101'], latin1('\x1d\x1c')),
  )
}
