import { SidikError } from '../errors.js'
import type { Exchange, Transport } from '../station/sync/transport.js'
import type { MessageFault } from './plan-types.js'

/** Old messages and answers that are kept to be sent again. */
const KEPT = 6

/**
 * A transport whose messages meet the faults of a plan: whoever carries sealed messages can lose them, double them, hold them up and
 * send old ones again, but not make new ones. Held messages and old ones live as long as this process.
 */
export class FaultyCarrier {
  #met: Partial<Record<MessageFault, number>> = {}
  readonly #sent: Uint8Array[] = []
  readonly #answers: Uint8Array[] = []
  #held: Uint8Array | undefined

  /** `inner`, whose n-th message from now meets the n-th of `faults`. */
  over(inner: Transport, faults: readonly (MessageFault | undefined)[]): Transport {
    let next = 0
    return {
      name: inner.name,
      exchange: (message, exchange) => this.#exchange(inner, message, exchange, faults[next++]),
      ...(inner.close && { close: () => inner.close!() }),
    }
  }

  /** Faults that messages met since this was last asked, by name. */
  takeMet(): Readonly<Partial<Record<MessageFault, number>>> {
    const met = this.#met
    this.#met = {}
    return met
  }

  async #exchange(inner: Transport, message: Uint8Array, exchange: Exchange, fault: MessageFault | undefined) {
    if (fault !== undefined) this.#met[fault] = (this.#met[fault] ?? 0) + 1
    const old = this.#sent[0]
    keep(this.#sent, message)
    if (fault === 'lost-request') throw lost()
    if (fault === 'late') {
      this.#held = message
      throw lost()
    }
    if (fault === 'replay' && old !== undefined) await inner.exchange(old, exchange)
    let answer = await inner.exchange(message, exchange)
    if (fault === 'duplicate') answer = await inner.exchange(message, exchange)
    if (this.#held !== undefined) {
      const held = this.#held
      this.#held = undefined
      await inner.exchange(held, exchange)
    }
    const oldAnswer = this.#answers[0]
    keep(this.#answers, answer)
    if (fault === 'lost-answer') throw lost()
    return fault === 'stale-answer' && oldAnswer !== undefined ? oldAnswer : answer
  }
}

function keep(messages: Uint8Array[], message: Uint8Array): void {
  messages.push(message)
  if (messages.length > KEPT) messages.shift()
}

const lost = () => new SidikError('LINE_DOWN', 'the message was lost on its way (simulated)')
