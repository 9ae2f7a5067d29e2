import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createEngine } from 'sidik'
import { afterAll, expect, it } from 'vitest'
import { random } from '../support/random-templates.js'
import { entriesOf, filled } from './fingers.js'

const CHILD = fileURLToPath(new URL('kill/child.mjs', import.meta.url))
const MOST_ROUNDS = 30
const COUNT = 300

const folder = mkdtempSync(join(tmpdir(), 'sidik-dedupe-kill-'))
afterAll(() => rmSync(folder, { recursive: true }))
const [file, state, report] = ['gallery', 'state', 'report'].map(name => join(folder, name))

const stateBytes = () => statSync(state, { throwIfNoEntry: false })?.size ?? 0

/**
 * Runs the child and kills it, if it still runs then, when it has written to the state so often and a little later; whether
 * it came to its end.
 */
function run(writes: number, laterMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, file, state, report], { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.once('data', async () => {
      let seen = stateBytes()
      for (let left = writes; left > 0 && child.exitCode === null; ) {
        await sleep(2)
        if (stateBytes() === seen) continue
        seen = stateBytes()
        left--
      }
      await sleep(laterMs)
      child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') reject(new Error(`the child ended with ${code}`))
      else resolve(code === 0)
    })
  })
}

it('a deduplication that is killed again and again goes on, and gives the report of one that was not', async () => {
  const engine = await createEngine({ threads: 1 })
  const gallery = filled(engine, entriesOf(30, COUNT, { 3: 1, 100: 2, 250: 1 }))
  await gallery.save(file)
  const { resumed, elapsedMs, ...expected } = await gallery.dedupe()
  await engine.close()
  expect(expected.pairs.length).toBe(5)

  const next = random(31)
  // Some die before they have searched anything, others at any moment after a first or second write; later ones live longer, since
  // on a busy machine little is written between two looks.
  let rounds = 0
  while (!(await run(Math.min(rounds, 1 + Math.floor(2 * next() + rounds / 8)), 200 * next()))) {
    if (++rounds > MOST_ROUNDS) throw new Error('it never comes to its end')
  }
  const last = JSON.parse(readFileSync(report, 'utf8'))
  expect(rounds).toBeGreaterThan(2)
  expect(last.resumed).toBeGreaterThan(0)
  expect(last.found).toEqual(JSON.parse(JSON.stringify(expected)))
  expect(existsSync(state)).toBe(true)
})
