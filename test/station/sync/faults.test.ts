import { copyFileSync } from 'node:fs'
import { dismissRefusal, receive, refusals, retryRefusal, sync } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { type EntryHeader, signHeader } from '../../../dist/station/journal/entry.js'
import { changeEntry, takeEntry } from '../../../dist/station/journal/insert.js'
import { newestEntry } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { getPayload, putPayload, sha256 } from '../../../dist/station/store/payloads.js'
import { apply } from '../../../dist/station/sync/apply.js'
import { compose } from '../../../dist/station/sync/compose.js'
import { signReceipt } from '../../../dist/station/sync/receipt.js'
import { openMessage } from '../../../dist/station/sync/seal.js'
import { verifyStation } from '../../../dist/station/verify/verify.js'
import {
  acquaint,
  anomaliesOf,
  correctionAt,
  lineTo,
  newPlace,
  opening,
  type Place,
  recordAt,
  threePlaces,
  transportOf,
  twoPlaces,
  withdrawalAt,
} from './support.js'

const BY = { operator: 'operator-7' }

/** A copy of a station's file as it is now. */
function copyOf({ station, path, ...place }: Place): Omit<Place, 'station'> {
  partsOf(station).file.pragma('wal_checkpoint(TRUNCATE)')
  const copy = `${path}-copy`
  copyFileSync(path, copy)
  return { ...place, path: copy }
}

/** Writes an entry that no program of ours writes. */
function strange({ station }: Place, change: Partial<EntryHeader>, body: string): void {
  const { file, keys, identity, signingKey } = partsOf(station)
  const before = newestEntry(file, identity.id)!
  const bytes = Buffer.from(body)
  const header: EntryHeader = {
    v: 1,
    station: identity.id,
    sequence: before.sequence + 1,
    previous: Buffer.from(before.hash).toString('hex'),
    at: new Date().toISOString(),
    kind: 'strange',
    direction: 'up',
    body: { hash: sha256(bytes).toString('hex'), size: bytes.length },
    payloads: [],
    ...change,
  }
  const { header: _, ...signed } = signHeader(header, signingKey)
  file.transaction(() => {
    // Without effect here: what kind it is matters to who gets it.
    takeEntry({ file, keys, self: 'nobody' }, { header, ...signed }, undefined)
    const context = `body of entry ${header.sequence} of station ${identity.id}`
    changeEntry({ file, keys }, newestEntry(file, identity.id)!, { body: keys.seal(bytes, context) })
  })
}

describe('receipts', () => {
  it('count only if the peer signed them, for this station, of what was sent', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('other')
    const { header, hash } = recordAt(kiosk, 'a')
    const name = { station: 'kiosk-1', sequence: header.sequence, hash: Buffer.from(hash).toString('hex') }
    const parties = { from: 'hub', to: 'kiosk-1' }
    const [at, key] = ['2026-01-02T03:04:05.678Z', partsOf(hub.station).signingKey]
    const good = signReceipt(parties, name, at, key)
    const message = compose(hub.station, 'kiosk-1').message
    const bad = [
      signReceipt(parties, name, at, partsOf(other.station).signingKey),
      signReceipt({ from: 'hub', to: 'kiosk-2' }, name, at, key),
      signReceipt(parties, { ...name, hash: 'ab'.repeat(32) }, at, key),
      { ...good, receivedAt: '2026-01-02T03:04:05.679Z' },
      { ...good, sequence: name.sequence - 1 },
    ]
    for (const receipt of bad) {
      expect((await apply(kiosk.station, 'hub', { ...message, receipts: [receipt] })).receipts).toBe(0)
      expect(transportOf(kiosk)).toEqual({ a: 'waiting' })
    }
    expect(new Set(anomaliesOf(kiosk))).toEqual(new Set(['receipt-forged']))
    expect((await apply(kiosk.station, 'hub', { ...message, receipts: [good, good] })).receipts).toBe(1)
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
    expect((await apply(kiosk.station, 'hub', { ...message, receipts: [good] })).receipts).toBe(0)
  })

  it('are given when the entry and all payloads are on the disk, not before', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a', { templates: 500, photo: 60_000 })
    const whole = { maxBytes: 16_384 }
    let said = compose(kiosk.station, 'hub', whole).message
    for (let exchanges = 0; transportOf(kiosk).a === 'waiting'; exchanges++) {
      expect(exchanges).toBeLessThan(10)
      await apply(hub.station, 'kiosk-1', said)
      const answer = compose(hub.station, 'kiosk-1', whole).message
      const photo = partsOf(kiosk.station).file.all<{ hash: Uint8Array }>(
        'SELECT hash FROM payload WHERE size = 60000',
      )[0]
      const isHere = getPayload(partsOf(hub.station).file, partsOf(hub.station).keys, photo.hash) !== undefined
      expect(answer.receipts.length).toBe(isHere ? 1 : 0)
      expect(Object.keys(transportOf(hub))).toEqual(isHere ? ['a'] : [])
      await apply(kiosk.station, 'hub', answer)
      said = compose(kiosk.station, 'hub', { ...whole, answering: answer }).message
    }
  })

  it('come again to who lost them: the answer did not arrive', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a', { templates: 500 })
    const first = compose(kiosk.station, 'hub').message
    await apply(hub.station, 'kiosk-1', first)
    const answer = compose(hub.station, 'kiosk-1').message
    await apply(kiosk.station, 'hub', answer)
    await apply(hub.station, 'kiosk-1', compose(kiosk.station, 'hub', { answering: answer }).message)
    // The receipt is in this one, which is lost.
    expect(compose(hub.station, 'kiosk-1').message.receipts).toHaveLength(1)
    await sync(kiosk.station, lineTo(hub))
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
  })
})

describe('a disk that was cloned', () => {
  it('makes two forms of an entry: the first stays, the other is refused, and the rest goes on', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    const clone = await opening(copyOf(kiosk))
    recordAt(kiosk, 'b')
    recordAt(clone, 'x')
    recordAt(clone, 'y')
    await sync(kiosk.station, lineTo(hub))
    const result = await sync(clone.station, lineTo(hub))
    expect(result.refused.map(({ code }) => code)).toEqual(['JOURNAL_FORK', 'JOURNAL_FORK'])
    expect(transportOf(clone)).toMatchObject({ x: 'refused', y: 'refused' })
    expect(refusals(clone.station).map(({ record, code }) => [record, code])).toEqual([
      ['x', 'JOURNAL_FORK'],
      ['y', 'JOURNAL_FORK'],
    ])
    recordAt(kiosk, 'c')
    await sync(kiosk.station, lineTo(hub))
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised', b: 'synchronised', c: 'synchronised' })
    expect(Object.keys(transportOf(hub))).toEqual(['a', 'b', 'c'])
    expect(anomaliesOf(hub)).toEqual(['journal-fork'])
    // It is not sent again and again.
    expect(await sync(clone.station, lineTo(hub))).toMatchObject({ sent: 0, unsent: 0 })
  })

  it('has what it wrote beyond its original neither taken nor refused until the original has gone on', async () => {
    const { kiosk, hub } = await twoPlaces()
    const clone = await opening(copyOf(kiosk))
    recordAt(kiosk, 'a')
    for (const record of ['x', 'y', 'z']) recordAt(clone, record)
    await sync(kiosk.station, lineTo(hub))
    await sync(clone.station, lineTo(hub))
    expect(anomaliesOf(hub)).toContain('journal-fork')
    expect(transportOf(clone)).toEqual({ x: 'refused', y: 'refused', z: 'waiting' })
    expect(Object.keys(transportOf(hub))).toEqual(['a'])
    recordAt(kiosk, 'b')
    recordAt(kiosk, 'c')
    await sync(kiosk.station, lineTo(hub))
    await sync(clone.station, lineTo(hub))
    expect(transportOf(clone)).toEqual({ x: 'refused', y: 'refused', z: 'refused' })
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised', b: 'synchronised', c: 'synchronised' })
    expect(Object.keys(transportOf(hub))).toEqual(['a', 'b', 'c'])
  })
})

describe('a station that was restored from an old copy', () => {
  it('as upstream: gets the rest again, and nothing counts as synchronised that it lost', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    const old = copyOf(hub)
    recordAt(kiosk, 'b')
    recordAt(kiosk, 'c')
    await sync(kiosk.station, lineTo(hub))
    expect(Object.values(transportOf(kiosk))).toEqual(['synchronised', 'synchronised', 'synchronised'])
    const restored = await opening(old)
    await sync(kiosk.station, lineTo(restored))
    expect(anomaliesOf(kiosk)).toContain('peer-went-back')
    expect(Object.keys(transportOf(restored))).toEqual(['a', 'b', 'c'])
    expect(Object.values(transportOf(kiosk))).toEqual(['synchronised', 'synchronised', 'synchronised'])
  })

  it('waits for new receipts: those from before do not count twice', async () => {
    const { kiosk, hub } = await twoPlaces()
    const empty = copyOf(hub)
    recordAt(kiosk, 'a', { templates: 500 })
    const answers: Uint8Array[] = []
    await sync(kiosk.station, {
      name: 'a line',
      exchange: async message => {
        answers.push(await receive(hub.station, message))
        return answers.at(-1)!
      },
    })
    const said = await Promise.all(answers.map(answer => openMessage(kiosk.station, answer)))
    const withReceipt = said.find(({ receipts }) => receipts.length > 0)!
    const restored = await opening(empty)
    const first = compose(kiosk.station, 'hub').message
    await apply(restored.station, 'kiosk-1', first)
    await apply(kiosk.station, 'hub', compose(restored.station, 'kiosk-1').message)
    expect(transportOf(kiosk)).toEqual({ a: 'waiting' })
    await apply(kiosk.station, 'hub', withReceipt)
    expect(transportOf(kiosk)).toEqual({ a: 'waiting' })
    await sync(kiosk.station, lineTo(restored))
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
    expect(Object.keys(transportOf(restored))).toEqual(['a'])
  })

  it('as a kiosk: is told that it is behind, and what it wrote since is refused, not lost', async () => {
    const { kiosk, hub } = await twoPlaces()
    const old = copyOf(kiosk)
    recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    const restored = await opening(old)
    await sync(restored.station, lineTo(hub))
    expect(anomaliesOf(restored)).toContain('own-journal-behind')
    recordAt(restored, 'z')
    await sync(restored.station, lineTo(hub))
    expect(refusals(restored.station).map(({ record }) => record)).toEqual(['z'])
    expect(transportOf(restored)).toEqual({ z: 'refused' })
  })

  it('is not what an old message says that came late', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a')
    const old = compose(hub.station, 'kiosk-1').message
    await sync(kiosk.station, lineTo(hub))
    const before = partsOf(kiosk.station).file.all('SELECT * FROM journal')
    await apply(kiosk.station, 'hub', old)
    expect(partsOf(kiosk.station).file.all('SELECT * FROM journal')).toEqual(before)
  })
})

describe('a record that cannot be taken', () => {
  it('is refused with a code, and those after it pass', async () => {
    const { kiosk, hub } = await twoPlaces()
    strange(kiosk, { kind: 'hologram' }, '{"salt":"AA"}')
    strange(kiosk, { kind: 'enrolled', record: 'bad', recordVersion: 1 }, '{"salt":"AA","nik":7}')
    strange(kiosk, { kind: 'enrolled', record: 'deep', recordVersion: 1 }, '['.repeat(5_000))
    strange(kiosk, { kind: 'decision', record: 'a' }, '{"salt":"AA","state":"unique","by":"kiosk"}')
    strange(kiosk, { kind: 'receipts' }, '{"salt":"AA","peer":"hub","receipts":[]}')
    const lost = recordAt(kiosk, 'lost')
    const altered = recordAt(kiosk, 'altered')
    recordAt(kiosk, 'good')
    const { file } = partsOf(kiosk.station)
    const [gone, broken] = [lost, altered].map(({ header }) => Buffer.from(header.payloads[0].hash, 'hex'))
    file.run('DELETE FROM payload WHERE hash = ?', gone)
    file.run('UPDATE payload SET sealed = zeroblob(900) WHERE hash = ?', broken)
    const result = await sync(kiosk.station, lineTo(hub))
    expect(result.unsent).toBe(0)
    expect(transportOf(kiosk)).toMatchObject({ lost: 'refused', altered: 'refused', good: 'synchronised' })
    expect(refusals(kiosk.station).map(({ kind, code }) => `${kind} ${code}`)).toEqual([
      'hologram ENTRY_VERSION',
      'enrolled ENTRY_CORRUPT',
      'enrolled ENTRY_CORRUPT',
      'decision ENTRY_MISPLACED',
      'receipts ENTRY_MISPLACED',
      'enrolled PAYLOAD_MISSING',
      'enrolled PAYLOAD_MISSING',
    ])
    expect(Object.keys(transportOf(hub))).toEqual(['good'])
  })

  it('goes once more when an operator says so, and is taken if it is whole now', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    const { header } = recordAt(kiosk, 'a')
    recordAt(kiosk, 'b')
    const { file, keys } = partsOf(kiosk.station)
    const hash = Buffer.from(header.payloads[1].hash, 'hex')
    const photo = getPayload(file, keys, hash)!
    file.run('DELETE FROM payload WHERE hash = ?', hash)
    await sync(kiosk.station, lineTo(hub))
    await sync(hub.station, lineTo(centre))
    expect(Object.keys(transportOf(centre))).toEqual(['b'])
    const [refusal] = refusals(kiosk.station)
    retryRefusal(kiosk.station, refusal, BY)
    await sync(kiosk.station, lineTo(hub))
    expect(refusals(kiosk.station)).toHaveLength(1)
    putPayload(file, keys, 'photo', photo)
    retryRefusal(kiosk.station, refusal, BY)
    expect(transportOf(kiosk)).toEqual({ a: 'waiting', b: 'synchronised' })
    await sync(kiosk.station, lineTo(hub))
    expect(refusals(kiosk.station)).toEqual([])
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised', b: 'synchronised' })
    // The hub had passed it by, and now brings it up.
    await sync(hub.station, lineTo(centre))
    expect(transportOf(hub)).toEqual({ a: 'synchronised', b: 'synchronised' })
    expect(Object.keys(transportOf(centre))).toEqual(['a', 'b'])
    for (const place of [hub, centre]) expect((await verifyStation(place.station)).findings).toEqual([])
  })

  it('stays where it is when an operator lets it lie', async () => {
    const { kiosk, hub } = await twoPlaces()
    strange(kiosk, { kind: 'hologram' }, '{"salt":"AA"}')
    await sync(kiosk.station, lineTo(hub))
    const [refusal] = refusals(kiosk.station)
    expect(() => dismissRefusal(kiosk.station, refusal, { ...BY, reason: '' })).toThrow(TypeError)
    for (const none of [undefined, null, 7, { ...refusal, peer: 5 }])
      expect(() => retryRefusal(kiosk.station, none as never, BY)).toThrow(/^refusal\.peer must be/)
    for (const sequence of [undefined, 0, 1.5])
      expect(() => retryRefusal(kiosk.station, { ...refusal, sequence: sequence as never }, BY)).toThrow(
        /^refusal\.seq/,
      )
    dismissRefusal(kiosk.station, refusal, { ...BY, reason: 'an experiment' })
    expect(refusals(kiosk.station)).toEqual([])
    expect(refusals(kiosk.station, { state: 'dismissed' })).toMatchObject([{ kind: 'hologram', state: 'dismissed' }])
    expect(() => retryRefusal(kiosk.station, { peer: 'hub', station: 'kiosk-1', sequence: 1 }, BY)).toThrow(
      /not refused/,
    )
  })

  it('is not undone by an older version that comes later', async () => {
    const { kiosk, hub } = await twoPlaces()
    const first = recordAt(kiosk, 'a', { templates: 300, photo: 900 })
    const second = correctionAt(kiosk, 'a', 2, { templates: 400 })
    recordAt(kiosk, 'w', { templates: 300 })
    withdrawalAt(kiosk, 'w')
    const { file, keys } = partsOf(kiosk.station)
    const hash = Buffer.from(first.header.payloads[1].hash, 'hex')
    const photo = getPayload(file, keys, hash)!
    file.run('DELETE FROM payload WHERE hash = ?', hash)
    await sync(kiosk.station, lineTo(hub))
    putPayload(file, keys, 'photo', photo)
    for (const refusal of refusals(kiosk.station)) retryRefusal(kiosk.station, refusal, BY)
    await sync(kiosk.station, lineTo(hub))
    const hubFile = partsOf(hub.station).file
    expect(hubFile.all('SELECT id, version, client_state FROM record ORDER BY id')).toEqual([
      { id: 'a', version: 2, client_state: 'corrected' },
      { id: 'w', version: 1, client_state: 'withdrawn' },
    ])
    const templates = hubFile.all<{ templates: Uint8Array | null }>(
      'SELECT templates FROM gallery_entry ORDER BY record',
    )
    const known = templates.map(row => row.templates && Buffer.from(row.templates).toString('hex'))
    expect(known).toEqual([second.header.payloads[0].hash, null])
    expect((await verifyStation(hub.station)).findings).toEqual([])
  })

  it('may not be about a record of another station', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    withdrawalAt(other, 'a')
    const result = await sync(other.station, lineTo(hub))
    expect(result.refused.map(({ code }) => code)).toEqual(['RECORD_FOREIGN'])
    expect(transportOf(hub)).toEqual({ a: 'waiting' })
  })
})
