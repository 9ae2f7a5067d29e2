import type { Printer } from './types.js'

const turns = new WeakMap<Printer, Promise<unknown>>()

/**
 * Runs `work` when all that was given before for this printer has ended. Between a card and its
 * chip nobody else of this process may print there: the chip would be that of another card.
 */
export async function cardTurn<T>(printer: Printer, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(printer) ?? Promise.resolve()).then(work)
  // Who waits for its turn waits for its end, not for its result.
  const ended = turn.catch(() => undefined)
  turns.set(printer, ended)
  return turn
}
