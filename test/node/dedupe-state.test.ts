import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { SidikError } from 'sidik'
import { afterAll, describe, expect, it } from 'vitest'
import type { Stretch } from '../../dist/dedupe/findings.js'
import { Journal } from '../../dist/dedupe/journal.js'
import { DedupeState } from '../../dist/node/dedupe-state.js'
import { failingDisk, systemError } from './durable/failing-disk.js'

const folder = mkdtempSync(join(tmpdir(), 'sidik-state-'))
const killed: DedupeState[] = []
afterAll(async () => {
  for (const state of killed) await state.close()
  rmSync(folder, { recursive: true })
})

const RUN = { size: 40, digest: 'd1', minScore: 40.5, exhaustive: false, program: '1-0' }

function stretch(from: number, to: number): Stretch {
  const findings = [{ probe: from, found: (from + 7) % 40, score: 50.25 + from, codes: 'learned' as const }]
  return { from, to, findings, truncated: from % 2 === 0 ? [to - 1] : [] }
}

const STRETCHES = [stretch(0, 5), stretch(5, 6), stretch(6, 20), stretch(20, 40)]

/** A state of several writes, as it is on the disk when it was closed, or when the process was killed instead. */
async function written(path: string, { closed }: { closed: boolean }): Promise<Buffer> {
  const state = await DedupeState.open(path, RUN)
  await state.append(STRETCHES.slice(0, 2))
  await state.append(STRETCHES.slice(2, 3))
  await state.append(STRETCHES.slice(3))
  if (closed) await state.close()
  else killed.push(state)
  return readFileSync(path)
}

async function reopened(path: string): Promise<readonly Stretch[] | SidikError> {
  try {
    const state = await DedupeState.open(path, RUN)
    await state.close()
    return state.stretches
  } catch (error) {
    if (error instanceof SidikError) return error
    throw error
  }
}

const isPrefix = (stretches: readonly Stretch[]) => {
  expect(stretches).toEqual(STRETCHES.slice(0, stretches.length))
  return stretches.length
}

describe('the state of a deduplication', () => {
  it('gives back what was added, also to a process that was killed', async () => {
    for (const closed of [true, false]) {
      const path = join(folder, `kept-${closed}`)
      await written(path, { closed })
      expect(await reopened(path)).toEqual(STRETCHES)
      expect(await reopened(path)).toEqual(STRETCHES)
    }
  })

  it('cut anywhere has what was whole, or is refused, and goes on', async () => {
    const path = join(folder, 'cut')
    const bytes = await written(path, { closed: true })
    const kept: number[] = []
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length))
      const found = await reopened(path)
      if (found instanceof SidikError) {
        expect(found.code).toMatch(/^STATE_(FORMAT|CORRUPT)$/)
        expect(found.message).toContain(path)
        // The beginning is renamed into place, whole: nothing but damage cuts it.
        expect(kept).toEqual([])
        continue
      }
      kept.push(isPrefix(found))
      const state = await DedupeState.open(path, RUN)
      await state.append(STRETCHES.slice(found.length))
      await state.close()
      expect(await reopened(path)).toEqual(STRETCHES)
    }
    expect([...new Set(kept)]).toEqual([0, 1, 2, 3, 4])
  })

  it('with any byte altered is refused with the place, or forgets the end, and never gives what was not there', async () => {
    for (const closed of [true, false]) {
      const path = join(folder, `flipped-${closed}`)
      const bytes = await written(path, { closed })
      let forgotten = 0
      for (let at = 0; at < bytes.length; at++) {
        const altered = Uint8Array.from(bytes)
        altered[at] ^= 1 << (at % 8)
        writeFileSync(path, altered)
        const found = await reopened(path)
        if (found instanceof SidikError) {
          expect(found.code).toMatch(/^STATE_(FORMAT|VERSION|CORRUPT)$/)
          if (found.code === 'STATE_CORRUPT') expect(found.message).toMatch(/ at byte \d+, .+delete it to begin anew/)
        } else if (isPrefix(found) < STRETCHES.length) forgotten++
      }
      // Once it was closed, what was found is settled: of it nothing is forgotten.
      if (closed) expect(forgotten).toBe(0)
      else expect(forgotten).toBeGreaterThan(0)
    }
  })

  it('does not take records of another run', async () => {
    const [path, other] = [join(folder, 'one'), join(folder, 'other')]
    const bytes = await written(path, { closed: true })
    const state = await DedupeState.open(other, { ...RUN, digest: 'd2' })
    await state.close()
    const start = readFileSync(other).length
    writeFileSync(other, Buffer.concat([readFileSync(other), bytes.subarray(start)]))
    const error = await DedupeState.open(other, { ...RUN, digest: 'd2' }).catch(error => error)
    // They are no records there: an end that does not read.
    if (error instanceof DedupeState) {
      expect(error.stretches).toEqual([])
      await error.close()
    } else expect(error.code).toBe('STATE_CORRUPT')
  })

  it('of something else is refused', async () => {
    const path = join(folder, 'else')
    writeFileSync(path, 'a letter to a friend, of more than thirty-two bytes')
    expect(await reopened(path)).toMatchObject({ code: 'STATE_FORMAT' })
    expect(await reopened(folder)).toMatchObject({ code: 'FILE_UNREADABLE' })
    expect(await reopened(join(folder, 'absent', 'state'))).toMatchObject({ code: 'FILE_UNWRITABLE' })
  })

  it('removes what a crash left of its making, and nothing else', async () => {
    const path = join(folder, 'left')
    const names = ['.left.0e8be9b0-1111-4222-8333-123456789abc.tmp', '.right.0e8be9b0-1111-4222-8333-123456789abc.tmp']
    for (const name of names) writeFileSync(join(folder, name), '')
    await written(path, { closed: true })
    expect(names.map(name => existsSync(join(folder, name)))).toEqual([false, true])
  })
})

describe('the state on a disk that fails', () => {
  it('keeps what was there before, at whichever call it fails', async () => {
    const script = async (path: string, before: (call: string, at: number) => Error | undefined) => {
      const files = failingDisk({ before, written: 0.5 })
      let state: DedupeState | undefined
      try {
        state = await DedupeState.open(path, RUN, files)
        const journal = new Journal(state)
        for (const part of STRETCHES) {
          await journal.add(part)
          await journal.flush()
        }
      } finally {
        await state?.close().catch(() => {})
      }
      return files.calls
    }
    const calls = await script(join(folder, 'whole'), () => undefined)
    expect(calls.length).toBeGreaterThan(8)
    for (let at = 0; at < calls.length; at++) {
      const path = join(folder, `failing-${at}`)
      const error = await script(path, (_, now) => (now === at ? systemError('ENOSPC') : undefined)).catch(
        error => error,
      )
      if (error instanceof Error)
        expect(error).toMatchObject({ name: 'SidikError', code: expect.stringMatching(/^FILE_UN/) })
      const found = await reopened(path)
      expect(found).not.toBeInstanceOf(SidikError)
      isPrefix(found as Stretch[])
      expect(readdirSync(folder).filter(name => name.startsWith(`.${basename(path)}.`))).toEqual([])
    }
  })

  it('writes nothing behind what could not be written', async () => {
    const path = join(folder, 'gap')
    let full = false
    const before = (call: string) => (full && call.startsWith('write ') ? systemError('ENOSPC') : undefined)
    const state = await DedupeState.open(path, RUN, failingDisk({ before }))
    const journal = new Journal(state)
    await journal.add(STRETCHES[0])
    await journal.flush()
    full = true
    await journal.add(STRETCHES[1])
    await expect(journal.flush()).rejects.toThrow(/cannot be written \(ENOSPC.+make room and call again/)
    full = false
    await expect(journal.add(STRETCHES[2])).rejects.toThrow('ENOSPC')
    await expect(journal.flush()).rejects.toThrow('ENOSPC')
    await state.close()
    expect(await reopened(path)).toEqual(STRETCHES.slice(0, 1))
  })
})
