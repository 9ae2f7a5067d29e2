/** What one exchange is told by its caller. */
export interface Exchange {
  /** Ends the exchange at once: the promise is rejected with its reason, and nothing goes on behind it. */
  readonly signal?: AbortSignal
  /**
   * Told how many bytes of the message the other side has acknowledged: from 0 to the length of the message, only ever growing, and
   * the length itself once it has all of them. A transport that cannot know calls it once, at the end.
   */
  readonly onSent?: (bytes: number) => void
}

/**
 * A way to the other side: it carries a message there and brings the answer back, and knows nothing of either. Both are opaque bytes,
 * sealed by whoever made them; a message may be carried more than once (the answer was lost, and the caller begins again), which the
 * other side must bear.
 */
export interface Transport {
  /** For people and logs: 'https://hub.example'. */
  readonly name: string
  /**
   * The other side's answer to a message, whole and unaltered, or an error: never a part.
   *
   * Several exchanges may run at once. One that failed leaves nothing behind that hinders the next. `message` must not be changed
   * until the exchange is over.
   *
   * @throws the reason of the signal, when it is aborted
   * @throws SidikError LINE_DOWN when nothing answers, the connection is lost for good or nothing moves any more: try again later;
   *   LINE_REFUSED when the other side does not accept us or the message: trying again will not help;
   *   LINE_PROTOCOL when what answers is not the other side, or its answer was altered. No message of an error holds any of the bytes
   */
  exchange(message: Uint8Array, exchange: Exchange): Promise<Uint8Array>
  /** Lets go of what is held (connections that are kept open). What is exchanged just now may end in LINE_DOWN. */
  close?(): Promise<void>
}
