/**
 * Kills processes that work on a station, at random moments, and looks what is there afterwards. What they do, and what must be there,
 * is in a scenario: a file beside this one that exports
 *
 *   mostLines          of how many lines a child is killed behind one, at most; the first is 'opening'
 *   longestPauseMs     how long after that line, at most
 *   work(context)      in the child, until it is killed: {folder, seed, report(line)}
 *   check(context)     here, after the kill: {folder, lines, before, seed}; throws at the first thing that is wrong, and returns what is
 *                      there now, which is `before` of the next round; `before` is undefined in a new folder
 *   summary(state)     one line of what was seen
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Random } from '../../../dist/random.js'
import { killedChild } from '../killed-child.js'

const CHILD = fileURLToPath(new URL('child.js', import.meta.url))

/** A station is begun anew from time to time, so that beginnings are interrupted too. */
const NEW_FOLDER_EVERY = 25

export async function killRounds({ parent, kills, seed, scenario: name, onRound = () => {} }) {
  const scenario = await import(new URL(`${name}.js`, import.meta.url))
  const random = new Random(seed)
  let folder
  let state
  const total = { kills: 0, states: [] }
  for (let round = 0; round < kills; round++) {
    if (round % NEW_FOLDER_EVERY === 0) {
      if (folder) rmSync(folder, { recursive: true })
      folder = join(parent, `${name}-${round}`)
      mkdirSync(folder)
      if (state !== undefined) total.states.push(state)
      state = undefined
    }
    const childSeed = random.below(2 ** 31)
    // By lines, because on a busy machine a child comes to nothing in any time that is short elsewhere.
    const behind = 1 + random.below(scenario.mostLines)
    const afterMs = random.uniform(0, scenario.longestPauseMs)
    const isTime = text => text.split('\n').length > behind
    const lines = await killedChild(CHILD, [name, folder, String(childSeed)], isTime, afterMs)
    try {
      state = await scenario.check({ folder, lines, before: state, seed: childSeed })
    } catch (error) {
      const when = `round ${round} of seed ${seed}: child ${childSeed}, killed ${afterMs.toFixed(1)} ms after line ${behind}, ${folder}`
      throw new Error(`${when}: ${error.message}`, { cause: error })
    }
    total.kills++
    onRound({ kills: total.kills, states: [...total.states, state] })
  }
  return { kills: total.kills, states: [...total.states, state] }
}
