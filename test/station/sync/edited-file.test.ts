/** Edits of a file, without its key, in tables that follow from what peers send. */
import Database from 'better-sqlite3'
import { raiseQuota, status, sync, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { compose } from '../../../dist/station/sync/compose.js'
import { sealMessage } from '../../../dist/station/sync/seal.js'
import { codeOf } from '../guard/support.js'
import { anomaliesOf, lineTo, type Place, recordAt, twoPlaces } from './support.js'

function edit({ path }: Place, sql: string): void {
  const database = new Database(path)
  expect(database.prepare(sql).run().changes, sql).toBeGreaterThan(0)
  database.close()
}

async function met(records: number): Promise<{ kiosk: Place; hub: Place }> {
  const { kiosk, hub } = await twoPlaces()
  for (let i = 1; i <= records; i++) recordAt(kiosk, `record-${i}`)
  await sync(kiosk.station, lineTo(hub))
  return { kiosk, hub }
}

const codesAt = async ({ station }: Place) => (await verifyStation(station)).findings.map(({ code }) => code)

describe('how far a journal is here, edited at the hub', () => {
  it('lets no entry take effect twice when it is said to end earlier', async () => {
    const { kiosk, hub } = await met(3)
    const sql = `SELECT sequence, applied FROM journal WHERE station = 'kiosk-1' ORDER BY sequence`
    const places = () => partsOf(hub.station).file.all(sql)
    const before = places()
    edit(hub, `UPDATE heard SET through = through - 2`)
    expect(await codesAt(hub)).toContain('row-wrong')
    expect(await sync(kiosk.station, lineTo(hub))).toMatchObject({ unsent: 0 })
    recordAt(kiosk, 'record-4')
    expect(await sync(kiosk.station, lineTo(hub))).toMatchObject({ unsent: 0, refused: [] })
    expect(places().slice(0, before.length)).toEqual(before)
    expect(await codesAt(hub)).toEqual([])
    expect(anomaliesOf(kiosk)).toEqual(['peer-went-back'])
  })

  it('blames nobody when it is said to end later, or at an entry with another hash', async () => {
    for (const sql of [
      'UPDATE heard SET through = through + 1',
      `UPDATE journal SET hash = zeroblob(32) WHERE station = 'kiosk-1' AND sequence = (SELECT through FROM heard)`,
    ]) {
      const { kiosk, hub } = await met(2)
      edit(hub, sql)
      recordAt(kiosk, 'record-3')
      const { stopped } = await sync(kiosk.station, lineTo(hub), { retry: { attempts: 1 } })
      expect(stopped?.message).toMatch(/STATION_ALTERED|STATION_CORRUPT/)
      expect(anomaliesOf(hub)).toEqual([])
      expect(await codesAt(hub)).not.toEqual([])
    }
  })
})

it('payloads that were taken out after the receipt are found missing, and are not called awaited', async () => {
  const { hub } = await met(2)
  edit(hub, 'DELETE FROM payload')
  const { findings, counts } = await verifyStation(hub.station)
  expect(counts.payloadsAwaited).toBe(0)
  const missing = findings.filter(({ code }) => code === 'payload-missing')
  // Templates and photo of two records of the kiosk, and the templates that the hub has passed on.
  expect(missing.map(({ where }) => where.station).sort()).toEqual(
    [...'hh', ...'kkkk'].map(id => (id === 'h' ? 'hub' : 'kiosk-1')),
  )
})

it('a quota that nobody raised is not believed', async () => {
  const { kiosk, hub } = await met(1)
  const until = new Date(Date.now() + 86_400_000).toISOString()
  raiseQuota(hub.station, {
    peer: kiosk.identity.id,
    quota: 'entries',
    amount: 30_000,
    until,
    operator: 'supervisor-1',
    reason: 'a backlog',
  })
  edit(hub, 'UPDATE peer_quota SET amount = 9000000')
  expect(await codeOf(() => status(hub.station))).toBe('STATION_ALTERED')
})

describe('the line to a peer, edited', () => {
  it.each([
    `UPDATE line SET state = '{'`,
    `UPDATE line SET state = '{"failures":-1,"rests":"x","restsSince":1e300}'`,
    `UPDATE line SET state = '{"failures":5,"rests":1,"restsSince":1e300}'`,
    'UPDATE line SET message_bytes = -1',
    'UPDATE line SET message_bytes = 9007199254740993',
  ])('is tried again, as nothing is lost by it: %s', async sql => {
    const { kiosk, hub } = await met(1)
    edit(kiosk, sql)
    recordAt(kiosk, 'record-2')
    expect(status(kiosk.station).peers).toHaveLength(1)
    expect(await sync(kiosk.station, lineTo(hub))).toMatchObject({ unsent: 0 })
  })
})

it('a receipt follows from what an entry names, not from what is listed beside it', async () => {
  const { kiosk, hub } = await twoPlaces()
  recordAt(kiosk, 'record-1')
  // The entry without its payloads, as in the first of several messages.
  const { message } = compose(kiosk.station, 'hub')
  await lineTo(hub).exchange(await sealMessage(kiosk.station, { ...message, chunks: [] }), {})
  edit(hub, 'DELETE FROM entry_payload')
  edit(hub, `INSERT INTO settling (station, sequence) SELECT station, sequence FROM journal WHERE applied IS NULL`)
  const { stopped, receipts } = await sync(kiosk.station, lineTo(hub), { retry: { attempts: 1 } })
  expect([stopped?.message, receipts]).toEqual([expect.stringContaining('STATION_ALTERED'), 0])
})

it('what is half received and who was answered, edited, keep nobody from synchronising', async () => {
  const { kiosk, hub } = await met(1)
  edit(hub, `UPDATE line SET taken_nonce = 'not a nonce'`)
  recordAt(kiosk, 'record-2')
  expect(await sync(kiosk.station, lineTo(hub))).toMatchObject({ unsent: 0, refused: [] })
})
