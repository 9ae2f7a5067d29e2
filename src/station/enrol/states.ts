/**
 * What a centre says of a record. The names are those that the register of Indonesia shows to
 * operators in the field. `decide` takes no other. Entries of stations with an older or newer
 * program may: such states are stored and shown as they come, those that are known by their names.
 */

export interface CentreState {
  readonly name: string
  readonly meaning: string
  /** What an operator can do; absent where there is nothing but to wait, or nothing left to do. */
  readonly next?: string
  /** Nothing follows by itself: somebody has to act, or all is done. */
  readonly isFinal: boolean
}

/** In the order of the way through, failures behind the step that they end. */
export const CENTRE_STATES: readonly CentreState[] = [
  {
    name: 'UNREGISTERED',
    meaning: 'in the population register, not yet recorded',
    next: 'record the person',
    isFinal: false,
  },
  { name: 'BIO_CAPTURED', meaning: 'recorded at a station, not yet sent', isFinal: false },
  { name: 'PROCESSING', meaning: 'being made ready to be sent', isFinal: false },
  {
    name: 'SENT_FOR_ENROLLMENT',
    meaning: 'sent to the centre; minutes at best, days when its queue is long',
    isFinal: false,
  },
  { name: 'RECEIVED_AT_CENTRAL', meaning: 'at the centre, compared with all persons there', isFinal: false },
  {
    name: 'ENROLL_FAILURE_AT_CENTRAL',
    meaning: 'the centre could not take the record in',
    next: 'withdraw the record and record the person again',
    isFinal: true,
  },
  {
    name: 'ENROLL_FAILURE_AT_REGIONAL',
    meaning: 'the regional server could not take the record in',
    next: 'withdraw the record and record the person again',
    isFinal: true,
  },
  {
    name: 'SEARCH_FAILURE_AT_CENTRAL',
    meaning: 'the record could not be compared with all persons',
    next: 'ask the centre to search again',
    isFinal: true,
  },
  {
    name: 'ADJUDICATION',
    meaning: 'experts of the centre look whether this is a person who is recorded already',
    isFinal: false,
  },
  {
    name: 'DUPLICATE_RECORD',
    meaning: 'the person is recorded already, under this NIK or another',
    next: 'request deletion of the second record, then move the person in to where they live now',
    isFinal: true,
  },
  { name: 'PRINT_READY_RECORD', meaning: 'single: the card may be printed', next: 'print the card', isFinal: false },
  {
    name: 'CARD_PRINTED',
    meaning: 'the card was printed',
    next: 'hand it to the person, who shows a finger',
    isFinal: false,
  },
  { name: 'CARD_ISSUED', meaning: 'the person has the card', isFinal: true },
]

/** The one state that may name another record: the one that stays. */
export const DUPLICATE_STATE = 'DUPLICATE_RECORD'

/** States in which a card may be printed: that it may, and those behind, in which one was. */
export const READY_STATES: readonly string[] = ['PRINT_READY_RECORD', 'CARD_PRINTED', 'CARD_ISSUED']

/** States of a record that is no person's any more. */
export const FALLEN_STATES: readonly string[] = [
  'DUPLICATE_RECORD',
  'ENROLL_FAILURE_AT_CENTRAL',
  'ENROLL_FAILURE_AT_REGIONAL',
]

/** Whether no card may follow, or experts have still to say whether one may. */
export const isRefused = (state: string) => [...FALLEN_STATES, 'ADJUDICATION'].includes(stateName(state))

/** Whether it is, or is short for, one of them. */
export const isReady = (state: string | null) => state !== null && READY_STATES.includes(centreState(state)?.name ?? '')

/** Short names in use on forms, screens and letters, as they are written there. */
const SHORT_NAMES: readonly (readonly [short: string, name: string])[] = [
  ['Bio', 'BIO_CAPTURED'],
  ['Pro', 'PROCESSING'],
  ['SFE', 'SENT_FOR_ENROLLMENT'],
  ['Efac', 'ENROLL_FAILURE_AT_CENTRAL'],
  ['Efar', 'ENROLL_FAILURE_AT_REGIONAL'],
  ['DUP', 'DUPLICATE_RECORD'],
  ['PRR', 'PRINT_READY_RECORD'],
]

/** The state of that name, or short name, in whatever case; undefined for one that is not known here. */
export function centreState(name: string): CentreState | undefined {
  const wanted = name
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_')
  const long = SHORT_NAMES.find(([short]) => short.toUpperCase() === wanted)?.[1] ?? wanted
  return CENTRE_STATES.find(state => state.name === long)
}

/** Its name, where it is known here; else as it came. */
export function stateName(state: string): string {
  return centreState(state)?.name ?? state
}

/** As letters say it: the short name where there is one, else the name as it came. */
export function shortState(name: string): string {
  const known = centreState(name)?.name ?? name
  return SHORT_NAMES.find(([, long]) => long === known)?.[0] ?? known
}
