import type { KeyObject } from 'node:crypto'
import { Nonces } from './nonces.js'
import type { Refusal } from './refusals.js'
import { proofOfRequest, type SignedRequest } from './signature.js'

/** Seconds that the time of a request may be away from the hub's: what it takes from a station to here, and no more. */
const WINDOW_S = 120

/** Longest nonce; those made here have 22 characters. */
const NONCE_LENGTH = 64

/**
 * Requests of one station in twice the window, which is how long a nonce is kept: 200 a second. At 512 KiB each that is 100 MB/s; the
 * nonces take some 5 MB then.
 */
const MOST_REQUESTS = 50_000

export type Authenticated =
  | { readonly station: string }
  | { readonly refusal: Refusal /** What to state as our time, in s. */; readonly timeS?: number }

export type Authenticate = (request: SignedRequest) => Promise<Authenticated>

/**
 * Who sent a request, by its signature, its time and its nonce.
 *
 * Clocks of stations are wrong by hours and days, so a wrong time is told the right one, signed and bound to that very request: the station signs
 * again by our clock. What was signed before this hub began is refused in the same way, since its nonces are not known here.
 *
 * @param now in ms since 1970
 */
export function authenticator(
  hub: string,
  keyOf: (station: string) => Promise<KeyObject | undefined>,
  now: () => number,
): Authenticate {
  const nonces = new Nonces(2 * WINDOW_S, MOST_REQUESTS)
  const beganS = Math.floor(now() / 1000)
  return async request => {
    const proof = await proofOfRequest(request, hub, keyOf)
    if ('refusal' in proof) return proof
    const { station, createdS, nonce } = proof
    if (nonce.length > NONCE_LENGTH) return { refusal: 'signature' }
    const nowS = Math.floor(now() / 1000)
    const timeS = Math.max(nowS, beganS + 1)
    if (createdS <= beganS || Math.abs(createdS - nowS) > WINDOW_S) return { refusal: 'clock', timeS }
    const novelty = nonces.take(station, nonce, nowS)
    if (novelty === 'full') return { refusal: 'busy' }
    return novelty === 'seen' ? { refusal: 'replayed', timeS } : { station }
  }
}
