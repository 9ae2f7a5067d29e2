import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from 'sidik'
import type { CaptureFrame } from 'sidik/capture'
import { fileSource } from 'sidik/capture/file'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Captures of sensors that libfprint's own tests replay: Debian's package libfprint-2-tests, or a copy of its folder. */
const FOLDER = process.env.SIDIK_LIBFPRINT_TESTS ?? '/usr/share/installed-tests/libfprint-2'

describe.skipIf(!existsSync(FOLDER))("captures of libfprint's drivers", () => {
  let engine: Awaited<ReturnType<typeof createEngine>>
  beforeAll(async () => {
    engine = await createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  const captures = existsSync(FOLDER)
    ? readdirSync(FOLDER)
        .map(driver => join(FOLDER, driver, 'capture.png'))
        .filter(path => existsSync(path))
    : []

  const frameOf = async (driver: string, ppi: number): Promise<CaptureFrame> => {
    const { value } = await fileSource(join(FOLDER, driver, 'capture.png'), { ppi })
      .capture()
      .next()
    return value!
  }

  it('are read, once their resolution is given', async () => {
    expect(captures.length).toBeGreaterThan(10)
    await expect(fileSource(captures).capture().next()).rejects.toMatchObject({ code: 'PPI_UNKNOWN' })
    let read = 0
    for await (const { widthPx, heightPx, data } of fileSource(captures, { ppi: 500 }).capture()) {
      expect(data).toHaveLength(widthPx * heightPx)
      read++
    }
    expect(read).toBe(captures.length)
  })

  it('become templates where they show a finger, and are refused where they show other skin', async () => {
    const quality = async (driver: string, ppi: number) => (await engine.extract(await frameOf(driver, ppi))).quality
    expect((await quality('egis0570', 500)).score).toBeGreaterThan(50)
    expect((await quality('vfs5011', 500)).score).toBeGreaterThan(50)
    // Enlarged twice by its driver.
    expect((await quality('aes3500', 700)).score).toBeGreaterThan(30)
    for (const driver of ['uru4000-4500', 'uru4000-msv2', 'elan']) {
      await expect(quality(driver, 500)).rejects.toMatchObject({ code: 'NOT_A_FINGERPRINT' })
    }
  })
})
