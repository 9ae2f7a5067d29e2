/** The content that a letter certifies. */
export interface CertifiedLetter {
  readonly number: string
  /** The station that issued it. */
  readonly station: string
  readonly nik: string
  readonly name: string
  /** 'YYYY-MM-DD' */
  readonly issued: string
  /** The last day it is valid. */
  readonly until: string
  /** State of the record, short. */
  readonly code: string
}
