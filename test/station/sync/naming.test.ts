/** One payload that is named by hundreds of entries: few of them are looked at, and it is served all the same. */
import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import { apply, sync } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { HostileKiosk } from '../../../bench/support/station-hostile/kiosk.js'
import { type Ground, groundFor } from '../../../dist/station/sync/ground.js'
import { serveWants } from '../../../dist/station/sync/payloads-out.js'
import { acquaint, lineTo, newPlace, type Place, recordAt, transportOf, twoPlaces } from './support.js'

const ENTRIES = 600

/** Most rows that a look at one hash may cost for each station that names it. */
const MOST_ROWS = 32

/**
 * A hub whose kiosks `a-kiosk` and `z-kiosk` name a payload of `kiosk-1`, and one that nobody has, in
 * hundreds of headers.
 */
async function named() {
  const { kiosk, hub } = await twoPlaces()
  const centre = await newPlace('centre')
  const { header } = recordAt(kiosk, 'victim', { templates: 900 })
  await sync(kiosk.station, lineTo(hub))
  const [{ hash }] = header.payloads
  const nowhere = randomBytes(32).toString('hex')
  for (const id of ['a-kiosk', 'z-kiosk']) {
    const thief = await newPlace(id)
    acquaint(thief, hub)
    const hostile = new HostileKiosk(thief.station, 'hub')
    const payloads = [hash, nowhere].map(each => ({ role: 'templates', hash: each, size: 900 }))
    const entries = Array.from({ length: ENTRIES }, () =>
      hostile.entry({ kind: 'enrolled', direction: 'local', record: 'x', recordVersion: 1, payloads }),
    )
    await apply(hub.station, id, hostile.message({ entries: [...hostile.before, ...entries] }))
  }
  acquaint(hub, centre, { vouches: true })
  return { hub, centre, hash, nowhere }
}

/** Ground on a connection of its own, that counts the rows of the journal whose columns are read. */
function counting({ station, path }: Place, peer: string) {
  const database = new Database(path, { readonly: true })
  let rows = 0
  database.function('looked', (value: unknown) => {
    rows++
    return value
  })
  database.exec(`CREATE TEMP VIEW journal AS SELECT station, sequence, looked(applied) AS applied, kind,
    looked(direction) AS direction, record, header, hash, signature, body, mac FROM main.journal`)
  const file = {
    path,
    all: (sql: string, ...values: unknown[]) => database.prepare(sql).all(...values),
    each: (sql: string, ...values: unknown[]) => database.prepare(sql).iterate(...values),
    get: (sql: string, ...values: unknown[]) => database.prepare(sql).get(...values),
  }
  const ground = { ...groundFor(station, peer), file } as unknown as Ground
  return { ground, looks: () => rows, close: () => database.close() }
}

describe('a payload that two kiosks name in hundreds of headers', () => {
  it('costs a look at few of them', async () => {
    const { hub, hash, nowhere } = await named()
    for (const peer of ['centre', 'kiosk-1']) {
      for (const [each, stations] of [
        [hash, 4],
        [nowhere, 2],
      ] as const) {
        const { ground, looks, close } = counting(hub, peer)
        const { chunks, lacks } = serveWants(ground, [{ hash: each, offset: 0 }], 100_000)
        expect(chunks.map(chunk => chunk.hash)).toEqual(each === hash ? [hash] : [])
        expect(lacks).toEqual(each === hash ? [] : [nowhere])
        // Columns of a row are read for whether it gives, and for whether it waits.
        expect(looks()).toBeLessThanOrEqual(3 * stations * MOST_ROWS)
        close()
      }
    }
  })

  it('still goes up for the record that it belongs to', async () => {
    const { hub, centre } = await named()
    await sync(hub.station, lineTo(centre))
    expect(Object.keys(transportOf(centre))).toEqual(['victim'])
    expect(transportOf(hub)).toEqual({ victim: 'synchronised' })
  })
})
