/** How much work the steps of taking messages are: time says too little on a busy machine. */
import { partsOf } from '../../../dist/station/station.js'
import { applying } from '../../../dist/station/sync/apply.js'
import { groundFor } from '../../../dist/station/sync/ground.js'
import type { Message } from '../../../dist/station/sync/message-schema.js'
import { openMessage } from '../../../dist/station/sync/seal.js'
import type { Place } from './support.js'

export const opened = (hub: Place, sealed: readonly Uint8Array[]) =>
  Promise.all(sealed.map(message => openMessage(hub.station, message)))

/**
 * Takes the messages until `most` steps are done, each committed.
 *
 * @returns the most statements and MACs in one step, the most rows that one step read, and the steps
 */
export async function taken(
  { hub }: { hub: Place },
  messages: readonly Message[],
  most = Number.POSITIVE_INFINITY,
): Promise<{ largest: number; rows: number; steps: number }> {
  const { file, keys } = partsOf(hub.station)
  const counted = (['all', 'get', 'run'] as const).map(name => [file, name] as const)
  let [calls, read] = [0, 0]
  for (const [object, name] of [...counted, [keys, 'mac'] as const]) {
    const method = Object.getPrototypeOf(object)[name]
    Object.defineProperty(object, name, {
      configurable: true,
      value: (...all: unknown[]) => {
        calls++
        const result = method.apply(object, all)
        if (name === 'all') read += result.length
        return result
      },
    })
  }
  let [largest, rows, steps] = [0, 0, 0]
  for (const message of messages) {
    const work = applying(groundFor(hub.station, 'kiosk-1'), message)
    for (let isDone = false; !isDone && steps < most; steps++) {
      ;[calls, read] = [0, 0]
      isDone = file.transaction(() => work.next().done === true)
      largest = Math.max(largest, calls)
      rows = Math.max(rows, read)
    }
  }
  for (const [, name] of counted) delete (file as unknown as Record<string, unknown>)[name]
  delete (keys as unknown as Record<string, unknown>).mac
  return { largest, rows, steps }
}
