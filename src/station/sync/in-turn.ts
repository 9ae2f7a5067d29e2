import { untilAborted } from '../../until-aborted.js'
import type { Station } from '../station.js'

const running = new WeakMap<Station, Map<string, Promise<unknown>>>()

/** Runs `work` when all that was given before for this station and peer has ended, however it did. */
export async function inTurn<T>(
  station: Station,
  peer: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const turns = running.get(station) ?? new Map<string, Promise<unknown>>()
  running.set(station, turns)
  const before = turns.get(peer) ?? Promise.resolve()
  let isDropped = false
  const turn = before.then(() => (isDropped ? undefined : work()))
  // Who waits for its turn waits for its end, not for its result.
  turns.set(
    peer,
    turn.catch(() => undefined),
  )
  return untilAborted(turn as Promise<T>, signal, () => {
    isDropped = true
  })
}
