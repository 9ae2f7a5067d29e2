import Database from 'better-sqlite3'
import { openStation, resealAll, rotateKey, type Station, type StationIdentity, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../dist/station/station.js'
import { getPayload } from '../../dist/station/store/payloads.js'
import { KEY, record, stationWith } from './files.js'

const NEW_KEY = new Uint8Array(32).fill(9)

const open = (path: string, key: Uint8Array, identity: StationIdentity) => openStation({ path, key, identity })

/** Numbers of the data keys that seal something. */
function inUse(path: string): number[] {
  const database = new Database(path, { readonly: true })
  const sealed = database
    .prepare('SELECT body FROM journal UNION ALL SELECT sealed FROM payload')
    .pluck()
    .all() as Buffer[]
  database.close()
  return [...new Set(sealed.map(bytes => bytes.readUInt32LE(0)))].sort()
}

function readsAll(station: Station): number {
  const { file, keys } = partsOf(station)
  return file.all<{ hash: Uint8Array }>('SELECT hash FROM payload').filter(({ hash }) => getPayload(file, keys, hash))
    .length
}

describe('rotateKey', () => {
  it('lets the new key open the station and the old one not; what was recorded before and after is whole', async () => {
    const { station, path, identity } = await stationWith(3)
    rotateKey(station, NEW_KEY)
    record(station, 'after')
    expect(await verifyStation(station)).toMatchObject({ ok: true, findings: [] })
    await station.close()
    await expect(open(path, KEY, identity)).rejects.toMatchObject({ code: 'STATION_KEY' })
    const again = await open(path, NEW_KEY, identity)
    expect(readsAll(again)).toBe(4)
    expect(inUse(path)).toEqual([2, 3])
    await again.close()
  })

  it('is noticed by others that have the station open', async () => {
    const { station, path, identity } = await stationWith(1)
    const other = await open(path, KEY, identity)
    rotateKey(station, NEW_KEY)
    expect(() => record(other, 'x')).toThrow(expect.objectContaining({ code: 'STATION_KEY' }))
    expect(() => rotateKey(other, KEY)).toThrow(expect.objectContaining({ code: 'STATION_KEY' }))
    record(station, 'y')
    expect(() => readsAll(other)).toThrow(expect.objectContaining({ code: 'STATION_KEY' }))
    await other.close()
    expect(readsAll(station)).toBe(2)
    await station.close()
  })

  it('changes nothing where the disk is full, and can be tried again', async () => {
    const { station, path, identity } = await stationWith(1)
    const { file } = partsOf(station)
    const pages = file.pragma('page_count') as number
    file.pragma(`max_page_count = ${pages}`)
    let full = false
    for (let i = 0; i < 400 && !full; i++) {
      try {
        rotateKey(
          station,
          NEW_KEY.map(byte => byte + i),
        )
      } catch (error) {
        expect(error).toMatchObject({ code: 'STATION_FULL' })
        full = true
      }
    }
    expect(full).toBe(true)
    file.pragma('max_page_count = 4294967294')
    record(station, 'after')
    rotateKey(station, NEW_KEY)
    expect(readsAll(station)).toBe(2)
    await station.close()
    await (await open(path, NEW_KEY, identity)).close()
  })

  it('refuses what is no key', async () => {
    const { station } = await stationWith(0)
    expect(() => rotateKey(station, new Uint8Array(16))).toThrow(/newKey must be 32 bytes/)
    await station.close()
  })
})

describe('resealAll', () => {
  it('leaves nothing sealed under an older key, and forgets those', async () => {
    const { station, path, identity } = await stationWith(5)
    rotateKey(station, NEW_KEY)
    const seen: number[] = []
    const { resealed } = await resealAll(station, { onProgress: ({ done, total }) => seen.push(done / total) })
    expect(resealed).toBe(13)
    expect(seen.at(-1)).toBe(1)
    expect(inUse(path)).toEqual([3])
    expect(partsOf(station).file.all('SELECT number FROM data_key ORDER BY number')).toEqual([
      { number: 1 },
      { number: 3 },
    ])
    record(station, 'after')
    expect(await verifyStation(station)).toMatchObject({ ok: true })
    expect(await resealAll(station)).toEqual({ resealed: 0, isOldKeyGone: true })
    await station.close()
    const again = await open(path, NEW_KEY, identity)
    expect(readsAll(again)).toBe(6)
    await again.close()
  })

  it('is gone on with where it was stopped, while others record', async () => {
    const { station, path } = await stationWith(0)
    for (let i = 0; i < 450; i++) record(station, `r-${i}`)
    rotateKey(station, NEW_KEY)
    const stop = new AbortController()
    const stopped = resealAll(station, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })
    await expect(stopped).rejects.toThrow('enough')
    expect(inUse(path)).toEqual([2, 3])
    record(station, 'in-between')
    const { resealed } = await resealAll(station)
    expect(resealed).toBeLessThan(450 * 2)
    expect(inUse(path)).toEqual([3])
    expect(readsAll(station)).toBe(451)
    expect(await verifyStation(station)).toMatchObject({ ok: true })
    await station.close()
  })
})
