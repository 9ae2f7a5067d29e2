import { SidikError } from '../../errors.js'
import { untilAborted } from '../../until-aborted.js'
import type { Exchange, Transport } from '../sync/transport.js'

/**
 * A function of the host application as a transport: for a line that the application has already (its own protocol, a message queue,
 * another process), and for tests.
 *
 * @param name for people and logs
 * @param exchange carries the message and gives the other side's answer. It should heed the signal: when that is aborted the exchange ends
 *   whether or not the function does. A SidikError that it throws (LINE_REFUSED, say) is passed on; whatever else it throws means LINE_DOWN
 * @throws TypeError when one of the two is not what it should be
 */
export function hostTransport(
  name: string,
  exchange: (message: Uint8Array, exchange: Exchange) => Promise<Uint8Array>,
): Transport {
  if (typeof name !== 'string' || name === '')
    throw new TypeError('hostTransport: name must be a text that is not empty')
  if (typeof exchange !== 'function') throw new TypeError('hostTransport: exchange must be a function')
  return {
    name,
    async exchange(message, told) {
      told.signal?.throwIfAborted()
      let reported = 0
      const onSent = (bytes: number) => {
        if (!(bytes > reported) || bytes > message.length || told.signal?.aborted === true) return
        reported = bytes
        told.onSent?.(bytes)
      }
      const answer = await untilAborted(carried(name, exchange, message, { ...told, onSent }), told.signal)
      if (!(answer instanceof Uint8Array)) {
        throw new SidikError('LINE_PROTOCOL', `${name}: the function of the application gave no bytes (a Uint8Array)`)
      }
      if (reported < message.length || message.length === 0) told.onSent?.(message.length)
      return answer
    },
  }
}

async function carried(
  name: string,
  exchange: (message: Uint8Array, exchange: Exchange) => Promise<Uint8Array>,
  message: Uint8Array,
  told: Exchange,
): Promise<Uint8Array> {
  try {
    return await exchange(message, told)
  } catch (cause) {
    // Its own word for having been ended, perhaps: the caller's is the one that counts.
    told.signal?.throwIfAborted()
    if (cause instanceof SidikError) throw cause
    throw new SidikError('LINE_DOWN', `${name}: the message could not be carried (see the cause)`, { cause })
  }
}
