import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { openStation, resealAll, rotateKey, type StationIdentity, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { copyStation, flipBit, KEY, newPath, record, stationWith } from '../files.ts'

const NEW_KEY = new Uint8Array(32).fill(9)

/** Keys as they lie sealed in a file. */
function sealedKeys(path: string): Buffer[] {
  const database = new Database(path, { readonly: true })
  const sealed = database.prepare('SELECT sealed FROM data_key').pluck().all() as Buffer[]
  database.close()
  return sealed
}

/** All files that lie beside a station's, and itself. */
function filesOf(path: string): string[] {
  return readdirSync(dirname(path))
    .filter(name => name.startsWith(basename(path)))
    .map(name => join(dirname(path), name))
}

/** Files in which one of the byte strings lies. */
function holding(path: string, needles: readonly Buffer[]): string[] {
  return filesOf(path).filter(name => needles.some(needle => readFileSync(name).includes(needle)))
}

async function opens(path: string, key: Uint8Array, identity: StationIdentity): Promise<boolean> {
  try {
    await (await openStation({ path, key, identity, existing: true })).close()
    return true
  } catch {
    return false
  }
}

/** Copies of every set of the files that has the station's own, as somebody could take them. */
function copiesOf(path: string): string[] {
  const ends = ['-wal', '-shm', '.mark'].filter(end => existsSync(path + end))
  return Array.from({ length: 2 ** ends.length }, (_, set) => {
    const copy = newPath()
    copyFileSync(path, copy)
    for (const [i, end] of ends.entries()) if ((set >> i) & 1) copyFileSync(path + end, copy + end)
    return copy
  })
}

it('no copy of the files taken after the change opens with the old key, or holds a key sealed under it', async () => {
  const { station: before, path: from, identity } = await stationWith(3)
  const path = copyStation(from)
  flipBit(`${path}-wal`, readFileSync(`${path}-wal`).length - 3_000, 2)
  const station = await openStation({ path, key: KEY, identity })
  record(station, 'in-the-log')
  const old = sealedKeys(path)
  const logs = filesOf(path).filter(name => name.includes('.damaged-'))
  expect(logs).toHaveLength(1)
  expect(holding(path, old).length).toBeGreaterThanOrEqual(2)
  expect(rotateKey(station, NEW_KEY)).toEqual({ isOldKeyGone: true })
  expect(holding(path, old)).toEqual([])
  record(station, 'after')
  for (const copy of copiesOf(path)) {
    expect(await opens(copy, KEY, identity)).toBe(false)
  }
  for (const copy of copiesOf(path)) expect(await opens(copy, NEW_KEY, identity), copy).toBe(true)
  expect(filesOf(path)).toEqual(expect.arrayContaining(logs))
  expect(await verifyStation(station)).toMatchObject({ ok: true })
  await station.close()
  expect(holding(path, old)).toEqual([])
  await before.close()
})

it('old keys are said to be there still while another reads the file, and are gone once it is closed', async () => {
  const { station, path, identity } = await stationWith(2)
  await station.close()
  const again = await openStation({ path, key: KEY, identity })
  const old = sealedKeys(path)
  const reader = new Database(path, { readonly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM record').get()
  expect(rotateKey(again, NEW_KEY)).toEqual({ isOldKeyGone: false })
  expect(holding(path, old)).toEqual([path])
  record(again, 'goes-on')
  reader.close()
  await again.close()
  expect(holding(path, old)).toEqual([])
  expect(await opens(path, KEY, identity)).toBe(false)
  expect(await opens(path, NEW_KEY, identity)).toBe(true)
})

it('what a killed process left of the old keys is gone when the station is opened', async () => {
  const { station, path, identity } = await stationWith(2)
  await station.close()
  const again = await openStation({ path, key: KEY, identity })
  const old = sealedKeys(path)
  const reader = new Database(path, { readonly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM record').get()
  rotateKey(again, NEW_KEY)
  const killed = copyStation(path)
  reader.close()
  await again.close()
  expect(holding(killed, old)).toEqual([killed])
  const opened = await openStation({ path: killed, key: NEW_KEY, identity })
  expect(holding(killed, old)).toEqual([])
  await opened.close()
})

it('keys that resealAll forgets are in no file any more', async () => {
  const { station, path } = await stationWith(5)
  rotateKey(station, NEW_KEY)
  const old = sealedKeys(path)
  const { isOldKeyGone, resealed } = await resealAll(station)
  expect([isOldKeyGone, resealed > 5]).toEqual([true, true])
  const kept = sealedKeys(path).map(key => key.toString('hex'))
  const forgotten = old.filter(key => !kept.includes(key.toString('hex')))
  expect(forgotten.length).toBeGreaterThan(0)
  expect(holding(path, forgotten)).toEqual([])
  await station.close()
  expect(holding(path, forgotten)).toEqual([])
})
