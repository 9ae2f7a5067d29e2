import type { StationIdentity } from '../../types.js'
import type { UploadStore } from './answers.js'

export interface HttpReceiverOptions {
  /** Of the hub: its responses are signed with its key. */
  readonly identity: StationIdentity
  /** The verifyKey of a station that is let in (`PublicIdentity`), undefined for any other. */
  readonly peerOf: (station: string) => string | undefined | Promise<string | undefined>
  /**
   * Takes a message and gives the answer. A SidikError means that the message cannot be taken and trying again will not help, unless it is of the
   * hub itself (STATION_*); whatever else it throws means that it may be tried again. Now and then it is given a message twice.
   */
  readonly receive: (message: Uint8Array, from: string) => Promise<Uint8Array>
  /** Where the tus server keeps what is uploaded: the same that the server has as `datastore`. */
  readonly store: UploadStore
  /** Of the hub's URL, '/sync' unless given. A proxy must leave it as it is: it is signed. */
  readonly path?: string
  /** Longest message that is taken, 64 MiB unless given. */
  readonly maxBytes?: number
  /** Uploads that a station may have at once, 16 unless given. */
  readonly uploadsPerStation?: number
  /** What is kept in memory of answers, for stations that fetch one again: 64 MiB unless given. */
  readonly keptAnswerBytes?: number
  /** Longest time in which nothing moves on a connection, in ms: one minute unless given. */
  readonly timeoutMs?: number
  /** Is told what goes wrong here (of `peerOf`, `receive`, the store); stations are told no more than that something did. */
  readonly onError?: (error: unknown, station: string | undefined) => void
  /** The time, in ms since 1970: Date.now unless given. */
  readonly now?: () => number
}
