/** A durable gallery on a disk that fails, or a machine that stops, at any of the calls that write. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { SidikError } from 'sidik'
import { afterAll, describe, expect, it } from 'vitest'
import { random } from '../support/random-templates.js'
import { type FailingDisk, failingDisk, systemError } from './durable/failing-disk.js'
import { asText, type Held, openHeld, stateIn } from './durable/held-storage.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-failing-'))
afterAll(() => rmSync(parent, { recursive: true }))
let folders = 0
const newFolder = () => join(parent, `gallery-${++folders}`)
const template = (value: number) => new Uint8Array(40).fill(value)

/** What a script saw: the states that there were after each change that was asked for, and what was acknowledged. */
interface Seen {
  readonly opened: Held | undefined
  /** By how many changes were made, in the order of the calls. */
  readonly states: string[]
  readonly acknowledged: number
  readonly failures: unknown[]
}

type Options = { key?: Uint8Array }

const WAYS: [string, Options][] = [
  ['without a key', {}],
  ['with a key', { key: new Uint8Array(32).fill(4) }],
]

/** Changes of every kind, a compaction with changes under way, and an end. What fails is noted, and it goes on. */
async function script(folder: string, files: FailingDisk, options: Options = {}): Promise<Seen> {
  const failures: unknown[] = []
  const model = new Map<string, Uint8Array>()
  const states = [asText(model)]
  let acknowledged = 0
  let opened: Held
  try {
    opened = await openHeld(folder, { create: true, files, ...options })
  } catch (error) {
    return { opened: undefined, states, acknowledged, failures: [error] }
  }
  const change = (work: Promise<void>, id: string, value?: number) => {
    model.delete(id)
    if (value !== undefined) model.set(id, template(value))
    states.push(asText(model))
    const number = states.length - 1
    return work.then(
      () => {
        acknowledged = number
      },
      error => failures.push(error),
    )
  }
  const insert = (id: string, value: number) => change(opened.insert(id, template(value), true), id, value)
  await insert('a', 1)
  await Promise.all([insert('b', 2), insert('c', 3)])
  const compacting = opened.compact().catch(error => failures.push(error))
  await Promise.all([insert('d', 4), compacting, change(opened.remove('a'), 'a')])
  await insert('b', 5)
  await opened.close().catch(error => failures.push(error))
  return { opened, states, acknowledged, failures }
}

const removeLocks = (folder: string) => {
  for (const name of readdirSync(folder)) if (name.startsWith('lock-')) rmSync(join(folder, name))
}

/** What is there after a machine stopped; empty when the gallery was never begun. */
async function afterwards(folder: string, options: Options = {}): Promise<string> {
  removeLocks(folder)
  const opened = await openHeld(folder, { create: true, ...options })
  const text = asText(opened.held)
  await opened.insert('after', template(9))
  await opened.close()
  expect((await stateIn(folder, options)).damage).toEqual([])
  return text
}

/** All that the script asks of the disk when nothing fails. */
async function allCalls(options: Options = {}): Promise<readonly string[]> {
  const files = failingDisk({ before: () => undefined })
  const { failures } = await script(newFolder(), files, options)
  expect(failures).toEqual([])
  return files.calls
}

describe('a machine that stops', () => {
  it.each(WAYS)(
    'at any call, or in the middle of a write, loses nothing acknowledged %s',
    async (_, options) => {
      const count = (await allCalls(options)).length
      for (let last = 1; last <= count; last++) {
        const folder = newFolder()
        const files = failingDisk({ before: (_, at) => (at >= last ? systemError('EIO') : undefined), written: 0.5 })
        const { states, acknowledged } = await script(folder, files, options)
        const found = states.indexOf(await afterwards(folder, options), acknowledged)
        expect(found, `stopped before call ${last}: ${files.calls[last]}`).toBeGreaterThanOrEqual(acknowledged)
        rmSync(folder, { recursive: true })
      }
    },
    120_000,
  )

  it.each(WAYS)(
    'and of whose unsynced sectors any are lost, loses nothing acknowledged %s',
    async (_, options) => {
      const count = (await allCalls(options)).length
      const next = random(5)
      for (let last = 1; last <= count; last++) {
        const folder = newFolder()
        const files = failingDisk({ before: (_, at) => (at >= last ? systemError('EIO') : undefined), written: next() })
        const { states, acknowledged } = await script(folder, files, options)
        for (const [path, stretches] of files.unsynced) {
          losePower(path, stretches, files.syncedBytes.get(path) ?? 0, next)
        }
        const found = states.indexOf(await afterwards(folder, options), acknowledged)
        expect(found, `stopped before call ${last}: ${files.calls[last]}`).toBeGreaterThanOrEqual(acknowledged)
        rmSync(folder, { recursive: true })
      }
    },
    120_000,
  )

  it('in a compaction keeps a change that came after the new tail was begun', async () => {
    let ends = false
    for (let stop = 1; !ends; stop++) {
      const folder = newFolder()
      let late: Promise<boolean> | undefined
      let since = 0
      let syncs = 0
      const files = failingDisk({
        before: call => {
          if (late === undefined) {
            // Synced for the tail and for its length: now it takes what came until then.
            if (compacting && call === `sync ${basename(folder)}` && ++syncs === 2)
              late = opened.insert('late', template(8)).then(made, not)
            return undefined
          }
          return ++since > stop ? systemError('EIO') : undefined
        },
      })
      const [made, not] = [() => true, () => false]
      let compacting = false
      const opened = await openHeld(folder, { create: true, files })
      await opened.insert('early', template(7))
      compacting = true
      const compacted = await opened.compact().then(made, not)
      const acknowledged = await late
      ends = compacted && since <= stop
      await opened.close().catch(not)
      const text = await afterwards(folder)
      expect(text, `stopped at call ${stop}`).toContain('"early"')
      if (acknowledged) expect(text, `stopped at call ${stop}`).toContain('"late"')
      rmSync(folder, { recursive: true })
    }
  }, 60_000)
})

/** Loses any pieces of what was not synced: zeros instead, or the end of the file. Small sectors: the records are. */
function losePower(
  path: string,
  stretches: readonly { from: number; to: number }[],
  syncedBytes: number,
  next: () => number,
): void {
  if (!statSync(path, { throwIfNoEntry: false })) return
  const bytes = readFileSync(path)
  const SECTOR_BYTES = 16
  for (const { from, to } of stretches) {
    for (let at = from; at < to; at += SECTOR_BYTES)
      if (next() < 0.3) bytes.fill(0, at, Math.min(to, at + SECTOR_BYTES))
  }
  writeFileSync(path, bytes)
  const first = Math.max(syncedBytes, Math.min(...stretches.map(({ from }) => from)))
  if (next() < 0.3 && first < bytes.length) truncateSync(path, first + Math.floor(next() * (bytes.length - first)))
}

describe('a disk that fails once', () => {
  it.each(['ENOSPC', 'EIO'])(
    'with %s at any call: what was refused is nowhere, what was not is on the disk',
    async code => {
      const count = (await allCalls()).length
      for (let failing = 0; failing < count; failing++) {
        const folder = newFolder()
        const files = failingDisk({ before: (_, at) => (at === failing ? systemError(code) : undefined), written: 0.7 })
        const { opened, failures } = await script(folder, files)
        const context = `call ${failing}: ${files.calls[failing]}`
        // What is not there for that reason cannot be removed.
        const codes = failures.map(error => (error as SidikError).code).filter(code => code !== 'ID_UNKNOWN')
        for (const code of codes) expect(code, context).toBe('FILE_UNWRITABLE')
        if (opened === undefined) {
          expect(failures, context).toHaveLength(1)
          continue
        }
        const held = asText(opened.held)
        removeLocks(folder)
        expect(await stateIn(folder), context).toEqual({ text: held, damage: [] })
        expect(await afterwards(folder), context).toBe(held)
        rmSync(folder, { recursive: true })
      }
    },
    120_000,
  )
})

describe('a compaction that gives another key, on a disk that fails once', () => {
  const keys = [5, 6].map(value => new Uint8Array(32).fill(value))

  it('at any call: was made or was not, and goes on with the key that says so', async () => {
    for (let failing = 0, calls = Infinity; failing < calls; failing++) {
      const folder = newFolder()
      let since = -1
      const files = failingDisk({
        before: () => (since >= 0 && since++ === failing ? systemError('EIO') : undefined),
        written: 0.7,
      })
      const opened = await openHeld(folder, { create: true, key: keys[0], files })
      await opened.insert('a', template(1))
      since = 0
      const made = await opened.compact(keys[1]).then(
        () => true,
        () => false,
      )
      if (since <= failing) calls = failing
      const later = await opened.insert('b', template(2)).then(
        () => opened.compact().then(() => true),
        () => false,
      )
      const held = asText(opened.held)
      await opened.close()
      removeLocks(folder)
      const found = await Promise.all(
        keys.map(key => {
          return stateIn(folder, { key }).then(
            ({ text }) => text,
            ({ code }) => code,
          )
        }),
      )
      const context = `call ${failing}: made ${made}, later ${later}`
      const expected = made ? ['GALLERY_KEY', held] : [held, 'GALLERY_KEY']
      // Where it is not known no more changes are taken, and either key opens it.
      if (later) expect(found, context).toEqual(expected)
      else expect([expected, [...expected].reverse()], context).toContainEqual(found)
      rmSync(folder, { recursive: true })
    }
  }, 60_000)
})

describe('a write that fails', () => {
  /** One change before, then the failures of `fail`, asked for by call. */
  async function failing(fail: (call: string) => string | undefined) {
    let armed = true
    const folder = newFolder()
    const files = failingDisk({
      before: call => {
        const code = armed ? fail(call) : undefined
        return code === undefined ? undefined : systemError(code)
      },
      written: 0.5,
    })
    armed = false
    const opened = await openHeld(folder, { create: true, files })
    await opened.insert('before', template(1))
    armed = true
    return {
      folder,
      opened,
      disarm: () => {
        armed = false
      },
    }
  }
  const unwritable = (message: string) => ({ code: 'FILE_UNWRITABLE', message: expect.stringContaining(message) })

  it('for want of room is undone, and the next one is made once there is room', async () => {
    const { folder, opened, disarm } = await failing(call => (call.startsWith('write tail') ? 'ENOSPC' : undefined))
    const all = await Promise.allSettled([opened.insert('a', template(2)), opened.insert('a', template(3))])
    for (const outcome of all) expect(outcome).toMatchObject({ reason: unwritable('the change was not made') })
    const state = { text: asText(new Map([['before', template(1)]])), damage: [] }
    expect([asText(opened.held), await stateIn(folder)]).toEqual([state.text, state])
    disarm()
    await opened.insert('a', template(4))
    await opened.close()
    expect((await stateIn(folder)).text).toBe(asText(opened.held))
  })

  it('and cannot be undone stops all changes until it is opened again', async () => {
    const { folder, opened, disarm } = await failing(call => (/^(write|truncate) tail/.test(call) ? 'EIO' : undefined))
    await expect(opened.insert('a', template(2))).rejects.toMatchObject(unwritable('shows at the next opening'))
    disarm()
    await expect(opened.insert('b', template(2))).rejects.toMatchObject(
      unwritable('close the gallery and open it again'),
    )
    await expect(opened.compact()).rejects.toMatchObject(unwritable('takes no more changes'))
    await opened.close()
    // Half of the record is there, and is cut off as any torn end.
    expect(await stateIn(folder)).toEqual({ text: asText(opened.held), damage: [] })
  })

  it('at the wait for the disk stops all changes until it is opened again', async () => {
    const { folder, opened, disarm } = await failing(call => (call.startsWith('datasync tail') ? 'EIO' : undefined))
    await expect(opened.insert('a', template(2))).rejects.toMatchObject(unwritable('shows at the next opening'))
    disarm()
    const refused = [opened.insert('b', template(2)), opened.remove('before')]
    for (const change of refused) await expect(change).rejects.toMatchObject(unwritable('takes no more changes'))
    expect([...opened.held.keys()]).toEqual(['before'])
    await opened.close()
    const again = await openHeld(folder)
    expect([...again.held.keys()]).toContain('before')
    await again.insert('b', template(2))
    await again.close()
  })
})

describe('ten thousand changes at once', () => {
  it('wait for the disk a few times, not ten thousand', async () => {
    const files = failingDisk({ before: () => undefined })
    const opened = await openHeld(newFolder(), { create: true, files })
    const bytes = new Uint8Array(960)
    await Promise.all(Array.from({ length: 10_000 }, (_, i) => opened.insert(`person-${i}`, bytes)))
    const waits = files.calls.filter(call => call.startsWith('datasync tail'))
    // 10 MB in writes of up to 4 MiB, and the one of the header.
    expect(waits.length).toBeLessThanOrEqual(5)
    await opened.close()
  })
})
