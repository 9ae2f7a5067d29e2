import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type FrameKey, TakenFrames } from '../../../../dist/capture/adapters/folder/taken-frames.js'
import type { FileLayer } from '../../../../dist/node/file-layer.js'
import { failingDisk, systemError } from '../../../node/durable/failing-disk.js'
import { temporaryFolder } from '../files.js'

const parent = temporaryFolder('taken')
let count = 0
const newFolder = () => join(parent, String(count++))
const stateFile = (folder: string) => join(folder, 'taken.jsonl')

const key = (i: number, frame = 0, of = 1): FrameKey => ({
  file: `${i}.png`,
  sha256: i.toString(16).padStart(64, '0'),
  frame,
  of,
  stat: `100.${i}.${i}`,
})

/** The state in a folder while it is open for a moment. */
async function within<T>(folder: string, work: (state: TakenFrames) => T | Promise<T>, files?: FileLayer): Promise<T> {
  const state = await TakenFrames.open(folder, files)
  try {
    return await work(state)
  } finally {
    await state.close()
  }
}

describe('what a folder source keeps of the frames that were taken', () => {
  it('is the text that is documented, and is there again', async () => {
    const folder = newFolder()
    await within(folder, async state => {
      await state.take(key(1))
      await state.take(key(2, 1, 2))
      await state.take(key(1))
    })
    const hash = (i: number) => String(i).padStart(64, '0')
    expect(readFileSync(stateFile(folder), 'utf8').split('\n')).toEqual([
      '{"sidik":"folder source","version":1}',
      `{"file":"1.png","sha256":"${hash(1)}","frames":[0],"of":1,"stat":"100.1.1"}`,
      `{"file":"2.png","sha256":"${hash(2)}","frames":[1],"of":2,"stat":"100.2.2"}`,
      '',
    ])
    await within(folder, state => {
      expect([key(1), key(2, 0, 2), key(2, 1, 2), key(3)].map(k => state.isTaken(k))).toEqual([
        true,
        false,
        true,
        false,
      ])
      expect([state.isDone('1.png', '100.1.1'), state.isDone('1.png', '100.1.2')]).toEqual([true, false])
      expect([state.isWhole(key(1)), state.isWhole(key(2)), state.isWhole({ ...key(1), sha256: '' })]).toEqual([
        true,
        false,
        false,
      ])
    })
    expect(readdirSync(folder)).toEqual(['taken.jsonl'])
  })

  it('is read as far as its whole lines go, wherever it was cut', async () => {
    const folder = newFolder()
    await within(folder, async state => {
      for (let i = 0; i < 3; i++) await state.take(key(i))
    })
    const whole = readFileSync(stateFile(folder))
    const header = whole.indexOf('\n') + 1
    for (let size = whole.length; size >= header; size -= 7) {
      writeFileSync(stateFile(folder), whole.subarray(0, size))
      const taken = whole.subarray(0, size).toString().split('\n').length - 2
      await within(folder, async state => {
        expect([0, 1, 2].filter(i => state.isTaken(key(i)))).toHaveLength(taken)
        await state.take(key(9))
      })
      expect(await within(folder, state => state.isTaken(key(9)))).toBe(true)
    }
  })

  it('refuses the files of others, of later versions, and what was altered', async () => {
    const opening = (text: string) => {
      const folder = newFolder()
      mkdirSync(folder)
      writeFileSync(stateFile(folder), text)
      return within(folder, () => readFileSync(stateFile(folder), 'utf8')).then(
        () => undefined,
        ({ code, message }) => `${code} ${message}`,
      )
    }
    for (const text of [
      '',
      'a diary\n',
      '{"sidik":"folder source","version":1}',
      '{"version":1}\n',
      '[]\n',
      'null\n',
      '\n',
    ]) {
      expect(await opening(text)).toMatch(/^STATE_FORMAT/)
    }
    expect(await opening('{"sidik":"folder source","version":2}\n')).toMatch(/^STATE_VERSION.*version 2/)
    const header = '{"sidik":"folder source","version":1}\n'
    const good = JSON.stringify({ file: 'a', sha256: '0'.repeat(64), frames: [0], of: 1, stat: '' })
    expect(await opening(`${header}${good}\n`)).toBeUndefined()
    for (const bad of [
      good.replace('[0]', '[1]'),
      good.replace('"a"', '3'),
      good.slice(1),
      good.replace('000', 'xyz'),
      '7',
      '',
    ]) {
      expect(await opening(`${header}${good}\n${bad}\n${good}\n`)).toMatch(/^STATE_CORRUPT.*line 3/)
    }
  })

  it('is had by one at a time, and changed by nobody else', async () => {
    const folder = newFolder()
    const state = await TakenFrames.open(folder)
    const taking = state.take(key(1))
    await state.close()
    await taking
    await expect(state.take(key(2))).rejects.toMatchObject({ code: 'SOURCE_CLOSED' })
    await expect(state.compact(new Set())).rejects.toMatchObject({ code: 'SOURCE_CLOSED' })
    expect(await within(folder, read => read.isTaken(key(1)))).toBe(true)
    await within(folder, async () => {
      await expect(TakenFrames.open(folder)).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
    })
    await within(folder, () => {})
  })

  it('is written anew without the files that are gone when it is much longer than it need be', async () => {
    const folder = newFolder()
    await within(folder, state => state.take(key(5_000, 0, 2)))
    const lines = Array.from({ length: 1_200 }, (_, i) => {
      const { frame, ...of } = key(i)
      return JSON.stringify({ ...of, frames: [frame] })
    })
    appendFileSync(stateFile(folder), `${lines.join('\n')}\n`)
    await within(folder, async state => {
      expect([state.isLong(100), state.isLong(101)]).toEqual([true, false])
      const taking = state.take(key(5_000, 1, 2))
      const compacting = state.compact(new Set(['7.png', '5000.png']))
      await Promise.all([taking, compacting, state.take(key(8))])
      expect([7, 8, 9].map(i => state.isTaken(key(i)))).toEqual([true, true, false])
      expect([state.isLong(1), await state.isInPlace()]).toEqual([false, true])
    })
    expect(readFileSync(stateFile(folder), 'utf8').trim().split('\n')).toHaveLength(4)
    await within(folder, state => {
      expect(state.isTaken(key(5_000, 0, 2)) && state.isTaken(key(5_000, 1, 2)) && state.isTaken(key(8))).toBe(true)
    })
  })

  it('holds what it said it holds after writes that failed, and says when it cannot be written', async () => {
    for (const failing of ['write', 'datasync', 'truncate']) {
      const folder = newFolder()
      let broken = false
      const before = (call: string) => (broken && call.startsWith(failing) ? systemError('ENOSPC') : undefined)
      const files = failingDisk({ before, written: 0.5 })
      await within(
        folder,
        async state => {
          broken = failing === 'truncate'
          if (!broken) await state.take(key(1))
          broken = true
          await expect(state.take(key(2))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
          expect(state.isTaken(key(2))).toBe(false)
          broken = false
          await state.take(key(3))
        },
        files,
      )
      await within(folder, state => {
        expect([1, 2, 3].map(i => state.isTaken(key(i)))).toEqual([failing !== 'truncate', false, true])
      })
    }
  })

  it('is synced before it says that a frame is taken', async () => {
    const folder = newFolder()
    const files = failingDisk({ before: () => undefined })
    await within(
      folder,
      async state => {
        for (let i = 0; i < 3; i++) {
          await state.take(key(i))
          expect(files.unsynced.size).toBe(0)
        }
      },
      files,
    )
  })

  it('notices when another file is under its name', async () => {
    const folder = newFolder()
    await within(folder, async state => {
      expect(await state.isInPlace()).toBe(true)
      truncateSync(stateFile(folder), 60)
      expect(await state.isInPlace()).toBe(true)
      writeFileSync(join(folder, 'other'), '')
      renameSync(join(folder, 'other'), stateFile(folder))
      expect(await state.isInPlace()).toBe(false)
      await expect(state.take(key(1))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    })
  })
})
