/** What a station's process and its parent say to each other. */
import type { Peer, StationIdentity } from '../station/types.js'
import type { MessageFault, PersonPair } from './plan-types.js'

export interface OpenCommand {
  readonly do: 'open'
  readonly path: string
  readonly key: Uint8Array
  readonly identity: StationIdentity
  readonly peers: readonly Peer[]
  /** Of the simulation; persons and decisions are drawn from it. */
  readonly seed: number
  readonly sameNik: readonly PersonPair[]
  readonly samePerson: readonly PersonPair[]
  readonly isChecking: boolean
  readonly nowMs: number
}

/** Asked of any station. */
export type StationCommand =
  | OpenCommand
  | { readonly do: 'clock'; readonly nowMs: number }
  /** The file may grow by so many pages from now on; undefined: without limit. */
  | { readonly do: 'limit'; readonly freePages: number | undefined }
  /** End by SIGKILL inside the transaction that writes the n-th entry from now, or in the n-th search for a record. */
  | { readonly do: 'die'; readonly at: 'transaction' | 'check'; readonly nth: number }
  | { readonly do: 'export'; readonly peer: string; readonly folder: string; readonly partBytes: number }
  | { readonly do: 'import'; readonly peer: string; readonly files: readonly string[] }

export type KioskCommand =
  | StationCommand
  | { readonly do: 'enrol' | 'correct' | 'withdraw'; readonly persons: readonly number[] }
  | {
      readonly do: 'sync'
      readonly port: number
      readonly messages: readonly (MessageFault | undefined)[]
      /** How long nothing may move before the line counts as down. */
      readonly timeoutMs: number
    }
  /** Own entries that were marked synchronised since the last time that this process was asked. */
  | { readonly do: 'synchronised' }
  | { readonly do: 'counts' }

export type HubCommand =
  | StationCommand
  /** Answers kiosks from now on; the port. */
  | { readonly do: 'listen' }
  | { readonly do: 'decide'; readonly share: number; readonly day: number }
  /** Takes one record of a share of the open cases for a duplicate. */
  | { readonly do: 'settle'; readonly share: number; readonly day: number }
  | { readonly do: 'remove'; readonly count: number }
  /** Compares with all others what has not been. */
  | { readonly do: 'check' }
  /** How many entries it has written itself. */
  | { readonly do: 'written' }
  /** Those of these entries that it does not hold. */
  | { readonly do: 'lacks'; readonly hashes: readonly string[] }

/** How a kiosk stands. */
export interface Counts {
  /** Records of its own, and how far they have come. */
  readonly recorded: number
  readonly waiting: number
  readonly synchronised: number
  readonly refused: number
  /** Entries of other stations that the kiosk holds. */
  readonly learned: number
  /** Messages that met a fault since it was last asked. */
  readonly met: Readonly<Partial<Record<MessageFault, number>>>
}

/** Told as soon as it is written, before the next thing is begun. */
export interface WroteEvent {
  /** Of the journal entry. */
  readonly kind: string
  readonly record: string
  readonly hash: string
  readonly person: number
  readonly state?: string
}

/** How a command ended: with a result, or with an error (of a documented code, or of none: then it is a fault of the station's). */
export type Answer =
  | { readonly done: number; readonly result: unknown }
  | { readonly done: number; readonly code: string | undefined; readonly message: string }
