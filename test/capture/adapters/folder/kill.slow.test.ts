import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { folderSource } from 'sidik/capture/folder'
import { expect, it } from 'vitest'
import { Random } from '../../../../dist/random.js'
import { picture } from '../../contract.js'
import { drop, png, record, temporaryFolder, writeSlowly } from '../files.js'

const CHILD = fileURLToPath(new URL('kill/child.mjs', import.meta.url))
/** Most of the time goes into starting processes: for more, say so in the environment. */
const KILLS = Number(process.env.SIDIK_FOLDER_KILLS ?? 8)

const TIMEOUT_MS = 60_000 + 10_000 * KILLS

const FILES_A_LIFE = 4
/** A life of this round's files alone has as many words and more: it begins, and it gets each. */
const MOST_WORDS = FILES_A_LIFE + 1
const LONGEST_DELAY_MS = 20

const parent = temporaryFolder('folder-kill')

/** Runs a child, and kills it so long after it has said so many words: on a slow machine as deep in its work. */
function life(args: string[], afterWords: number, afterMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    let words = 0
    createInterface(child.stdout).on('line', () => {
      if (++words === afterWords) setTimeout(() => child.kill('SIGKILL'), afterMs)
    })
    child.on('error', reject)
    child.on('close', (code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`the child ended with ${code}`)),
    )
  })
}

it(
  `loses no print and gives none again that was accepted when its process is killed ${KILLS} times`,
  async () => {
    const folder = join(parent, 'prints')
    const diary = join(parent, 'diary')
    mkdirSync(folder)
    writeFileSync(diary, '')
    const random = new Random(17)
    const single = await png(picture(1, 64, 64))
    const several = await record([picture(2, 64, 64), picture(3, 65, 64), picture(4, 66, 64)])
    const expected: string[] = []
    const dropSome = async (round: number) => {
      for (let i = 0; i < FILES_A_LIFE; i++) {
        const name = `${round}-${i}`
        if (random.chance(0.3)) {
          expected.push(...[1, 2, 3].map(position => `${name}#${position}`))
          drop(folder, name, several)
        } else {
          expected.push(`${name}#0`)
          if (random.chance(0.2)) await writeSlowly(join(folder, name), single, 3, 5)
          else drop(folder, name, single)
        }
        await sleep(random.uniform(0, 30))
      }
    }
    for (let round = 0; round < KILLS; round++) {
      const killed = life(
        [folder, diary, random.chance(0.5) ? 'polling' : 'watching'],
        1 + random.below(MOST_WORDS),
        random.uniform(0, LONGEST_DELAY_MS),
      )
      await Promise.all([killed, dropSome(round)])
    }

    const lines = readFileSync(diary, 'utf8').split('\n').slice(0, -1)
    const got = lines.filter(line => line.startsWith('got ')).map(line => line.slice(4))
    const missing = new Set(expected.filter(name => !got.includes(name)))
    const last: string[] = []
    const source = folderSource({ folder, settleMs: 10, pollMs: 30 })
    const take = async (timeoutMs: number) => {
      for await (const { label, position = 0 } of source.capture({ timeoutMs })) {
        const name = `${label}#${position}`
        last.push(name)
        if (missing.delete(name) && missing.size === 0) return
      }
    }
    if (missing.size > 0) await take(20_000)
    await expect(take(300)).rejects.toMatchObject({ code: 'CAPTURE_TIMEOUT' })
    await source.close()
    got.push(...last)

    expect([...new Set(got)].sort()).toEqual(expected.sort())
    const accepted = new Set<string>()
    let held: string | undefined
    for (const line of [...lines, 'begun', ...last.map(name => `got ${name}`)]) {
      const [word, name] = line.split(' ')
      if (word === 'got') expect(accepted.has(name), `${name} came again`).toBe(false)
      // By word, or since the next one came.
      if (word === 'accepted') accepted.add(name)
      else if (word === 'got' && held !== undefined) accepted.add(held)
      held = word === 'begun' ? undefined : name
    }
    // Frames came twice only where a process died with one in its hands, and at last where one was left.
    expect(got.length - expected.length).toBeLessThanOrEqual(KILLS + 1)
    // It was killed at work, not only at its beginning.
    expect(lines.filter(line => line !== 'begun').length).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)
