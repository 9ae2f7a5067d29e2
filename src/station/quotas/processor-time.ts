/** Processor time that went into messages of a peer, and is still to be written down. */
import process from 'node:process'
import type { Station } from '../station.js'

const pending = new WeakMap<Station, Map<string, number>>()

/**
 * Begins to measure work. The function that it returns gives the ms since: by the clock, but no more
 * than the processors spent in this process, as to wait for a busy machine is no work.
 */
export function beginWork(): () => number {
  const [beganMs, before] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(before)
    return Math.min(performance.now() - beganMs, (user + system) / 1_000)
  }
}

/** Counts time of the processor to a peer: it is written down with what the peer uses next. */
export function noteProcessorMs(station: Station, peer: string, ms: number): void {
  const ofStation = pending.get(station) ?? new Map<string, number>()
  pending.set(station, ofStation)
  ofStation.set(peer, (ofStation.get(peer) ?? 0) + ms)
}

/** Milliseconds that are counted to the peer and not written down. */
export function pendingMs(station: Station, peer: string): number {
  return pending.get(station)?.get(peer) ?? 0
}

/** The same, which the caller writes down in the transaction that it is in. */
export function takePendingMs(station: Station, peer: string): number {
  const ms = pendingMs(station, peer)
  pending.get(station)?.delete(peer)
  return ms
}
