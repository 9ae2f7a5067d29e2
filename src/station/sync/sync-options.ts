import { abortSignal, callback, flag, positiveNumber, readOptions, wholeNumber } from '../../options.js'
import { LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES } from './compose.js'
import { type RetryOptions, readRetry } from './line.js'

/** What is told after each exchange: counts, never what was sent. */
export interface SyncProgress {
  readonly exchanges: number
  /** Bytes of sealed messages, in both directions. */
  readonly sentBytes: number
  readonly receivedBytes: number
  /** Entries sent, and those among the peer's that were new here. */
  readonly sent: number
  readonly received: number
  readonly receipts: number
}

export interface SyncOptions {
  /** Which peer; upstream unless given. */
  readonly peer?: string
  /** Ends it at once; what was acknowledged stays. The promise is rejected with its reason. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: SyncProgress) => void
  readonly retry?: RetryOptions
  /** Tries once although the line rests: somebody has mended it. */
  readonly tryNow?: boolean
  /** Most bytes that leave in a second, over the length of a message. As fast as the line bears unless given. */
  readonly bytesPerSecond?: number
  /** Longest message: what is lost at most when the line breaks. 16 KiB to 8 MiB, 4 MiB unless given; shorter on lines that are slow. */
  readonly messageBytes?: number
}

export interface SyncResult extends SyncProgress {
  readonly peer: string
  /** Entries that the peer will not take, with the code of REFUSAL_CODES: dead letters, see `refusals`. */
  readonly refused: readonly { readonly station: string; readonly sequence: number; readonly code: string }[]
  /** Entries of use to the peer that it has not said to hold. */
  readonly unsent: number
  /**
   * Why it ended before all was said: the code of a SidikError (LINE_DOWN, LINE_RESTING,
   * PEER_QUOTA, …) and its words. Absent when all was said.
   */
  readonly stopped?: { readonly code: string; readonly message: string }
  /** When it is worth trying again, ISO 8601; with `stopped` alone. */
  readonly nextTryAt?: string
}

const DEFAULT_LONGEST_MESSAGE = 4_194_304

/** A message of more than this many seconds would make the cap on bytes a second one in name only. */
const SECONDS_OF_A_MESSAGE = 4

export type SyncSettings = ReturnType<typeof readSyncOptions>

/** @throws TypeError, RangeError for what is no option, or out of range */
export function readSyncOptions(options: SyncOptions | undefined) {
  const given = readOptions('sync', options, [
    'peer',
    'signal',
    'onProgress',
    'retry',
    'tryNow',
    'bytesPerSecond',
    'messageBytes',
  ])
  const { peer, tryNow = false, bytesPerSecond, messageBytes = DEFAULT_LONGEST_MESSAGE } = given
  if (peer !== undefined && typeof peer !== 'string') throw new TypeError('peer must be the id of a station')
  if (bytesPerSecond !== undefined) positiveNumber('bytesPerSecond', bytesPerSecond)
  wholeNumber('messageBytes', messageBytes, LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES)
  const paced = bytesPerSecond === undefined ? messageBytes : bytesPerSecond * SECONDS_OF_A_MESSAGE
  return {
    peer,
    signal: abortSignal('signal', given.signal),
    onProgress: callback('onProgress', given.onProgress),
    retry: readRetry(given.retry),
    tryNow: flag('tryNow', tryNow),
    bytesPerSecond,
    longest: Math.max(LEAST_MESSAGE_BYTES, Math.min(messageBytes, Math.floor(paced))),
  }
}
