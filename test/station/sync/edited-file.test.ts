/** Edits of a file, without its key, in tables that follow from what peers send. */
import Database from 'better-sqlite3'
import { SidikError } from 'sidik'
import {
  raiseQuota,
  refusals,
  retryRefusal,
  status,
  sync,
  type Transport,
  verifyStation,
  verifyStationFile,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { headMac } from '../../../dist/station/guard/head.js'
import { GuardTree } from '../../../dist/station/guard/tree.js'
import { trustedMac } from '../../../dist/station/guard/trusted.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { DataKeys } from '../../../dist/station/store/data-keys.js'
import { StationFile } from '../../../dist/station/store/database.js'
import { getPayload } from '../../../dist/station/store/payloads.js'
import { compose } from '../../../dist/station/sync/compose.js'
import { noteAnomaly } from '../../../dist/station/sync/noted.js'
import { sealMessage } from '../../../dist/station/sync/seal.js'
import { codeOf } from '../guard/support.js'
import {
  acquaint,
  anomaliesOf,
  lineTo,
  NIK,
  newPlace,
  opening,
  type Place,
  recordAt,
  transportOf,
  twoPlaces,
} from './support.js'

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
  it('blames nobody when it is said to end earlier or later, or at an entry with another hash', async () => {
    for (const sql of [
      'UPDATE heard SET through = through - 2',
      'UPDATE heard SET through = through + 1',
      `UPDATE journal SET hash = zeroblob(32) WHERE station = 'kiosk-1' AND sequence = (SELECT through FROM heard)`,
    ]) {
      const { kiosk, hub } = await met(2)
      edit(hub, sql)
      recordAt(kiosk, 'record-3')
      const { stopped } = await sync(kiosk.station, lineTo(hub), { retry: { attempts: 1 } })
      expect(stopped?.message).toMatch(/STATION_ALTERED|STATION_CORRUPT/)
      expect([anomaliesOf(hub), anomaliesOf(kiosk)]).toEqual([[], []])
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
    amount: 300_000,
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
    `UPDATE line SET state = '{"failures":5,"rests":9007199254740991,"restsSince":1}'`,
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

describe('a payload that is half here, edited at the hub', () => {
  const FLIPPED = 'substr(sealed, 1, 99) || char(unicode(hex(substr(sealed, 100, 1)))) || substr(sealed, 101)'

  it.each([
    `UPDATE partial_chunk SET sealed = x'00112233'`,
    `UPDATE partial_chunk SET sealed = CAST(${FLIPPED} AS BLOB)`,
    'UPDATE partial_chunk SET start = start + 7',
    'DELETE FROM partial_chunk',
    'DELETE FROM partial',
    'UPDATE partial SET received = 2000000000',
    'UPDATE partial SET received = received - 100',
  ])('is sent anew: %s', async sql => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'record-1', { templates: 700, photo: 1_500_000 })
    let left = 2
    const breaking: Transport = {
      name: 'breaking',
      exchange: (bytes, told) => {
        if (left-- === 0) throw new SidikError('LINE_DOWN', 'gone')
        return lineTo(hub).exchange(bytes, told)
      },
    }
    expect((await sync(kiosk.station, breaking, { retry: { attempts: 1 } })).stopped).toBeDefined()
    edit(hub, sql)
    recordAt(kiosk, 'record-2')
    expect(await sync(kiosk.station, lineTo(hub), { tryNow: true })).toMatchObject({ unsent: 0, refused: [] })
    expect(new Set(Object.values(transportOf(kiosk)))).toEqual(new Set(['synchronised']))
    expect(partsOf(hub.station).file.all('SELECT * FROM partial_chunk')).toEqual([])
  })
})

it.each(['not a code; at all', 'NOBODY_SAYS_SO'])('an entry that waits with the code %s is taken', async code => {
  const { kiosk, hub } = await twoPlaces()
  recordAt(kiosk, 'record-1')
  const { message } = compose(kiosk.station, 'hub')
  await lineTo(hub).exchange(await sealMessage(kiosk.station, { ...message, chunks: [] }), {})
  edit(hub, `INSERT INTO settling SELECT station, sequence, '${code}' FROM journal WHERE applied IS NULL`)
  expect(await sync(kiosk.station, lineTo(hub))).toMatchObject({ unsent: 0, refused: [] })
})

it('answers that no message can carry are not given', async () => {
  const { kiosk, hub } = await met(1)
  for (const [station, sequence, hash, code] of [
    ["'A b' || char(10)", 1, "x'00'", "'X'"],
    ["'kiosk-1'", -5, 'zeroblob(32)', "'X'"],
    ["'kiosk-1'", 900, 'zeroblob(32)', "'not a code'"],
  ]) {
    edit(hub, `INSERT INTO due VALUES ('kiosk-1', ${station}, ${sequence}, ${hash}, 1)`)
    edit(hub, `INSERT INTO declined VALUES (${station}, ${sequence}, ${hash}, ${code})`)
  }
  recordAt(kiosk, 'record-2')
  expect(await sync(kiosk.station, lineTo(hub))).toMatchObject({ unsent: 0, refused: [] })
})

describe('what a peer used of its quotas, edited at the hub', () => {
  it.each(['DELETE FROM peer_use', 'UPDATE peer_use SET entries = 0', `UPDATE peer_use SET day = '2000-01-01'`])(
    'is not believed, while the station is open or when it is opened: %s',
    async sql => {
      for (const isClosed of [false, true]) {
        const { kiosk, hub } = await met(1)
        if (isClosed) await hub.station.close()
        edit(hub, sql)
        const next = () => sync(kiosk.station, lineTo(hub), { retry: { attempts: 1 } })
        recordAt(kiosk, 'record-2')
        if (isClosed) expect(await codeOf(() => opening(hub))).toBe('STATION_ALTERED')
        else {
          expect((await next()).stopped?.message).toContain('STATION_ALTERED')
          expect(await codesAt(hub)).toContain('guard-head')
        }
      }
    },
  )

  it('a head of an older program, which does not cover it, is believed once, and then covers it', async () => {
    const { kiosk, hub } = await met(1)
    await hub.station.close()
    olderHead(hub)
    expect((await verifyStationFile(hub.path, { key: hub.key, identity: hub.identity })).findings).toEqual([])
    const again = await opening(hub)
    recordAt(kiosk, 'record-2')
    expect(await sync(kiosk.station, lineTo(again))).toMatchObject({ unsent: 0 })
    edit(again, 'DELETE FROM peer_use')
    expect(await codeOf(() => status(again.station))).toBe('STATION_ALTERED')
    await again.station.close()
    expect(await codeOf(() => opening(hub))).toBe('STATION_ALTERED')
    // Nor is it while the station is open.
    const other = await met(1)
    olderHead(other.hub)
    expect(await codeOf(() => status(other.hub.station))).toBe('STATION_ALTERED')
  })
})

describe('which payloads were sent and what is declined, edited at the hub', () => {
  /** Sends the hub the kiosk's entries, and of their payloads those that `goes` lets through. */
  async function sendPart({ kiosk, hub }: { kiosk: Place; hub: Place }, goes: (size: number) => boolean) {
    const wants = partsOf(kiosk.station)
      .file.all<{ hash: Uint8Array }>('SELECT hash FROM payload')
      .map(({ hash }) => ({ hash: Buffer.from(hash).toString('hex'), offset: 0 }))
    const { message } = compose(kiosk.station, 'hub', { answering: { wants, gaps: [] } })
    const chunks = message.chunks.filter(({ bytes }) => goes(bytes.length))
    expect(chunks).not.toHaveLength(message.chunks.length)
    await lineTo(hub).exchange(await sealMessage(kiosk.station, { ...message, chunks }), {})
  }

  it('has payloads sent once more where they are said not to have come', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'record-1', { templates: 700, photo: 20_000 })
    await sendPart({ kiosk, hub }, size => size === 20_000)
    edit(hub, 'DELETE FROM provided')
    expect(await sync(kiosk.station, lineTo(hub))).toMatchObject({ unsent: 0, refused: [] })
    expect(transportOf(kiosk)).toEqual({ 'record-1': 'synchronised' })
    expect(await codesAt(hub)).toEqual([])
  })

  it('gives nobody the bytes that it is said to have sent itself', async () => {
    const { kiosk, hub } = await met(1)
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    const { file, keys } = partsOf(kiosk.station)
    const [{ hash }] = file.all<{ hash: Uint8Array }>("SELECT hash FROM entry_payload WHERE role = 'photo'")
    const size = getPayload(file, keys, hash)!.length
    const payloads = [{ role: 'photo', hash: Buffer.from(hash).toString('hex'), size }]
    const body = { nik: NIK, person: {}, operator: 'o', preCheck: { decision: 'clear', candidates: [], persons: 0 } }
    append(other.station, {
      ...{ kind: 'enrolled', direction: 'up', record: 'theirs', recordVersion: 1, body, payloads },
    } as never)
    edit(hub, `INSERT INTO provided (peer, hash) VALUES ('kiosk-2', x'${Buffer.from(hash).toString('hex')}')`)
    await sync(other.station, lineTo(hub))
    // A receipt, and no more.
    expect(transportOf(other)).toEqual({ theirs: 'synchronised' })
    const { message } = compose(hub.station, 'kiosk-2', {
      answering: { wants: [{ hash: payloads[0].hash, offset: 0 }], gaps: [] },
    })
    expect([message.chunks, message.lacks]).toEqual([[], [payloads[0].hash]])
    expect(partsOf(other.station).file.all('SELECT 1 FROM payload WHERE hash = ?', hash)).toEqual([])
  })

  it('has an entry refused that is said to be declined, which its station sees, and can send again', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'record-1', { templates: 700, photo: 20_000 })
    await sendPart({ kiosk, hub }, () => false)
    const sql = `INSERT INTO declined (station, sequence, hash, code)
      SELECT station, sequence, hash, 'ENTRY_CORRUPT' FROM journal WHERE record = 'record-1'`
    edit(hub, sql)
    await sync(kiosk.station, lineTo(hub))
    expect(refusals(kiosk.station)).toMatchObject([{ record: 'record-1', code: 'ENTRY_CORRUPT' }])
    for (const refusal of refusals(kiosk.station)) retryRefusal(kiosk.station, refusal, { operator: 'operator-7' })
    edit(hub, 'DELETE FROM declined')
    await sync(kiosk.station, lineTo(hub))
    expect(transportOf(kiosk)).toEqual({ 'record-1': 'synchronised' })
    expect(await codesAt(hub)).toEqual([])
  })

  it('gives no receipt for an entry that was declined, where that is taken out', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    recordAt(kiosk, 'record-1')
    recordAt(other, 'record-1')
    await sync(kiosk.station, lineTo(hub))
    const exchange = lineTo(hub)
    const { message } = compose(other.station, 'hub')
    await exchange.exchange(await sealMessage(other.station, message), {})
    edit(hub, 'DELETE FROM declined')
    const { receipts } = await sync(other.station, lineTo(hub))
    expect(receipts).toBe(0)
    expect(transportOf(other)).not.toEqual({ 'record-1': 'synchronised' })
  })
})

/** Gives the file the head that a program before made. */
function olderHead({ path, key, identity }: Place): void {
  const file = new StationFile(path, { create: false })
  const keys = new DataKeys(file, key)
  const covered = { trusted: trustedMac(file, keys), use: undefined, branches: new GuardTree(file, keys).branches() }
  file.run('UPDATE guard_head SET mac = ?', Buffer.from(headMac(file, keys, identity.id, covered), 'hex'))
  file.close()
}

it('nothing is made to look noted: an anomaly is written down all the same', async () => {
  const { kiosk, hub } = await met(1)
  const subject = `journal-fork ${kiosk.identity.id} by ${kiosk.identity.id}`
  edit(hub, `INSERT INTO noted (about) VALUES ('${subject}')`)
  for (const _ of [1, 2]) noteAnomaly(hub.station, 'journal-fork', subject.slice('journal-fork '.length), 'x')
  expect(anomaliesOf(hub)).toEqual(['journal-fork'])
})
