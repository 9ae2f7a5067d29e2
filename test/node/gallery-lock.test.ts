import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { livenessOf, ownIdentity } from '../../dist/node/process-identity.js'
import { openHeld, stateIn } from './durable/held-storage.js'

const CHILD = fileURLToPath(new URL('durable/lock-child.mjs', import.meta.url))
const folder = join(mkdtempSync(join(tmpdir(), 'sidik-lock-')), 'gallery')
afterAll(() => rmSync(folder, { recursive: true }))

const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
})

/** A process that is ready to open the gallery. */
async function start() {
  const child = spawn(process.execPath, [CHILD, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  let text = ''
  const lines: string[] = []
  child.stdout.on('data', chunk => {
    text += chunk
    const parts = text.split('\n')
    text = parts.pop()!
    lines.push(...parts)
    child.emit('line')
  })
  const line = async () => {
    while (lines.length === 0) await once(child, 'line')
    return lines.shift()!
  }
  expect(await line()).toBe('ready')
  const open = async () => {
    child.stdin.write('open\n')
    return line()
  }
  return { child, open }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

const locks = () => readdirSync(folder).filter(name => name.startsWith('lock-'))
const openHere = async () => (await openHeld(folder)).close()
const lockFile = () => join(folder, locks().find(name => name.endsWith('.json'))!)

describe('the lock of a folder', () => {
  beforeAll(async () => (await openHeld(folder, { create: true })).close())

  it('keeps a second writer out, in this process and in others, and says who has it; readers may come', async () => {
    const opened = await openHeld(folder)
    await expect(openHere()).rejects.toMatchObject({ code: 'GALLERY_LOCKED' })
    const { open } = await start()
    const refusal = await open()
    expect(refusal).toMatch(
      new RegExp(`^GALLERY_LOCKED: .*: process ${process.pid} on .+ since \\d{4}-\\d\\d-.*readOnly`),
    )
    expect((await stateIn(folder)).damage).toEqual([])
    await opened.insert('still-mine', new Uint8Array(3))
    await opened.remove('still-mine')
    await opened.close()
    expect(locks()).toEqual([])
    expect(await open()).toBe('locked')
  })

  it('of a killed process is taken over at once', async () => {
    for (let round = 0; round < 3; round++) {
      const { child, open } = await start()
      expect(await open()).toBe('locked')
      await expect(openHere()).rejects.toMatchObject({ code: 'GALLERY_LOCKED' })
      await kill(child)
      expect(locks().length).toBeGreaterThan(0)
      await openHere()
      expect(locks()).toEqual([])
    }
  })

  it('of a stopped process is not taken over', async () => {
    const { child, open } = await start()
    expect(await open()).toBe('locked')
    child.kill('SIGSTOP')
    await expect(openHere()).rejects.toMatchObject({ code: 'GALLERY_LOCKED' })
    child.kill('SIGCONT')
    await expect(openHere()).rejects.toMatchObject({ code: 'GALLERY_LOCKED' })
  })

  it.skipIf(process.platform !== 'linux')('of a process whose number another one has now is taken over', async () => {
    const { child, open } = await start()
    expect(await open()).toBe('locked')
    const content = JSON.parse(readFileSync(lockFile(), 'utf8'))
    await kill(child)
    writeFileSync(lockFile(), JSON.stringify({ ...content, pid: process.pid }))
    await openHere()
    expect(locks()).toEqual([])
  })

  it('that a loss of power left empty is taken over', async () => {
    writeFileSync(join(folder, 'lock-00000000-0000-4000-8000-000000000000.json'), '')
    await openHere()
    expect(locks()).toEqual([])
  })

  it('is had by one of many that find a dead one, and by one only', async () => {
    for (let round = 0; round < 3; round++) {
      const dead = await start()
      expect(await dead.open()).toBe('locked')
      const many = await Promise.all(Array.from({ length: 5 }, start))
      await kill(dead.child)
      const answers = await Promise.all(many.map(({ open }) => open()))
      expect(answers.filter(answer => answer === 'locked')).toHaveLength(1)
      for (const answer of answers) expect(answer).toMatch(/^(locked|GALLERY_LOCKED: .*)$/)
      for (const { child } of many) await kill(child)
    }
  }, 60_000)

  it('is had by one of many in this process, and by one only', async () => {
    for (let round = 0; round < 10; round++) {
      const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => openHeld(folder)))
      const won = outcomes.filter(outcome => outcome.status === 'fulfilled')
      expect(won).toHaveLength(1)
      await won[0].value.close()
      expect(locks()).toEqual([])
    }
  })

  it.skipIf(process.platform !== 'linux')(
    'of another container is judged by its socket, without one by a person',
    async () => {
      const other = { ...ownIdentity(), pidNamespace: 'pid:[1]', since: '2026-01-01T00:00:00.000Z' }
      const name = 'lock-00000000-0000-4000-8000-000000000001'
      const write = (socket: boolean) =>
        writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...other, socket }))
      write(false)
      await expect(openHere()).rejects.toMatchObject({ message: expect.stringContaining(`delete ${name}.json there`) })
      const server = createServer().listen(join(folder, `${name}.socket`))
      await once(server, 'listening')
      write(true)
      await expect(openHere()).rejects.toMatchObject({ code: 'GALLERY_LOCKED' })
      server.close()
      await once(server, 'close')
      // As a process leaves it that is killed: there, and nobody listens.
      const { child, open } = await start()
      rmSync(join(folder, `${name}.json`))
      expect(await open()).toBe('locked')
      const content = JSON.parse(readFileSync(lockFile(), 'utf8'))
      await kill(child)
      writeFileSync(lockFile(), JSON.stringify({ ...content, pidNamespace: 'pid:[1]' }))
      await openHere()
      expect(locks()).toEqual([])
    },
  )
})

describe('the identity of a process', () => {
  const own = ownIdentity()

  it('is alive in this process', () => {
    expect(livenessOf(own)).toBe(process.platform === 'linux' ? 'alive' : 'hidden')
  })

  it.skipIf(process.platform !== 'linux')('tells later processes, boots and machines from it', () => {
    expect(livenessOf({ ...own, startTicks: '1' })).toBe('dead')
    expect(livenessOf({ ...own, pid: 2 ** 22 + 1 })).toBe('dead')
    expect(livenessOf({ ...own, bootId: 'earlier' })).toBe('dead')
    expect(livenessOf({ ...own, bootId: 'earlier', host: 'elsewhere' })).toBe('elsewhere')
    expect(livenessOf({ ...own, pidNamespace: 'pid:[1]' })).toBe('hidden')
  })

  it.skipIf(process.platform !== 'linux')('of a killed process that nobody has asked after is dead', async () => {
    // The shell starts a process, tells its number, and is kept from asking after it.
    const shell = spawn('sh', ['-c', `sleep 60 & echo $!; exec sleep 60`], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(shell)
    const [text] = await once(shell.stdout!, 'data')
    const pid = Number(String(text))
    // Not before it has become another program may it be told of its child's end.
    while (readFileSync(`/proc/${shell.pid}/comm`, 'utf8').trim() !== 'sleep') {
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    const startTicks = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[19]
    const other = { ...own, pid, startTicks }
    expect(livenessOf(other)).toBe('alive')
    process.kill(pid, 'SIGKILL')
    while (livenessOf(other) === 'alive') await new Promise(resolve => setTimeout(resolve, 5))
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ')
    expect(livenessOf(other)).toBe('dead')
  })
})
