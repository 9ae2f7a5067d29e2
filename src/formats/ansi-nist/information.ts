import { type AnsiNistTransaction, CNT, DCS, subfieldsOf, type TaggedRecord, textOf, VER } from './transaction.js'

/** What the Type-1 record says of the transaction. Texts are as they stand there; absent where there is no such field. */
export interface TransactionInformation {
  /** 1.002 VER: '0300' is 1-2000, '0400' 1-2007, '0500' 1-2011, '0501' Update 2013, '0502' Update 2015. */
  readonly version?: string
  /** 1.003 CNT: type and IDC of the other records, as listed. */
  readonly contents: readonly { readonly type: number; readonly idc: number }[]
  /** 1.004 TOT, as agreed by those who exchange: 'CAR', 'NFUF'. */
  readonly transactionType?: string
  /** 1.005 DAT: YYYYMMDD, local. */
  readonly date?: string
  /** 1.006 PRY: 1 (urgent) to 9. */
  readonly priority?: number
  /** 1.007 DAI */
  readonly destinationAgency?: string
  /** 1.008 ORI */
  readonly originatingAgency?: string
  /** 1.009 TCN */
  readonly controlNumber?: string
  /** 1.010 TCR: the control number of the transaction that this one answers. */
  readonly controlReference?: string
  /** 1.011 NSR, pixels per mm; 0 where all images state their own. */
  readonly nativePxPerMm?: number
  /** 1.012 NTR, pixels per mm; 0 where all images state their own. */
  readonly nominalPxPerMm?: number
  /** 1.013 DOM: name and version of what the Type-2 records hold. */
  readonly domain?: readonly string[]
  /** 1.014 GMT: YYYYMMDDHHMMSSZ */
  readonly gmt?: string
  /** 1.015 DCS: sets of index, name and version. */
  readonly characterSets: readonly (readonly string[])[]
}

export function transactionInformation({ records }: AnsiNistTransaction): TransactionInformation {
  const typeOne = records[0] as TaggedRecord
  const text = (number: number) => textOf(typeOne, number)
  return withoutAbsent({
    version: text(VER),
    contents: subfieldsOf(typeOne, CNT)
      .slice(1)
      .map(([type, idc]) => ({ type: Number(type), idc: Number(idc) })),
    transactionType: text(4),
    date: text(5),
    priority: numberOf(text(6)),
    destinationAgency: text(7),
    originatingAgency: text(8),
    controlNumber: text(9),
    controlReference: text(10),
    nativePxPerMm: numberOf(text(11)),
    nominalPxPerMm: numberOf(text(12)),
    domain: subfieldsOf(typeOne, 13)[0],
    gmt: text(14),
    characterSets: subfieldsOf(typeOne, DCS),
  })
}

/** The number of a text of digits, with or without a point; undefined for anything else. */
export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined
}

/** Without the properties that are undefined. */
export function withoutAbsent<T extends object>(view: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined)) as T
}
