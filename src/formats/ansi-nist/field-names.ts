/**
 * Mnemonics of the fields (ANSI/NIST-ITL 1-2007 and 1-2011 Update 2013, tables of the record layouts; 9.013 to 9.023 of the FBI's
 * EFTS 7.1, Appendix J). Fields of Type-2 are the user's own, but for the first two.
 */

type Mnemonics = Readonly<Record<number, string>>

/** From field 1 on, in order; - where a number is reserved. */
function named(list: string, others: Mnemonics = {}): Mnemonics {
  const inOrder = list.split(' ').map((mnemonic, i) => [i + 1, mnemonic] as const)
  return { ...Object.fromEntries(inOrder.filter(([, mnemonic]) => mnemonic !== '-')), ...others }
}

/** Fields 902 to 999 of the types with images. */
const OF_ALL_IMAGES: Mnemonics = {
  902: 'ANN',
  903: 'DUI',
  904: 'MMS',
  993: 'SAN',
  994: 'EXR',
  995: 'ASC',
  996: 'HAS',
  997: 'SOR',
  998: 'GEO',
  999: 'DATA',
}

const FIXED_IMAGE = named('LEN IDC IMP FGP ISR HLL VLL CGA DATA')

const MNEMONICS: Readonly<Record<number, Mnemonics>> = {
  1: named('LEN VER CNT TOT DAT PRY DAI ORI TCN TCR NSR NTR DOM GMT DCS APS ANM GNS'),
  2: named('LEN IDC'),
  3: FIXED_IMAGE,
  4: FIXED_IMAGE,
  5: FIXED_IMAGE,
  6: FIXED_IMAGE,
  7: named('LEN IDC'),
  8: named('LEN IDC SIG SRT ISR HLL VLL DATA'),
  9: named('LEN IDC IMP FMT OFR FGP FPC CRP DLT MIN RDG MRC AFV FGN NMN FCP APC ROV COF ORN CRA DLA MAT', {
    126: 'CBI',
    127: 'CEI',
    128: 'HLL',
    129: 'VLL',
    130: 'SLC',
    131: 'THPS',
    132: 'TVPS',
    133: 'FVW',
    134: 'FGP',
    135: 'FQD',
    136: 'NOM',
    137: 'FMD',
    138: 'RCI',
    139: 'CIN',
    140: 'DIN',
    141: 'ADA',
    300: 'ROI',
    301: 'ORT',
    302: 'FPP',
    331: 'MIN',
    902: 'ANN',
    903: 'DUI',
    904: 'MMS',
  }),
  10: named(
    'LEN IDC IMT SRC PHD HLL VLL SLC HPS VPS CGA CSP SAP FIP FPFI SHPS SVPS DIST LAF POS POA PXS PAS SQS SPA SXS SEC SHC FFP ' +
      'DMM TMC 3DF FEC ICDR - - - COM T10 SMT SMS SMD COL ITX OCC SUB CON',
    OF_ALL_IMAGES,
  ),
  13: named(
    'LEN IDC IMP SRC LCD HLL VLL SLC HPS VPS CGA BPX FGP SPD PPC SHPS SVPS RSP REM COM - - - LQM',
    OF_ALL_IMAGES,
  ),
  14: named(
    'LEN IDC IMP SRC FCD HLL VLL SLC HPS VPS CGA BPX FGP PPD PPC SHPS SVPS AMP - COM SEG NQM SQM FQM ASEG SCF SIF',
    {
      30: 'DMM',
      31: 'FAP',
      ...OF_ALL_IMAGES,
    },
  ),
  15: named('LEN IDC IMP SRC PCD HLL VLL SLC HPS VPS CGA BPX FGP - - SHPS SVPS AMP - COM SEG - - PQM', {
    30: 'DMM',
    ...OF_ALL_IMAGES,
  }),
  16: named('LEN IDC UDI SRC UTD HLL VLL SLC HPS VPS CGA BPX CSP - - SHPS SVPS - - COM - - - UQS', {
    30: 'DMM',
    ...OF_ALL_IMAGES,
  }),
  17: named(
    'LEN IDC ELR SRC ICD HLL VLL SLC HPS VPS CGA BPX CSP RAE RAU IPC DUI GUI MMS ECL COM SHPS SVPS IQS EAS IRD SSV DME - DMM IAP',
    { 993: 'SAN', 994: 'EXR', 995: 'ASC', 996: 'HAS', 997: 'SOR', 998: 'GEO', 999: 'DATA' },
  ),
  99: named('LEN IDC - SRC BCD', { 100: 'HDV', 101: 'BTY', 102: 'BDQ', 103: 'BFO', 104: 'BFT', ...OF_ALL_IMAGES }),
}

/** Fields that every type has. */
const OF_ALL_TYPES = named('LEN IDC')

/** The mnemonic of a field, 'FGP' for 14.013; undefined for one of the user's own, or reserved. */
export function fieldMnemonic(type: number, number: number): string | undefined {
  return (MNEMONICS[type] ?? OF_ALL_TYPES)[number]
}

/** Number and mnemonic of a field as messages give them: '14.013 FGP', '2.037'. */
export function fieldName(type: number, number: number): string {
  const tag = fieldTag(type, number)
  const mnemonic = fieldMnemonic(type, number)
  return mnemonic === undefined ? tag : `${tag} ${mnemonic}`
}

/** What stands before the colon: '14.013'. */
export function fieldTag(type: number, number: number): string {
  return `${type}.${String(number).padStart(3, '0')}`
}
