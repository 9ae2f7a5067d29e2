/** A writer of chips for kill tests. What it did lies in a file, on the disk before it says another word. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * The function `personalise` of a printer (sidik/station).
 *
 * @param chips name of the file
 * @param isThere whether the card lies where its chip can be reached
 */
export function faultyChips({ chips, isThere, random, msPerChip }) {
  const fail = (outcome, problem) => ({ outcome, problem, message: `the writer of chips was told to fail: ${problem}` })
  return async card => {
    if (!isThere(card)) return fail('uncertain', 'lost')
    const fault = random.chance(0.3) ? ['refused', 'half', 'throws', 'nonsense', 'lost'][random.below(5)] : undefined
    if (fault === 'refused') return fail('not-written', 'refused')
    note(chips, `begun ${card.job}`)
    await pause(msPerChip)
    if (fault === 'half') return fail('uncertain', 'jam')
    note(chips, `written ${card.job}`)
    await pause(msPerChip)
    if (fault === 'throws') throw new Error('the adapter was told to fail')
    if (fault === 'nonsense') return { outcome: 'printed' }
    return fault === 'lost' ? fail('uncertain', 'lost') : { outcome: 'written' }
  }
}

/** A reader's word on a card's chip: 'begun', 'written', or undefined for a blank one. */
export function chipIn(chips, job) {
  if (!existsSync(chips)) return undefined
  const lines = readFileSync(chips, 'utf8').split('\n')
  return ['written', 'begun'].find(word => lines.includes(`${word} ${job}`))
}

function note(chips, line) {
  const file = openSync(chips, 'a')
  writeSync(file, `${line}\n`)
  fsyncSync(file)
  closeSync(file)
}
