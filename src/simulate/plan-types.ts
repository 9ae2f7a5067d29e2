/**
 * What a simulated outage consists of. A plan is data alone: it is drawn from its seed before anything runs, and the same seed
 * gives the same plan. Days have three slots of eight hours; a kiosk works, then tries to synchronise, once in each.
 */

export const SLOTS_A_DAY = 3

/** What the line between a kiosk and its hub does to a connection. */
export type LineState =
  | { readonly kind: 'up' }
  /** Nothing listens: connections are refused. */
  | { readonly kind: 'down' }
  /** Connections are accepted, and nothing is ever answered. */
  | { readonly kind: 'stall' }
  /** Connections break when so many bytes have passed, both directions counted. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number }
  /** One byte of each connection is altered: the one at this place, in the direction named. */
  | { readonly kind: 'corrupt'; readonly atByte: number; readonly direction: 'up' | 'down' }

/** What happens to a sealed message between the two stations, whatever carries it. */
export const MESSAGE_FAULTS = {
  'lost-request': 'never arrives',
  'lost-answer': 'arrives, but its answer does not',
  duplicate: 'arrives twice; the second answer is the one that comes back',
  late: 'is held up, and arrives after the next one',
  replay: 'comes after an old one that somebody sends again',
  'stale-answer': 'is answered by an old answer that somebody kept',
} as const
export type MessageFault = keyof typeof MESSAGE_FAULTS

/** When a process is killed (SIGKILL). */
export type KillMoment =
  /** Inside the database transaction that writes the n-th journal entry from now. */
  | { readonly in: 'transaction'; readonly entry: number }
  /** So long after the n-th write of the slot was acknowledged. */
  | { readonly in: 'work'; readonly writes: number; readonly laterMs: number }
  /** So long after a sync began. */
  | { readonly in: 'sync'; readonly laterMs: number }

export interface Slot {
  readonly line: LineState
  /** Persons (by number) that are enrolled, corrected, withdrawn. */
  readonly enrol: readonly number[]
  readonly correct: readonly number[]
  readonly withdraw: readonly number[]
  /** Faults of the first messages of the slot's sync, in their order; undefined where one passes whole. */
  readonly messages: readonly (MessageFault | undefined)[]
  readonly kill?: KillMoment
}

/** A stick that leaves the kiosk in the evening with a bundle. */
export interface StickTrip {
  readonly arrivesAfterDays: number
  readonly returnsAfterDays: number
  readonly lost: boolean
  readonly lostOnReturn: boolean
  /** It is imported once more, so many days after it arrived. */
  readonly againAfterDays?: number
  /** Part of the bundle that is not there at the first import; it is the part of this number modulo their count. */
  readonly missingPart?: number
  /** A byte at this share of a part is altered at the first import. */
  readonly damagedAt?: number
  /** Bytes of a part: the least there can be, and more, so that bundles are split. */
  readonly partBytes: number
  /** The process that does it is killed so long after it began. */
  readonly killExportMs?: number
  readonly killImportMs?: number
  readonly killReturnMs?: number
}

export interface KioskDay {
  /** By how much the kiosk's clock is wrong, in ms. */
  readonly clockErrorMs: number
  /** Pages by which the station's file may still grow this day (PRAGMA max_page_count): a full disk. */
  readonly freePages?: number
  readonly slots: readonly Slot[]
  readonly stick?: StickTrip
}

export interface KioskPlan {
  readonly name: string
  /** 'none': no line in all the time; 'poor': weeks without; 'fair': hours and days without. */
  readonly lineKind: 'none' | 'poor' | 'fair'
  readonly days: readonly KioskDay[]
}

export interface HubDay {
  /** Inside the transaction of the n-th entry of the day that it writes or takes; so long after the day began. */
  readonly kill?:
    | { readonly in: 'transaction'; readonly entry: number }
    | { readonly in: 'work'; readonly laterMs: number }
    /** While it searches for the n-th record of the day that it compares with all others. */
    | { readonly in: 'check'; readonly search: number }
  readonly freePages?: number
  /** Share of the undecided records that get a decision in the evening. */
  readonly decided: number
  /** Records whose templates are taken out of all galleries. */
  readonly removed: number
}

/** A disk that is copied in the morning of a day, while its kiosk is off; the copy is put to work when the outage is over. */
export interface ClonedDisk {
  /** Places in the plan's lists, from 0. */
  readonly kiosk: number
  readonly day: number
  /** Persons who are enrolled on the copy; at most as many as the kiosk enrols after it was made. */
  readonly enrol: readonly number[]
}

/** Two persons at two kiosks, the one who comes first in front. */
export type PersonPair = readonly [first: number, second: number]

export interface OutagePlan {
  readonly seed: number
  readonly records: number
  /** The second is recorded under the NIK of the first. */
  readonly sameNik: readonly PersonPair[]
  /** The second is the first once more, under a NIK of its own: other impressions of the same fingers. */
  readonly samePerson: readonly PersonPair[]
  readonly kiosks: readonly KioskPlan[]
  readonly hub: readonly HubDay[]
  readonly clone: ClonedDisk
}
