import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cardsInTray, FAULTS, faultyPrinter, lookAtTray } from '../../bench/support/faulty-printer.js'

let folder: string
let tray: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sidik-tray-'))
  tray = join(folder, 'tray')
})

afterEach(() => rmSync(folder, { recursive: true }))

const documentOf = (title: string) => ({ title, pages: [], pdf: async () => [], png: async () => [] }) as never

it('leaves what it printed in the tray, in order', async () => {
  expect(cardsInTray(tray)).toEqual([])
  const printer = faultyPrinter({ tray })
  for (const title of ['a', 'b']) expect(await printer.print(documentOf(title))).toEqual({ outcome: 'printed' })
  expect(cardsInTray(tray).map(({ title }) => title)).toEqual(['a', 'b'])
  expect(lookAtTray(tray, 'b')).toBe('printed')
  expect(lookAtTray(tray, 'c')).toBe('untouched')
})

it.each(FAULTS as string[])('fails as told: %s', async fault => {
  const printer = faultyPrinter({ tray, faultOf: (_: unknown, number: number) => (number === 0 ? fault : undefined) })
  const said = await printer.print(documentOf('a'), { signal: AbortSignal.timeout(20) }).catch(() => 'thrown')
  const found = lookAtTray(tray, 'a')
  if (said.outcome === 'not-printed') expect(found).toBe('untouched')
  if (fault === 'jam') expect(found).toBe('spoiled')
  expect(said.outcome === 'printed').toBe(fault === 'lies')
  expect(await printer.print(documentOf('b'))).toEqual({ outcome: 'printed' })
  expect(lookAtTray(tray, 'b')).toBe('printed')
})

it('knows no other fault', async () => {
  const printer = faultyPrinter({ tray, faultOf: () => 'fire' })
  await expect(printer.print(documentOf('a'))).rejects.toThrow(TypeError)
})
