import { SidikError } from 'sidik'
import {
  addPeer,
  apply,
  Course,
  compose,
  receive,
  removeFromGallery,
  sync,
  type Transport,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import type { Message } from '../../../dist/station/sync/message-schema.js'
import { openMessage, sealMessage } from '../../../dist/station/sync/seal.js'
import { trustedStation } from '../../../dist/station/sync/trust.js'
import {
  acquaint,
  anomaliesOf,
  chainOf,
  lineTo,
  NIK,
  newPlace,
  opening,
  type Place,
  recordAt,
  threePlaces,
  transportOf,
  twoPlaces,
} from './support.js'

/** All messages of a course, as a bundle has them. */
function courseOf({ station }: Place, peer: string, maxBytes = 16_384): Message[] {
  const course = new Course()
  const messages: Message[] = []
  do messages.push(compose(station, peer, { maxBytes, course }).message)
  while (messages.at(-1)!.more)
  return messages
}

describe('messages that are written without answers', () => {
  it('bring all, payloads included, in any order and more than once', async () => {
    const { kiosk, hub } = await twoPlaces()
    for (const id of ['a', 'b', 'c']) recordAt(kiosk, id, { templates: 2_000, photo: 30_000 })
    const messages = courseOf(kiosk, 'hub')
    expect(messages.length).toBeGreaterThan(4)
    for (const message of messages) await apply(hub.station, 'kiosk-1', message)
    expect(Object.keys(transportOf(hub))).toEqual(['a', 'b', 'c'])
    // What comes back says so, and is taken once.
    for (const answer of [...courseOf(hub, 'kiosk-1'), ...courseOf(hub, 'kiosk-1')])
      await apply(kiosk.station, 'hub', answer)
    expect(Object.values(transportOf(kiosk))).toEqual(['synchronised', 'synchronised', 'synchronised'])
  })

  it('hold what comes before its time until the gap is closed, and are not asked for it again', async () => {
    const { kiosk, hub } = await twoPlaces()
    const seen: Message[] = []
    for (const id of ['a', 'b', 'c', 'd']) {
      recordAt(kiosk, id, { templates: 400 })
      const course = new Course()
      course.through.set('kiosk-1', seen.length === 0 ? 0 : seen.length + 2)
      seen.push(compose(kiosk.station, 'hub', { course }).message, compose(kiosk.station, 'hub', { course }).message)
      seen.splice(-2, 2, { ...seen.at(-2)!, chunks: seen.at(-1)!.chunks })
    }
    const [a, b, c, d] = seen
    for (const message of [d, c]) await apply(hub.station, 'kiosk-1', message)
    expect(transportOf(hub)).toEqual({})
    const { gaps, holds } = compose(hub.station, 'kiosk-1').message
    expect({ gaps, holds }).toEqual({ gaps: [{ station: 'kiosk-1', from: 1, to: 4 }], holds: [] })
    const again = compose(kiosk.station, 'hub', { answering: { gaps, wants: [] } }).message
    expect(again.entries).toHaveLength(4)
    for (const message of [b, a, d]) await apply(hub.station, 'kiosk-1', message)
    await sync(kiosk.station, lineTo(hub))
    expect(Object.keys(transportOf(hub))).toEqual(['a', 'b', 'c', 'd'])
    expect(chainOf(hub, 'kiosk-1').map(({ applied }) => applied !== null)).toEqual(Array(6).fill(true))
  })
})

it('contents that come while the header is on its way further up follow it', async () => {
  const { kiosk, hub, centre } = await threePlaces()
  recordAt(kiosk, 'a')
  const { message } = compose(kiosk.station, 'hub')
  await receive(hub.station, await sealMessage(kiosk.station, { ...message, chunks: [] }))
  // The hub has no payloads, so that it sends the header alone; before the centre has it, the payloads come.
  const early = compose(hub.station, 'centre').message
  const enrolled = early.entries.filter(({ header }) => header.includes('"kind":"enrolled"'))
  expect(enrolled.map(({ body }) => body)).toEqual([undefined])
  await sync(kiosk.station, lineTo(hub))
  const answer = await receive(centre.station, await sealMessage(hub.station, early))
  await apply(hub.station, 'centre', await openMessage(hub.station, answer))
  await sync(hub.station, lineTo(centre))
  expect(transportOf(centre)).toEqual({ a: 'waiting' })
  expect(transportOf(hub)).toEqual({ a: 'synchronised' })
})

describe('a payload', () => {
  it('goes on where it stopped, after a line that broke and a hub that was started again', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a', { templates: 1_000, photo: 300_000 })
    let place = hub
    let left = 6
    let received = 0
    const line: Transport = {
      name: 'a line that breaks',
      async exchange(message) {
        if (left-- <= 0) throw new SidikError('LINE_DOWN', 'broken')
        received += message.length
        return receive(place.station, message)
      },
    }
    const options = { messageBytes: 32_768, retry: { attempts: 1 } }
    for (let runs = 0; transportOf(kiosk).a === 'waiting'; runs++) {
      expect(runs).toBeLessThan(6)
      const result = await sync(kiosk.station, line, options)
      if (result.stopped === undefined) break
      expect(result).toMatchObject({ stopped: { code: 'LINE_DOWN' } })
      expect(Date.parse(result.nextTryAt!)).toBeGreaterThan(Date.now())
      await place.station.close()
      place = await opening(place)
      left = 6
    }
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
    expect(received).toBeLessThan(301_000 + 40_000)
    expect(partsOf(place.station).file.all('SELECT * FROM partial_chunk')).toEqual([])
  })

  it('is not asked for when it is held already', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a', { photo: 200_000 })
    const { file, keys } = partsOf(kiosk.station)
    const photo = new Uint8Array(200_000).fill(7)
    file.transaction(() => {
      for (const id of ['b', 'c']) {
        const payloads = [putPayload(file, keys, 'photo', photo)]
        const body = {
          nik: NIK,
          person: {},
          operator: 'o',
          preCheck: { decision: 'clear', candidates: [], persons: 0 },
        }
        append(kiosk.station, {
          kind: 'enrolled',
          direction: 'up',
          record: id,
          recordVersion: 1,
          payloads,
          body,
        } as never)
      }
    })
    const { sentBytes, receipts } = await sync(kiosk.station, lineTo(hub))
    expect(receipts).toBe(3)
    expect(sentBytes).toBeLessThan(430_000)
  })

  it('that never has its hash is refused, and no other', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a', { photo: 2_000 })
    recordAt(kiosk, 'b', { photo: 2_000 })
    await apply(hub.station, 'kiosk-1', compose(kiosk.station, 'hub').message)
    for (let tries = 0; tries < 3; tries++) {
      const answer = compose(hub.station, 'kiosk-1').message
      expect(answer.refusals).toEqual([])
      const { message } = compose(kiosk.station, 'hub', { answering: answer })
      const chunks = message.chunks.map((chunk, at) => (at === 0 ? { ...chunk, bytes: new Uint8Array(2_000) } : chunk))
      await apply(hub.station, 'kiosk-1', { ...message, chunks })
    }
    expect(compose(hub.station, 'kiosk-1').message.refusals.map(({ code }) => code)).toEqual(['PAYLOAD_CORRUPT'])
    expect(Object.keys(transportOf(hub))).toEqual(['b'])
  })

  it('that several entries wait for lets each of them take effect once, in their order', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    const { header } = recordAt(kiosk, 'a', { templates: 400 })
    await sync(kiosk.station, lineTo(hub))
    // As hubs of earlier versions told of a correction of the name.
    const body = { station: 'kiosk-1', sequence: header.sequence }
    const payloads = header.payloads
    append(hub.station, { kind: 'gallery', direction: 'down', record: 'a', recordVersion: 2, body, payloads })
    // The line breaks before the templates come.
    let exchanges = 0
    const line: Transport = {
      ...lineTo(hub),
      exchange: (...sent) => {
        if (exchanges++ > 0) throw new SidikError('LINE_DOWN', 'it broke')
        return lineTo(hub).exchange(...sent)
      },
    }
    await sync(other.station, line, { retry: { attempts: 1 } })
    removeFromGallery(hub.station, 'a', { reason: 'of another', by: 'expert-1' })
    await sync(other.station, lineTo(hub))
    const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
    expect(partsOf(other.station).file.get(sql, 'a')).toEqual({ templates: null })
    expect((await verifyStation(other.station)).findings).toEqual([])
  })

  it('is given only to whom an entry with it is for', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    const { header } = recordAt(kiosk, 'a', { templates: 400, photo: 900 })
    await sync(kiosk.station, lineTo(hub))
    const wants = header.payloads.map(({ hash }) => ({ hash, offset: 0 }))
    const { chunks, lacks } = compose(hub.station, 'kiosk-2', { answering: { wants, gaps: [] } }).message
    expect(chunks.map(({ hash }) => hash)).toEqual([header.payloads[0].hash])
    expect(lacks).toEqual([header.payloads[1].hash])
  })
})

describe('trust', () => {
  it('in a station that was never met comes from the signed word of one that was', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    expect(trustedStation(partsOf(centre.station).file, 'kiosk-1')).toBeUndefined()
    await sync(hub.station, lineTo(centre))
    const known = { verifyKey: kiosk.known.verifyKey, relation: 'downstream', via: 'hub' }
    expect(trustedStation(partsOf(centre.station).file, 'kiosk-1')).toMatchObject(known)
    await sync(kiosk.station, lineTo(hub))
    const above = { verifyKey: centre.known.verifyKey, relation: 'upstream', via: 'hub' }
    expect(trustedStation(partsOf(kiosk.station).file, 'centre')).toMatchObject(above)
  })

  it('is not given to entries that another signed, nor taken from a station by another word', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    const impostor = await newPlace('kiosk-1')
    recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    await sync(hub.station, lineTo(centre))
    // Another hub says that kiosk-1 has another key, and brings entries signed with it.
    const other = await newPlace('hub-2')
    acquaint(other, centre, { vouches: true })
    addPeer(other.station, { ...impostor.known, relation: 'downstream' })
    addPeer(impostor.station, { ...other.known, relation: 'upstream' })
    recordAt(impostor, 'forged')
    await sync(impostor.station, lineTo(other))
    await sync(other.station, lineTo(centre))
    expect(anomaliesOf(centre)).toEqual(['key-conflict'])
    expect(Object.keys(transportOf(centre))).toEqual(['a'])
    expect(trustedStation(partsOf(centre.station).file, 'kiosk-1')?.verifyKey).toBe(kiosk.known.verifyKey)
  })
})

describe('sync', () => {
  it('called twice at once runs one after the other, while records go on being written', async () => {
    const { kiosk, hub } = await twoPlaces()
    for (let at = 0; at < 10; at++) recordAt(kiosk, `r${at}`, { photo: 20_000 })
    let [running, most, written] = [0, 0, 0]
    const line: Transport = {
      name: 'a line',
      async exchange(message) {
        most = Math.max(most, ++running)
        if (written < 5) recordAt(kiosk, `x${written++}`, { photo: 100 })
        const answer = await receive(hub.station, message)
        running--
        return answer
      },
    }
    const count = { messageBytes: 65_536 }
    await Promise.all([sync(kiosk.station, line, count), sync(kiosk.station, line, count)])
    expect(most).toBe(1)
    await sync(kiosk.station, lineTo(hub))
    expect(new Set(Object.values(transportOf(kiosk)))).toEqual(new Set(['synchronised']))
    expect(Object.keys(transportOf(hub))).toEqual(Object.keys(transportOf(kiosk)))
  })

  it('ends with the signal, and keeps what was acknowledged', async () => {
    const { kiosk, hub } = await twoPlaces()
    for (let at = 0; at < 6; at++) recordAt(kiosk, `r${at}`, { photo: 30_000 })
    const stop = new AbortController()
    const reason = new Error('enough')
    const onProgress = ({ receipts }: { receipts: number }) => receipts > 0 && stop.abort(reason)
    const work = sync(kiosk.station, lineTo(hub), { messageBytes: 32_768, signal: stop.signal, onProgress })
    await expect(work).rejects.toBe(reason)
    const states = Object.values(transportOf(kiosk))
    expect(new Set(states)).toEqual(new Set(['synchronised', 'waiting']))
  })

  it('says what stopped it, rests after failures, and goes on after its rest', async () => {
    let now = Date.parse('2026-01-02T03:04:05.678Z')
    const [kiosk, hub] = [await newPlace('kiosk-1', () => now), await newPlace('hub', () => now)]
    acquaint(kiosk, hub)
    recordAt(kiosk, 'a')
    let calls = 0
    const dead: Transport = {
      name: 'dead',
      exchange: async () => {
        calls++
        throw new SidikError('LINE_DOWN', 'nothing answers')
      },
    }
    const retry = { attempts: 3, firstPauseMs: 1, longestPauseMs: 2 }
    expect(await sync(kiosk.station, dead, { retry })).toMatchObject({
      stopped: { code: 'LINE_DOWN' },
      unsent: 1,
      sent: 0,
    })
    // The call that has the line rest says why it failed.
    expect(await sync(kiosk.station, dead, { retry })).toMatchObject({ stopped: { code: 'LINE_DOWN' } })
    expect(calls).toBe(5)
    expect(await sync(kiosk.station, dead, { retry, tryNow: true })).toMatchObject({ stopped: { code: 'LINE_DOWN' } })
    expect(calls).toBe(6)
    const restarted = await opening(kiosk, () => now)
    const resting = await sync(restarted.station, lineTo(hub), { retry })
    expect(resting).toMatchObject({ stopped: { code: 'LINE_RESTING' } })
    // The breaker counts its rest by the machine's clock, which has gone on since while this one stood still.
    now = Date.parse(resting.nextTryAt!) + 5_000
    expect((await sync(restarted.station, lineTo(hub), { retry })).stopped).toBeUndefined()
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
  })

  it('does its work by a clock that goes back', async () => {
    let now = Date.parse('2026-01-02T03:04:05.678Z')
    const kiosk = await newPlace('kiosk-1', () => now)
    const hub = await newPlace('hub')
    acquaint(kiosk, hub)
    recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    now -= 400 * 86_400_000
    recordAt(kiosk, 'b')
    await sync(kiosk.station, lineTo(hub))
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised', b: 'synchronised' })
    expect(anomaliesOf(kiosk)).toEqual(['clock-backwards'])
  })

  it('lets no more bytes leave in a second than is told', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a', { photo: 60_000 })
    const bytesPerSecond = 40_000
    const line = lineTo(hub)
    const began = performance.now()
    let before = 0
    const early: number[] = []
    const exchange: typeof line.exchange = (message, options) => {
      // A bucket of one second; a message that is larger leaves when it is full. Timers count whole milliseconds.
      const seconds = 1 + (performance.now() - began + 1) / 1_000
      early.push(before + Math.min(message.length, bytesPerSecond) - seconds * bytesPerSecond)
      before += message.length
      return line.exchange(message, options)
    }
    await sync(kiosk.station, { ...line, exchange }, { bytesPerSecond })
    expect(before).toBeGreaterThan(60_000)
    expect(Math.max(...early)).toBeLessThanOrEqual(0)
  })

  it('refuses what are no options', async () => {
    const { kiosk, hub } = await twoPlaces()
    const line = lineTo(hub)
    await expect(sync(kiosk.station, line, { speed: 1 } as never)).rejects.toThrow(/no option 'speed'/)
    await expect(sync(kiosk.station, line, { messageBytes: 10 })).rejects.toThrow(RangeError)
    await expect(sync(kiosk.station, line, { retry: { attempts: 0 } })).rejects.toThrow(RangeError)
    await expect(sync(kiosk.station, line, { peer: 'nobody' })).rejects.toMatchObject({ code: 'PEER_UNKNOWN' })
    await expect(sync(hub.station, line)).rejects.toMatchObject({ code: 'PEER_UNKNOWN' })
  })
})
