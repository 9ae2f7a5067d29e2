import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Change, changes, decide, refusals, retryRefusal, sync } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../dist/station/station.js'
import { getPayload, putPayload } from '../../dist/station/store/payloads.js'
import { copyStation, KEY, newPath, record, stationWith } from './files.js'
import { codeOf } from './guard/support.js'
import { lineTo, opening, type Place, recordAt, twoPlaces } from './sync/support.js'

type Changing = AsyncGenerator<Change, void>

async function next(changing: Changing, count: number): Promise<Change[]> {
  const seen: Change[] = []
  while (seen.length < count) {
    const { value, done } = await changing.next()
    if (done) break
    seen.push(value as Change)
  }
  return seen
}

const names = (seen: readonly Change[]) => seen.map(({ station, kind, record }) => `${station} ${kind} ${record ?? ''}`)

/** All entries that have taken effect, as they lie in the file. */
function inFile({ station }: Pick<Place, 'station'>): string[] {
  const sql = 'SELECT station, kind, record FROM journal WHERE applied IS NOT NULL ORDER BY applied'
  const rows = partsOf(station).file.all<{ station: string; kind: string; record: string | null }>(sql)
  return rows.map(row => `${row.station} ${row.kind} ${row.record ?? ''}`)
}

describe('changes of a station', () => {
  it('come in the order in which they took effect, then as they do, those of others too', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'record-1')
    await sync(kiosk.station, lineTo(hub))
    const changing = changes(hub.station)
    const before = inFile(hub)
    expect(names(await next(changing, before.length))).toEqual(before)
    const waiting = next(changing, 4)
    recordAt(kiosk, 'record-2')
    await sync(kiosk.station, lineTo(hub))
    decide(hub.station, 'record-2', { state: 'PRINT_READY_RECORD', by: 'expert-1' })
    const told = await waiting
    expect(names(told)).toEqual(inFile(hub).slice(before.length, before.length + 4))
    expect(names(told)).toContain('kiosk-1 enrolled record-2')
    await changing.return()
  })

  it('go on behind any of them, in a file that was closed and opened again', async () => {
    const { station, path, identity } = await stationWith(300)
    const all = await next(changes(station), 302)
    await station.close()
    const again = await opening({ path, key: KEY, identity } as Place)
    for (const at of [0, 17, 255, 256, 300]) {
      const rest = changes(again.station, { after: all[at].cursor })
      expect(await next(rest, 301 - at)).toEqual(all.slice(at + 1))
      await rest.return()
    }
  })

  it('tell of what another process writes', async () => {
    const { station, path, identity } = await stationWith(1)
    const [last] = (await next(changes(station), 3)).slice(-1)
    const changing = changes(station, { after: last.cursor })
    const told = next(changing, 5)
    const script = join(path, '..', 'writes.mjs')
    const library = new URL('../../dist/station/index.js', import.meta.url).href
    writeFileSync(
      script,
      `import { openStation, override } from '${library}'
       const options = ${JSON.stringify({ path, identity, existing: true })}
       const station = await openStation({ ...options, key: new Uint8Array(${JSON.stringify([...KEY])}) })
       const why = { limit: 'records-waiting', until: '2099-01-01T00:00:00.000Z', operator: 'o', reason: 'r' }
       for (let i = 0; i < 5; i++) override(station, why)
       await station.close()`,
    )
    const child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    expect((await told).map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'override'))
    await station.close()
  })

  it('end when the station is closed, and with the signal', async () => {
    const { station } = await stationWith(0)
    const [last] = (await next(changes(station), 2)).slice(-1)
    const stop = new AbortController()
    const stopped = changes(station, { after: last.cursor, signal: stop.signal }).next()
    stop.abort(new Error('enough'))
    await expect(stopped).rejects.toThrow('enough')
    const ended = changes(station, { after: last.cursor }).next()
    await station.close()
    expect(await ended).toEqual({ done: true, value: undefined })
    expect(await codeOf(() => changes(station).next())).toBe('STATION_CLOSED')
  })

  it('tell once more of an entry whose contents come late, and go on behind the place that it left', async () => {
    const { kiosk, hub } = await twoPlaces()
    const { header } = recordAt(kiosk, 'record-1')
    recordAt(kiosk, 'record-2')
    const { file, keys } = partsOf(kiosk.station)
    const hash = Buffer.from(header.payloads[1].hash, 'hex')
    const photo = getPayload(file, keys, hash)!
    file.run('DELETE FROM payload WHERE hash = ?', hash)
    await sync(kiosk.station, lineTo(hub))
    const early = await next(changes(hub.station), inFile(hub).length)
    const bare = early.find(({ record }) => record === 'record-1')!
    expect(bare.isWhole).toBe(false)
    putPayload(file, keys, 'photo', photo)
    retryRefusal(kiosk.station, refusals(kiosk.station)[0], { operator: 'operator-7' })
    await sync(kiosk.station, lineTo(hub))
    const later = await next(changes(hub.station, { after: early[early.length - 1].cursor }), 1)
    expect(later).toMatchObject([{ station: 'kiosk-1', sequence: bare.sequence, isWhole: true }])
    // Nobody has the place that it left.
    const rest = await next(changes(hub.station, { after: bare.cursor }), inFile(hub).length - early.indexOf(bare))
    expect(rest.filter(({ sequence, station }) => station === 'kiosk-1' && sequence === bare.sequence)).toEqual(later)
  })
})

describe('a cursor', () => {
  it('is refused when it is none', async () => {
    const { station } = await stationWith(1)
    for (const after of ['', '1', '0-0', 'x-0123456789abcdef', 5]) {
      await expect(changes(station, { after: after as string }).next()).rejects.toThrow(
        /after must be the cursor of a change/,
      )
    }
    await station.close()
  })

  it('that an older copy of the file never had is refused, also when that has gone on', async () => {
    const { station, path, identity } = await stationWith(2)
    const old = copyStation(path, newPath())
    record(station, 'record-3')
    record(station, 'record-4')
    const [after] = (await next(changes(station), 6)).slice(-1)
    await station.close()
    const copy = await opening({ path: old, key: KEY, identity } as Place)
    expect(await codeOf(() => changes(copy.station, { after: after.cursor }).next())).toBe('CURSOR_UNKNOWN')
    for (const id of ['other-3', 'other-4', 'other-5']) record(copy.station, id)
    expect(await codeOf(() => changes(copy.station, { after: after.cursor }).next())).toBe('CURSOR_UNKNOWN')
  })
})

it('an entry that somebody altered is no change', async () => {
  const { station } = await stationWith(2)
  const { file } = partsOf(station)
  const sql = `UPDATE journal SET record = 'record-2' WHERE record = 'record-1'`
  file.run(sql)
  expect(await codeOf(() => next(changes(station), 4))).toBe('STATION_CORRUPT')
  await station.close()
})
