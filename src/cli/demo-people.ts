/** A resident as an office would record one. */
export interface Resident {
  readonly name: string
  /** 16 digits as on an identity card, from 99: a province that does not exist, so that nobody has it. */
  readonly nik: string
}

/** Someone who is enrolled before the demonstration begins, with the finger of the fixtures that is his or hers. */
export interface Enrollee extends Resident {
  readonly finger: string
}

/** Someone who comes to the office, with the print taken there. */
export interface Visitor extends Resident {
  readonly print: string
  /** The finger of the fixtures it was taken from: what a right answer finds, or nobody. */
  readonly enrolledFinger: string | undefined
}

/** Invented names; each finger's first impression is enrolled. */
export const ENROLLEES: readonly Enrollee[] = [
  { name: 'Budi Santoso', nik: '9901011203850001', finger: '101' },
  { name: 'Siti Rahmawati', nik: '9901015507900002', finger: '102' },
  { name: 'Agus Wijaya', nik: '9901012309780003', finger: '103' },
  { name: 'Dewi Lestari', nik: '9901014802950004', finger: '104' },
  { name: 'Made Suardana', nik: '9901010105830005', finger: '105' },
  { name: 'Yohana Tobing', nik: '9901016611880006', finger: '106' },
  { name: 'Rizky Pratama', nik: '9901013006990007', finger: '107' },
]

/** Dewi Lestari under a new name, by another impression of her finger; and a finger that was never enrolled. */
export const VISITORS: readonly Visitor[] = [
  { name: 'Ratna Kusuma', nik: '9901025711800008', print: '104_3', enrolledFinger: '104' },
  { name: 'Putri Anggraini', nik: '9901025209970009', print: '108_2', enrolledFinger: undefined },
]
