import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import { apply, compose, refusals, retryRefusal, sync, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { randomTemplates } from '../../../bench/support/random-templates.js'
import { HostileKiosk } from '../../../bench/support/station-hostile/kiosk.js'
import { partsOf } from '../../../dist/station/station.js'
import { getPayload, type PayloadReference, putPayload, sha256 } from '../../../dist/station/store/payloads.js'
import type { Message } from '../../../dist/station/sync/message-schema.js'
import { acquaint, lineTo, newPlace, type Place, recordAt, transportOf, twoPlaces } from './support.js'

/** To name a hash is not to have the bytes: what a record names counts once its own station has sent it. */

const BODY = Buffer.from(
  JSON.stringify({
    salt: 'AAAA',
    nik: '3276014107900002',
    person: { name: 'x' },
    operator: 'o',
    preCheck: { decision: 'clear', candidates: [], persons: 0 },
  }),
)

/** Kiosk-1 has synchronised a record of templates and a photo; kiosk-2 knows their hashes. */
async function victimAndThief() {
  const { kiosk, hub } = await twoPlaces()
  const thief = await newPlace('kiosk-2')
  acquaint(thief, hub)
  const { header } = recordAt(kiosk, 'victim', { templates: 900, photo: 3_000 })
  await sync(kiosk.station, lineTo(hub))
  const [templates, photo] = header.payloads
  return { kiosk, hub, thief, templates, photo, hostile: await begun(hub, thief) }
}

/** A station that signs what no program of ours writes, behind what the hub knows of it. */
async function begun(hub: Place, { station, identity }: Place): Promise<HostileKiosk> {
  const hostile = new HostileKiosk(station, 'hub')
  await apply(hub.station, identity.id, hostile.message({ entries: hostile.before }))
  return hostile
}

function recordNaming(hostile: HostileKiosk, payloads: readonly PayloadReference[], id = 'stolen') {
  return hostile.entry({ kind: 'enrolled', record: id, recordVersion: 1, body: BODY, payloads })
}

const take = (hub: Place, message: Message) => apply(hub.station, 'kiosk-2', message)
const answerTo = (hub: Place, answering?: Message) =>
  compose(hub.station, 'kiosk-2', answering && { answering }).message
const galleryOf = ({ station }: Place) => partsOf(station).file.all('SELECT record FROM gallery_entry ORDER BY record')

describe('a payload that another kiosk has sent', () => {
  it('is not given to the centre in the name of who only names it, and goes up when that one has sent it', async () => {
    const { hub, hostile, templates, photo } = await victimAndThief()
    const centre = await newPlace('centre')
    acquaint(hub, centre, { vouches: true })
    await take(hub, hostile.message({ entries: [recordNaming(hostile, [templates, photo])] }))
    const later = recordNaming(hostile, [], 'later')
    await take(hub, hostile.message({ entries: [later] }))
    await sync(hub.station, lineTo(centre))
    expect(Object.keys(transportOf(centre)).sort()).toEqual(['later', 'victim'])
    expect(await verifyStation(centre.station)).toMatchObject({ ok: true })
    const { file, keys } = partsOf(hub.station)
    const chunks = [templates, photo].map(({ hash }) => ({
      hash,
      offset: 0,
      bytes: getPayload(file, keys, Buffer.from(hash, 'hex'))!,
    }))
    await take(hub, hostile.message({ chunks }))
    await sync(hub.station, lineTo(centre))
    expect(Object.keys(transportOf(centre)).sort()).toEqual(['later', 'stolen', 'victim'])
    expect(await sync(hub.station, lineTo(centre))).toMatchObject({ unsent: 0, sent: 0 })
  })

  it('brings no receipt to who only names it: the hub asks for the bytes', async () => {
    const { hub, hostile, photo, templates } = await victimAndThief()
    await take(hub, hostile.message({ entries: [recordNaming(hostile, [{ ...photo, role: 'templates' }, templates])] }))
    const twice = hostile.message({ entries: [recordNaming(hostile, [{ ...photo, role: 'templates' }], 'second')] })
    await take(hub, twice)
    const { receipts, wants } = answerTo(hub)
    expect(receipts).toEqual([])
    expect(wants).toEqual([{ hash: photo.hash, offset: 0 }])
    expect(Object.keys(transportOf(hub))).toEqual(['victim'])
    expect(galleryOf(hub)).toEqual([{ record: 'victim' }])
  })

  it('is declined as missing when the station that names it does not have it', async () => {
    const { hub, hostile, photo } = await victimAndThief()
    await take(hub, hostile.message({ entries: [recordNaming(hostile, [{ ...photo, role: 'photo' }])] }))
    await take(hub, hostile.message({ lacks: [photo.hash] }))
    expect(answerTo(hub).refusals.map(({ code }) => code)).toEqual(['PAYLOAD_MISSING'])
    expect(Object.keys(transportOf(hub))).toEqual(['victim'])
  })

  it('counts once the station has sent it too, and is kept once', async () => {
    const { hub, thief, kiosk, photo } = await victimAndThief()
    const { file, keys } = partsOf(thief.station)
    const bytes = partsOf(kiosk.station)
    const same = getPayload(bytes.file, bytes.keys, Buffer.from(photo.hash, 'hex'))!
    recordAt(thief, 'own', { photo: 500 })
    file.transaction(() => putPayload(file, keys, 'photo', same))
    const half = 1_000
    const chunk = (from: number, to: number, of = same) => ({
      hash: photo.hash,
      offset: from,
      bytes: new Uint8Array(of.subarray(from, to)),
    })
    await sync(thief.station, lineTo(hub))
    const hostile = await begun(hub, thief)
    await take(hub, hostile.message({ entries: [recordNaming(hostile, [photo], 'twin')] }))
    await take(hub, hostile.message({ chunks: [chunk(0, half)] }))
    expect(answerTo(hub).wants).toEqual([{ hash: photo.hash, offset: half }])
    await take(hub, hostile.message({ chunks: [chunk(half, same.length)] }))
    expect(answerTo(hub).receipts).toHaveLength(1)
    expect(Object.keys(transportOf(hub))).toContain('twin')
    const count = partsOf(hub.station).file.get('SELECT count(*) AS n FROM payload WHERE hash = ?', sha256(same))
    expect(count).toEqual({ n: 1 })
    expect((await verifyStation(hub.station)).findings).toEqual([])
  })

  it('comes byte by byte as well, and is as few rows as if it did not', async () => {
    const { kiosk, hub } = await twoPlaces()
    const { header } = recordAt(kiosk, 'a', { photo: 70_000 })
    const hostile = await begun(hub, kiosk)
    const { hash } = header.payloads.find(({ role }) => role === 'photo')!
    const { file, keys } = partsOf(kiosk.station)
    const photo = getPayload(file, keys, Buffer.from(hash, 'hex'))!
    await apply(hub.station, 'kiosk-1', hostile.message({ entries: compose(kiosk.station, 'hub').message.entries }))
    const cuts = [0, 30_000, ...Array.from({ length: 3_000 }, (_, i) => 30_001 + i), 60_000, photo.length]
    const chunks = cuts.slice(1).map((end, i) => ({ hash, offset: cuts[i]!, bytes: photo.subarray(cuts[i], end) }))
    await apply(hub.station, 'kiosk-1', hostile.message({ chunks: chunks.slice(0, -1) }))
    const rows = partsOf(hub.station).file.get<{ n: number }>('SELECT count(*) AS n FROM partial_chunk')!.n
    expect(rows).toBeLessThan(5)
    await apply(hub.station, 'kiosk-1', hostile.message({ chunks: chunks.slice(-1) }))
    expect(Object.keys(transportOf(hub))).toEqual(['a'])
  })

  it('does not come whole from a kiosk by what another has sent of it, nor is spoilt by it', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    const { header } = recordAt(kiosk, 'a', { photo: 60_000 })
    const hostile = await begun(hub, other)
    const [{ hash }] = header.payloads
    await apply(hub.station, 'kiosk-1', compose(kiosk.station, 'hub').message)
    await take(hub, hostile.message({ entries: [recordNaming(hostile, header.payloads)] }))
    for (let tries = 0; tries < 2; tries++) {
      await take(hub, hostile.message({ chunks: [{ hash, offset: 0, bytes: new Uint8Array(20_000) }] }))
    }
    await sync(kiosk.station, lineTo(hub), { messageBytes: 16_384 })
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
    expect(Object.keys(transportOf(hub))).toEqual(['a'])
    expect(answerTo(hub).wants).toEqual([{ hash, offset: 20_000 }])
  })
})

describe('rows of a hub that somebody writes who has no key of it', () => {
  const write = ({ path }: Place, sql: string, ...values: unknown[]) => {
    const database = new Database(path)
    expect(database.prepare(sql).run(...values).changes).toBeGreaterThan(0)
    database.close()
  }

  it('say that a payload was sent: the kiosk gets no byte of it, nor does another', async () => {
    const { kiosk, hub, hostile, templates, photo } = await victimAndThief()
    for (const { hash } of [templates, photo]) {
      write(hub, `INSERT INTO provided (peer, hash) VALUES ('kiosk-2', ?)`, Buffer.from(hash, 'hex'))
    }
    const asTemplates = recordNaming(hostile, [{ ...photo, role: 'templates' }], 'other')
    await take(hub, hostile.message({ entries: [recordNaming(hostile, [photo]), asTemplates] }))
    const asking = hostile.message({ wants: [photo, templates].map(({ hash }) => ({ hash, offset: 0 })) })
    await take(hub, asking)
    const { chunks, entries } = answerTo(hub, asking)
    // The victim's templates go to all other kiosks, for their duplicate check; the photo to none.
    expect(chunks.map(({ hash }) => hash)).not.toContain(photo.hash)
    expect(JSON.stringify(entries)).not.toContain(photo.hash)
    expect(galleryOf(hub)).toEqual([{ record: 'victim' }])
    // The record that bears the photo says whose it is.
    expect(partsOf(hub.station).file.all('SELECT id, station FROM record ORDER BY id')).toEqual([
      { id: 'stolen', station: 'kiosk-2' },
      { id: 'victim', station: 'kiosk-1' },
    ])
    expect(transportOf(kiosk)).toEqual({ victim: 'synchronised' })
  })

  it('say that an entry was declined: what was taken keeps its receipt, and what was not is sent again', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'one')
    await sync(kiosk.station, lineTo(hub))
    const decline = `INSERT INTO declined (station, sequence, hash, code)
      SELECT station, sequence, hash, 'ENTRY_CORRUPT' FROM journal WHERE station = 'kiosk-1' AND kind = 'enrolled'`
    write(hub, decline)
    recordAt(kiosk, 'two')
    expect(await sync(kiosk.station, lineTo(hub))).toMatchObject({ unsent: 0, refused: [] })
    expect(transportOf(kiosk)).toEqual({ one: 'synchronised', two: 'synchronised' })
    expect(Object.keys(transportOf(hub)).sort()).toEqual(['one', 'two'])
  })
})

describe('a hub', () => {
  it('gives a kiosk nothing for naming it in an entry of its own that claims to go down', async () => {
    const { hub, hostile, photo } = await victimAndThief()
    for (const body of [undefined, Buffer.from('{"salt":"AA","station":"kiosk-1","sequence":1}')]) {
      const payloads = [{ ...photo, role: 'templates' }]
      const entry = hostile.entry({ kind: 'gallery', direction: 'down', record: 'x', recordVersion: 1, body, payloads })
      await take(hub, hostile.message({ entries: [entry] }))
    }
    const { chunks, lacks } = answerTo(hub, hostile.message({ wants: [{ hash: photo.hash, offset: 0 }] }))
    expect(chunks).toEqual([])
    expect(lacks).toEqual([photo.hash])
  })

  it('gives nothing for a hash that somebody has written into its tables', async () => {
    const { hub, hostile, photo, templates } = await victimAndThief()
    const { file } = partsOf(hub.station)
    const wants = { wants: [{ hash: photo.hash, offset: 0 }] }
    file.run(
      `UPDATE entry_payload SET hash = ? WHERE hash = ? AND station = 'hub'`,
      Buffer.from(photo.hash, 'hex'),
      Buffer.from(templates.hash, 'hex'),
    )
    expect(answerTo(hub, hostile.message(wants)).chunks).toEqual([])
    const header = `replace(CAST(header AS TEXT), '${templates.hash}', '${photo.hash}')`
    file.run(`UPDATE journal SET header = CAST(${header} AS BLOB) WHERE station = 'hub' AND kind = 'gallery'`)
    expect(answerTo(hub, hostile.message(wants)).chunks).toEqual([])
  })

  it('takes as templates what is some, and names nothing else to its kiosks', async () => {
    const { hub, hostile } = await victimAndThief()
    const damaged = randomTemplates(900)
    damaged[100] ^= 1
    const said = [randomBytes(900), damaged, randomTemplates(900)].map((bytes, i) => ({ bytes, id: `r${i}` }))
    for (const { bytes, id } of said) {
      const reference = { role: 'templates', hash: sha256(bytes).toString('hex'), size: bytes.length }
      const chunks = [{ hash: reference.hash, offset: 0, bytes: new Uint8Array(bytes) }]
      await take(hub, hostile.message({ entries: [recordNaming(hostile, [reference], id)], chunks }))
    }
    const { receipts, refusals } = answerTo(hub)
    expect(refusals.map(({ code }) => code)).toEqual(['TEMPLATES_CORRUPT', 'TEMPLATES_CORRUPT'])
    expect(receipts).toHaveLength(1)
    expect(galleryOf(hub)).toEqual([{ record: 'r2' }, { record: 'victim' }])
  })

  it('takes no payloads of other roles, sizes and numbers than records have', async () => {
    const { hub, hostile } = await victimAndThief()
    const reference = (role: string, size: number) => ({ role, hash: randomBytes(32).toString('hex'), size })
    const odd = [
      [reference('hologram', 100)],
      [reference('photo', 2 ** 26)],
      [reference('templates', 2 ** 20)],
      [reference('finger-11', 100)],
      Array.from({ length: 64 }, () => reference('photo', 100)),
    ]
    const entries = odd.map((payloads, i) => recordNaming(hostile, payloads, `r${i}`))
    await take(hub, hostile.message({ entries }))
    const { refusals, wants } = answerTo(hub)
    expect(refusals.map(({ code }) => code)).toEqual(odd.map(() => 'PAYLOAD_NOT_ALLOWED'))
    expect(wants).toEqual([])
  })

  it('declines an entry that states another size of what is here, and no other', async () => {
    const { kiosk, hub } = await twoPlaces()
    const { header } = recordAt(kiosk, 'a', { photo: 2_000 })
    await sync(kiosk.station, lineTo(hub))
    const hostile = await begun(hub, kiosk)
    const wrong = [{ ...header.payloads[0], size: 1_999 }]
    await apply(hub.station, 'kiosk-1', hostile.message({ entries: [recordNaming(hostile, wrong)] }))
    const answer = compose(hub.station, 'kiosk-1').message
    expect(answer.refusals.map(({ code }) => code)).toEqual(['PAYLOAD_CORRUPT'])
  })
})

it('a payload that was refused as missing is taken when it is sent once more', async () => {
  const { kiosk, hub } = await twoPlaces()
  const { header } = recordAt(kiosk, 'a', { photo: 2_000 })
  const { file } = partsOf(kiosk.station)
  const hash = Buffer.from(header.payloads[0].hash, 'hex')
  const row = file.get<{ sealed: Uint8Array }>('SELECT sealed FROM payload WHERE hash = ?', hash)!
  file.run('DELETE FROM payload WHERE hash = ?', hash)
  await sync(kiosk.station, lineTo(hub))
  file.run('INSERT INTO payload (hash, size, sealed) VALUES (?, 2000, ?)', hash, row.sealed)
  retryRefusal(kiosk.station, refusals(kiosk.station)[0], { operator: 'operator-7' })
  await sync(kiosk.station, lineTo(hub))
  expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
})
