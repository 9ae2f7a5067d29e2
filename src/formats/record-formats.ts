/** What the record formats are called here, and the standards they are of. */

export const STANDARDS = {
  'iso-19794-2-2005': 'ISO/IEC 19794-2:2005',
  'iso-19794-2-2005-card': 'ISO/IEC 19794-2:2005 (card format)',
  'iso-19794-2-2011': 'ISO/IEC 19794-2:2011',
  'ansi-378-2004': 'ANSI INCITS 378-2004',
  'ansi-378-2009': 'ANSI INCITS 378-2009',
  'iso-19794-4-2005': 'ISO/IEC 19794-4:2005',
  'iso-19794-4-2011': 'ISO/IEC 19794-4:2011',
  'ansi-381-2004': 'ANSI INCITS 381-2004',
} as const

export type RecordFormat = keyof typeof STANDARDS

export type ImageRecordFormat = 'iso-19794-4-2005' | 'iso-19794-4-2011' | 'ansi-381-2004'

export type MinutiaeFormat = Exclude<RecordFormat, ImageRecordFormat>

/** The minutiae formats that bytes can be told by; card formats have nothing to tell them by. */
export type DetectableFormat = Exclude<MinutiaeFormat, 'iso-19794-2-2005-card'>
