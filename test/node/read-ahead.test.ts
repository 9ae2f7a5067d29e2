import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ReadAhead } from '../../dist/node/read-ahead.js'
import { random } from '../support/random-templates.js'

const folder = mkdtempSync(join(tmpdir(), 'sidik-read-ahead-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Two pieces and a part of a third. */
const LENGTH = 2 * 4_194_304 + 12_345
const path = join(folder, 'file')
const whole = Uint8Array.from({ length: LENGTH }, (_, i) => (i * 2_654_435_761) >>> 24)
writeFileSync(path, whole)

async function readBy(counts: (left: number) => number): Promise<Uint8Array[]> {
  const file = await open(path)
  const ahead = new ReadAhead(file)
  const parts: Uint8Array[] = []
  for (let left = LENGTH; left > 0; ) {
    const part = await ahead.take(counts(left))
    // The next call may write over it.
    parts.push(part.slice())
    left -= part.length
  }
  expect(await ahead.take(1)).toHaveLength(0)
  expect(await ahead.take(5)).toHaveLength(0)
  await ahead.settle()
  await file.close()
  return parts
}

describe('ReadAhead', () => {
  it.each([1, 2, 3])('gives the file in parts of any length: %d', async seed => {
    const next = random(seed)
    const asked: number[] = []
    const parts = await readBy(left => {
      const count = Math.min(left, Math.floor(next() ** 3 * 6_000_000))
      asked.push(count)
      return count
    })
    expect(parts.map(({ length }) => length)).toEqual(asked)
    expect(Buffer.compare(Buffer.concat(parts), whole)).toBe(0)
  })

  it('gives what is left where more is asked for', async () => {
    const parts = await readBy(() => 5_000_000)
    expect(parts.map(({ length }) => length)).toEqual([5_000_000, LENGTH - 5_000_000])
    expect(Buffer.compare(Buffer.concat(parts), whole)).toBe(0)
  })

  it('gives the error of a read to whoever comes to it', async () => {
    const failing = { read: () => Promise.reject(new Error('no disk')) } as unknown as FileHandle
    const ahead = new ReadAhead(failing)
    await ahead.settle()
    await expect(ahead.take(1)).rejects.toThrow('no disk')
  })
})
