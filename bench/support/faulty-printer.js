/**
 * A printer for simulations and kill tests. What came out of it lies in a tray: a file with one line a card, on the disk before the printer
 * says another word, so that it outlives whoever printed. Whoever "looks at the tray" afterwards calls `lookAtTray`.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'

/** Before anything: no blank was touched, and it says so. */
const BEFORE = ['unreachable', 'offline', 'out-of-media', 'refused']

/** What the printer does with a card instead of printing it. */
export const FAULTS = [
  ...BEFORE,
  // Stops in the middle: the blank is spoiled, and it says that it does not know.
  'jam',
  // The card is out, and the answer is lost.
  'lost',
  // The card is out, and no answer comes until the waiting is ended.
  'hangs',
  // The same, and nothing is out.
  'hangs-before',
  // Says that it has printed, and nothing is out.
  'lies',
  // The card is out, and what it says makes no sense.
  'nonsense',
  // The card is out, and the adapter throws.
  'throws',
]

/**
 * A `Printer` (sidik/station).
 *
 * @param tray name of the file; made with the first card
 * @param faultOf what happens to a card, called once for each with its document and number (from 0): one of FAULTS, or undefined when it is printed
 * @param msPerCard how long the printer takes before the card is out, and once more until it says so
 */
export function faultyPrinter({ name = 'faulty', tray, faultOf = () => undefined, msPerCard = 0 }) {
  let number = 0
  const fail = (outcome, problem) => ({ outcome, problem, message: `the printer was told to fail: ${problem}` })
  return {
    name,
    async print(document, { signal } = {}) {
      if (signal?.aborted) return fail('not-printed', 'refused')
      const fault = faultOf(document, number++)
      if (fault !== undefined && !FAULTS.includes(fault)) throw new TypeError(`there is no fault '${fault}'`)
      if (BEFORE.includes(fault)) return fail('not-printed', fault)
      await pause(msPerCard)
      if (fault !== 'lies' && fault !== 'hangs-before') drop(tray, fault === 'jam' ? 'spoiled' : 'printed', document)
      await pause(msPerCard)
      if (fault === 'jam' || fault === 'lost') return fail('uncertain', fault)
      if (fault === 'nonsense') return { outcome: 'done' }
      if (fault === 'throws') throw new Error('the adapter was told to fail')
      if (fault === 'hangs' || fault === 'hangs-before') {
        await aborted(signal)
        return fail('uncertain', 'lost')
      }
      return { outcome: 'printed' }
    },
    async status() {
      return { isReady: true }
    },
    async close() {},
  }
}

/** What came out, oldest first: `{ found: 'printed' | 'spoiled', title }`, the title that of the document. */
export function cardsInTray(tray) {
  if (!existsSync(tray)) return []
  const lines = readFileSync(tray, 'utf8').split('\n').slice(0, -1)
  return lines.map(line => JSON.parse(line))
}

/** What a person finds of the document with this title: the `found` of `resolveJob`. */
export function lookAtTray(tray, title) {
  return cardsInTray(tray).findLast(card => card.title === title)?.found ?? 'untouched'
}

/** One write, so that a line is there in full or not at all, and on the disk. */
function drop(tray, found, { title }) {
  const file = openSync(tray, 'a')
  try {
    writeSync(file, `${JSON.stringify({ found, title })}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function pause(ms) {
  return ms > 0 ? new Promise(resolve => setTimeout(resolve, ms)) : undefined
}

/** Keeps the process alive meanwhile: one that hangs does not end. */
function aborted(signal) {
  return new Promise(resolve => {
    const alive = setInterval(() => {}, 60_000)
    const end = () => {
      clearInterval(alive)
      resolve()
    }
    if (signal?.aborted) end()
    signal?.addEventListener('abort', end, { once: true })
  })
}
