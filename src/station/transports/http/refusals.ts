import { SidikError } from '../../../errors.js'

/** What a hub says (field 'sidik-refusal', signed like the rest) when it does not do what it was asked; with the status it says it with. */
export const REFUSALS = {
  /** The request was made too early or too late by the hub's clock, which 'sidik-time' states (seconds since 1970). */
  clock: 401,
  /** A request of this nonce was there before. */
  replayed: 401,
  /**
   * No signature, or one that does not verify, or for another hub; a station that is not known, or
   * not let in any more: no stranger is told which.
   */
  signature: 401,
  /** No station of this id is known; said by hubs of earlier versions. */
  unknown: 403,
  /** A body or a whole message does not have the digest that was signed. */
  altered: 400,
  /** A message of more bytes than are taken. */
  size: 413,
  /** The message itself cannot be taken: not for this hub, not readable. */
  message: 422,
  /** More than the station may send on a day; 'retry-after' states the seconds until it may. */
  quota: 429,
  /** Too much at once of one station. */
  busy: 503,
  /** The hub failed at it, by no fault of the station. */
  failed: 500,
} as const

export type Refusal = keyof typeof REFUSALS

const MEANINGS: Record<Refusal, readonly ['LINE_DOWN' | 'LINE_REFUSED' | 'LINE_PROTOCOL' | 'PEER_QUOTA', string]> = {
  clock: ['LINE_REFUSED', 'does not accept the time of requests, even by its own clock'],
  replayed: ['LINE_REFUSED', 'takes requests for copies of earlier ones'],
  signature: [
    'LINE_REFUSED',
    'does not accept the signature of this station: ' +
      'it is not known there, or its key is another, or another hub was meant',
  ],
  unknown: ['LINE_REFUSED', 'does not know this station, or does not let it in'],
  altered: ['LINE_PROTOCOL', 'got other bytes than were sent: something on the way alters them'],
  size: ['LINE_REFUSED', 'does not take messages of this size: make smaller ones (maxBytes)'],
  message: ['LINE_REFUSED', 'cannot take this message'],
  quota: ['PEER_QUOTA', 'takes no more of this station today: what is left is sent when it does'],
  busy: ['LINE_DOWN', 'has too much of this station at once'],
  failed: ['LINE_DOWN', 'failed at the message'],
}

export function isRefusal(text: string): text is Refusal {
  return Object.hasOwn(REFUSALS, text)
}

/**
 * Translates a refusal into the error for the station that gets it.
 *
 * @param retryAfterS seconds until it may try again, as the hub states them
 */
export function refused(refusal: string, origin: string, retryAfterS?: string): SidikError {
  if (!isRefusal(refusal))
    return new SidikError('LINE_PROTOCOL', `${origin} refuses for a reason that is not known here`)
  const [code, meaning] = MEANINGS[refusal]
  const retryAt =
    retryAfterS !== undefined && /^\d{1,7}$/.test(retryAfterS)
      ? new Date(Date.now() + Number(retryAfterS) * 1_000).toISOString()
      : undefined
  return new SidikError(code, `${origin} ${meaning} (${refusal})`, { retryAt })
}
