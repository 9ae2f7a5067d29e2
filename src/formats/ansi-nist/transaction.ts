/**
 * A transaction of ANSI/NIST-ITL in traditional encoding (1-2011 Update 2015, Annex B; the same since 1-1993), which EBTS and
 * EFTS files are: records one after the other, without padding. Separators are FS 1C, GS 1D, RS 1E and US 1F.
 *
 *     tagged record (types 1, 2, 9 and up)         image record (types 3 to 6), big-endian, no separators
 *       T.001:LEN GS T.002:IDC GS ... FS           offset  bytes  field
 *       field      T.NNN:subfield RS subfield          0      4  LEN, of the record
 *       subfield   item US item                        4      1  IDC
 *       T.999:     bytes up to the FS at LEN - 1,      5      1  IMP, impression type
 *                  in types 10 and up the last field   6      6  FGP, positions; 255 where there is none
 *                                                     12      1  ISR, 0 nominal, 1 native scanning resolution
 *     signature record (type 8)                       13      2  HLL, pixels of a line
 *       as types 3 to 6, but for                      15      2  VLL, lines
 *          5      1  SIG, whose signature             17      1  CGA, compression
 *          6      1  SRT, how it is represented       18         the image
 *          7      1  ISR
 *          8      2  HLL                            record of the user's own (type 7)
 *         10      2  VLL                               0      4  LEN
 *         12         the signature                     4      1  IDC; the rest is not told
 *
 * The Type-1 record comes first; its field 1.003 CNT lists type and IDC of all others. Types 3 to 8 have no other mark of
 * their type than this list.
 */

/** A field of text: subfields of items, at least one of each. */
export interface TextField {
  /** Within its record: 13 for 14.013. */
  readonly number: number
  /** As it stands before the colon, where that is not the usual `14.013` with three digits or more. */
  readonly tag?: string
  /** Its type, where that is not the record's: against the standard, and no field of the record's own. */
  readonly foreignType?: number
  readonly subfields: readonly (readonly string[])[]
}

/** A field of bytes: the image of a field 999, or text that is none in the character set of the transaction. */
export interface DataField {
  readonly number: number
  readonly tag?: string
  readonly foreignType?: number
  readonly data: Uint8Array
}

export type TaggedField = TextField | DataField

/**
 * What a record that was read states against its bytes. It is written as it was found; leave it
 * out, and the writer states what is right.
 */
export interface TaggedAsFound {
  /** 001 LEN, where the record has another length. */
  readonly statedLength?: string
  /** 1.003 CNT, where the transaction has other records than it lists or counts. */
  readonly statedContents?: readonly (readonly string[])[]
}

/** A record of tagged fields, its own length (001) among them: that is written anew, as is 1.003 CNT. */
export interface TaggedRecord {
  readonly kind: 'tagged'
  /** 1, 2, 9 to 99. */
  readonly type: number
  readonly fields: readonly TaggedField[]
  readonly asFound?: TaggedAsFound
}

/** A record of types 3 to 6: low-resolution grey, high-resolution grey, low- and high-resolution two-level image. */
export interface FixedImageRecord {
  readonly kind: 'fixed-image'
  readonly type: 3 | 4 | 5 | 6
  readonly idc: number
  /** Table 7 of 1-2011: 0 live-scan plain, 1 live-scan rolled, 2 non-live plain, 3 non-live rolled, 4 to 7 latent. */
  readonly impression: number
  /** At most 6 codes of `FRICTION_RIDGE_POSITIONS`, the likeliest first. */
  readonly positions: readonly number[]
  /** 0: the nominal resolution, 500 ppi (250 in types 3 and 5); 1: that of field 1.011. */
  readonly scanningResolution: number
  readonly widthPx: number
  readonly heightPx: number
  /** 0 none, 1 WSQ, 2 JPEG, 3 JPEG lossless, 4 JPEG 2000, 5 JPEG 2000 lossless, 6 PNG. */
  readonly compression: number
  readonly data: Uint8Array
}

/** A signature (type 8). */
export interface SignatureRecord {
  readonly kind: 'signature'
  readonly type: 8
  readonly idc: number
  /** 0 of the subject, 1 of the official. */
  readonly signer: number
  /** 0 raw, 1 compressed as in facsimile, 2 as a list of pen positions. */
  readonly representation: number
  readonly scanningResolution: number
  /** 0 in a list of pen positions. */
  readonly widthPx: number
  readonly heightPx: number
  readonly data: Uint8Array
}

/** A record of the user's own layout (type 7), of which the standard gives length and IDC alone. */
export interface OpaqueRecord {
  readonly kind: 'opaque'
  readonly type: 7
  readonly idc: number
  readonly data: Uint8Array
}

export type AnsiNistRecord = TaggedRecord | FixedImageRecord | SignatureRecord | OpaqueRecord

export interface AnsiNistTransaction {
  /** The Type-1 record first. */
  readonly records: readonly AnsiNistRecord[]
  /** What stands behind the last record, where something does. */
  readonly trailing?: Uint8Array
}

export const LEN = 1
export const IDC = 2
export const VER = 2
export const CNT = 3
export const DCS = 15
export const DATA = 999

/** From this type on field 999 holds bytes. */
export const FIRST_TYPE_WITH_DATA = 10
export const FIXED_IMAGE_HEADER_BYTES = 18
export const SIGNATURE_HEADER_BYTES = 12
export const OPAQUE_HEADER_BYTES = 5
export const POSITIONS_OF_FIXED_IMAGE = 6
export const NO_POSITION = 255

/** Whether records of this type have no tags. */
export function isBinaryType(type: number): boolean {
  return type >= 3 && type <= 8
}

/** The first field of this number that is of the record's type, or undefined. */
export function fieldOf(record: TaggedRecord, number: number): TaggedField | undefined {
  return record.fields.find(field => field.number === number && field.foreignType === undefined)
}

/** Subfields of the first field of this number, none where there is no such field or it holds bytes. */
export function subfieldsOf(record: TaggedRecord, number: number): readonly (readonly string[])[] {
  const field = fieldOf(record, number)
  return field !== undefined && 'subfields' in field ? field.subfields : []
}

/** The first item of the first field of this number. */
export function textOf(record: TaggedRecord, number: number): string | undefined {
  return subfieldsOf(record, number)[0]?.[0]
}

/** The IDC as text, two digits from a binary record; undefined where there is none. */
export function idcOf(record: AnsiNistRecord): string | undefined {
  return record.kind === 'tagged' ? textOf(record, IDC) : String(record.idc).padStart(2, '0')
}
