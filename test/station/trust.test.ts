/** Attacks of one enrolled station, with its own valid keys, on the trust in another. */
import fc from 'fast-check'
import {
  addPeer,
  type PublicIdentity,
  peers,
  receive,
  receiveStock,
  refusals,
  retryRefusal,
  revokePeer,
  sync,
  trustStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../dist/station/journal/append.js'
import { partsOf } from '../../dist/station/station.js'
import { compose } from '../../dist/station/sync/compose.js'
import { sealMessage } from '../../dist/station/sync/seal.js'
import { verifyStation } from '../../dist/station/verify/verify.js'
import {
  acquaint,
  anomaliesOf,
  chainOf,
  lineTo,
  newPlace,
  ownBodies,
  type Place,
  recordAt,
  threePlaces,
  transportOf,
  twoPlaces,
} from './sync/support.js'
import { keysOf, settled, sign, vouch, withAttacker } from './words.ts'

const ME = { operator: 'supervisor-1', reason: 'the letter of office 3' }

function codeOf(work: () => unknown): string | undefined {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name
  }
  return undefined
}

const recordsAt = (place: Place) => Object.keys(transportOf(place))
const sound = async (place: Place) => expect((await verifyStation(place.station)).findings).toEqual([])

describe('an enrolled kiosk', () => {
  it('takes over no key of a peer of its hub: first its own identity, then another key', async () => {
    const { kiosk, hub } = await twoPlaces()
    const attacker = await withAttacker(hub)
    recordAt(kiosk, 'before')
    await settled([kiosk, hub])
    vouch(attacker, kiosk.known)
    await settled([attacker, hub])
    vouch(attacker, await keysOf('kiosk-1'))
    await settled([attacker, hub])
    recordAt(kiosk, 'after')
    await settled([kiosk, hub])
    expect(recordsAt(hub)).toEqual(['after', 'before'])
    expect(anomaliesOf(hub)).toEqual(['voucher-conflict', 'key-conflict'])
    expect(refusals(attacker.station)).toMatchObject([{ code: 'KEY_CONFLICT', kind: 'peer' }])
    expect(peers(hub.station).find(({ id }) => id === 'kiosk-1')).toMatchObject(kiosk.known)
    await sound(hub)
  })

  it('takes over none at the centre, which knows the victim by the word of the hub', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    const attacker = await withAttacker(hub, false)
    recordAt(kiosk, 'before')
    await settled([kiosk, hub], [hub, centre])
    vouch(attacker, kiosk.known)
    vouch(attacker, await keysOf('kiosk-1'))
    await settled([attacker, hub], [hub, centre])
    recordAt(kiosk, 'after')
    await settled([kiosk, hub], [hub, centre])
    expect(recordsAt(centre)).toEqual(['after', 'before'])
    expect(anomaliesOf(centre)).toEqual([])
    await sound(centre)
  })

  it('has no say about the next id, which is its owner’s when a person at the hub says so', async () => {
    const { hub, centre } = await threePlaces()
    const attacker = await withAttacker(hub, false)
    const squatter = await keysOf('kiosk-3')
    vouch(attacker, squatter, { vouches: true })
    await settled([attacker, hub], [hub, centre])
    const owner = await newPlace('kiosk-3')
    acquaint(owner, hub)
    recordAt(owner, 'its-own')
    await settled([owner, hub], [hub, centre])
    for (const place of [hub, centre]) {
      expect(recordsAt(place)).toEqual(['its-own'])
      await sound(place)
    }
  })

  it('vouches for none at a hub that grants it nothing', async () => {
    const { hub } = await twoPlaces()
    const attacker = await withAttacker(hub, false)
    vouch(attacker, await keysOf('kiosk-3'))
    await settled([attacker, hub])
    expect(refusals(attacker.station)).toMatchObject([{ code: 'VOUCH_REFUSED' }])
    expect(partsOf(hub.station).file.all('SELECT * FROM vouched')).toEqual([])
  })

  it('does not print for the records of another one by vouching for it', async () => {
    const { kiosk, hub } = await twoPlaces()
    const attacker = await withAttacker(hub)
    recordAt(kiosk, 'r-1')
    vouch(attacker, kiosk.known)
    await settled([kiosk, hub], [attacker, hub])
    append(attacker.station, {
      kind: 'card-requested',
      direction: 'up',
      record: 'r-1',
      body: { request: 'q-1', at: 'kiosk-2', purpose: 'new', operator: 'x' },
    } as never)
    await settled([attacker, hub])
    expect(partsOf(hub.station).file.all('SELECT * FROM card_request')).toEqual([])
  })
})

describe('a hub', () => {
  it('comes to an end with a centre that believes none of its kiosks, however much there is to say', async () => {
    const { kiosk, hub } = await twoPlaces()
    const centre = await newPlace('centre')
    addPeer(hub.station, { ...centre.known, relation: 'upstream' })
    addPeer(centre.station, { ...hub.known, relation: 'downstream', vouches: false })
    for (let i = 0; i < 60; i++) recordAt(kiosk, `r-${i}`, { templates: 700 })
    await settled([kiosk, hub])
    const { sent } = await sync(hub.station, lineTo(centre), { messageBytes: 16_384 })
    const { n } = partsOf(hub.station).file.get<{ n: number }>('SELECT count(*) AS n FROM journal')!
    expect(sent).toBeLessThan(6 * n)
    expect(recordsAt(centre)).toEqual([])
  })

  it('changes no key at the centre that the centre knows by its own word', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    recordAt(kiosk, 'before')
    await settled([kiosk, hub], [hub, centre])
    vouch(hub, await keysOf('kiosk-1'))
    await settled([hub, centre])
    recordAt(kiosk, 'after')
    await settled([kiosk, hub], [hub, centre])
    expect(recordsAt(centre)).toEqual(['after', 'before'])
    expect(anomaliesOf(centre)).toEqual(['key-conflict'])
    expect(refusals(hub.station)).toMatchObject([{ peer: 'centre', code: 'KEY_CONFLICT' }])
  })

  it('and a kiosk of its own change none together', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    const attacker = await withAttacker(hub)
    recordAt(kiosk, 'before')
    await settled([kiosk, hub], [hub, centre])
    const other = await keysOf('kiosk-1')
    // The hub grants its accomplice to vouch, lets it say who the victim is, and then another key.
    vouch(hub, attacker.known, { vouches: true })
    vouch(attacker, kiosk.known)
    vouch(attacker, other)
    vouch(hub, other)
    await settled([attacker, hub], [hub, centre])
    const known = partsOf(centre.station).file.get(
      'SELECT verify_key, voucher FROM vouched WHERE station = ?',
      'kiosk-1',
    )
    expect(known).toEqual({ verify_key: kiosk.known.verifyKey, voucher: 'hub' })
    await sound(centre)
  })

  it('takes no id of another hub: a person at the centre decides', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    const other = await newPlace('hub-2')
    acquaint(other, centre, { vouches: true })
    const squatted = await keysOf('kiosk-1')
    vouch(other, squatted)
    await settled([other, centre])
    recordAt(kiosk, 'r-1')
    await settled([kiosk, hub], [hub, centre])
    expect(recordsAt(centre)).toEqual([])
    // The honest hub's kiosk is not called a forger.
    expect(anomaliesOf(centre)).toEqual(['key-conflict'])
    trustStation(centre.station, { ...kiosk.known, voucher: 'hub' }, ME)
    for (const refusal of refusals(hub.station)) retryRefusal(hub.station, refusal, ME)
    recordAt(kiosk, 'r-2')
    await settled([kiosk, hub], [hub, centre], [hub, centre])
    expect(recordsAt(centre)).toEqual(['r-1', 'r-2'])
    await sound(centre)
    // Once it is decided, what the other one signs is a forgery, and another conflict is noted anew.
    vouch(other, await keysOf('kiosk-1'))
    await settled([other, centre])
    expect(anomaliesOf(centre)).toEqual(['key-conflict', 'key-conflict'])
  })
})

it('keys are never changed by what others say, whatever they say and in whatever order', async () => {
  const ids = ['kiosk-1', 'kiosk-3', 'centre', 'hub']
  const identities = new Map<string, PublicIdentity[]>()
  for (const id of ids) identities.set(id, [await keysOf(id), await keysOf(id)])
  const word = fc.record({
    id: fc.constantFrom(...ids),
    key: fc.nat(1),
    relation: fc.constantFrom('upstream', 'downstream'),
    vouches: fc.constantFrom(true, false, undefined),
    direction: fc.constantFrom('up', 'down'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 8 }), async words => {
      const { kiosk, hub, centre } = await threePlaces()
      const attacker = await withAttacker(hub)
      recordAt(kiosk, 'before')
      await settled([kiosk, hub], [hub, centre])
      const rows = (place: Place) =>
        partsOf(place.station).file.all(
          `SELECT id, verify_key, seal_to, relation FROM peer UNION ALL
           SELECT station, verify_key, seal_to, voucher || via FROM vouched WHERE station = 'kiosk-1' ORDER BY 1`,
        )
      const known = [rows(hub), rows(centre)]
      const firsts = new Map<string, string>()
      for (const { id, key, direction, ...said } of words) {
        const { verifyKey, sealTo } = identities.get(id)![key]
        sign(attacker, 'peer', { peer: { id, verifyKey, sealTo, ...said } }, direction as 'up' | 'down')
        await settled([attacker, hub], [hub, centre])
        for (const row of partsOf(hub.station).file.all<{ station: string; verify_key: string }>(
          'SELECT * FROM vouched',
        )) {
          expect(row.verify_key).toBe(firsts.get(row.station) ?? row.verify_key)
          firsts.set(row.station, row.verify_key)
        }
      }
      expect([rows(hub), rows(centre)]).toEqual(known)
      await sound(hub)
    }),
    { numRuns: 8 },
  )
})

describe('revokePeer', () => {
  const LOST = { operator: 'supervisor-1', reason: 'the laptop was stolen' }

  it('keeps what was signed before, and takes nothing after, at the hub and at the centre', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    recordAt(kiosk, 'r-1')
    await settled([kiosk, hub])
    expect(revokePeer(hub.station, 'kiosk-1', LOST)).toMatchObject({ undone: 0, records: [] })
    recordAt(kiosk, 'r-2')
    const { stopped } = await sync(kiosk.station, lineTo(hub))
    expect(stopped).toMatchObject({ code: 'LINE_REFUSED' })
    await settled([hub, centre])
    for (const place of [hub, centre]) {
      expect(recordsAt(place)).toEqual(['r-1'])
      await sound(place)
    }
    expect(peers(hub.station).map(({ id }) => id)).toEqual(['centre'])
    // Another hub may bring its entries: from that one on the centre takes none either.
    const way = await newPlace('hub-2')
    acquaint(way, centre, { vouches: true })
    addPeer(way.station, { ...kiosk.known, relation: 'downstream' })
    revokePeer(kiosk.station, 'hub', LOST)
    addPeer(kiosk.station, { ...way.known, relation: 'upstream' })
    await settled([kiosk, way], [way, centre])
    expect(recordsAt(way)).toEqual(['r-1', 'r-2'])
    expect(recordsAt(centre)).toEqual(['r-1'])
    expect(refusals(way.station).map(({ code }) => code)).toContain('STATION_REVOKED')
  })

  it('of a hub reaches the stations that are known by its word, whoever brings their entries', async () => {
    const [centre, hub, ghost, other] = await Promise.all(['centre', 'hub-2', 'ghost', 'other'].map(id => newPlace(id)))
    acquaint(hub, centre, { vouches: true })
    acquaint(ghost, hub)
    acquaint(other, centre, { vouches: true })
    await settled([hub, centre])
    revokePeer(centre.station, 'hub-2', LOST)
    revokePeer(ghost.station, 'hub-2', LOST)
    addPeer(other.station, { ...ghost.known, relation: 'downstream' })
    addPeer(ghost.station, { ...other.known, relation: 'upstream' })
    recordAt(ghost, 'g-1')
    await settled([ghost, other], [other, centre])
    expect([recordsAt(other), recordsAt(centre)]).toEqual([['g-1'], []])
    // Until a person decides that it is the other's.
    trustStation(centre.station, { ...ghost.known, voucher: 'other' }, LOST)
    await settled([other, centre])
    expect(recordsAt(centre)).toEqual(['g-1'])
  })

  it('undoes from the entry on that is named, with what followed from it', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    recordAt(kiosk, 'r-1')
    const stolen = recordAt(kiosk, 'r-2')
    await settled([kiosk, hub], [other, hub])
    const shared = () =>
      partsOf(other.station).file.all<{ record: string }>(
        'SELECT record FROM gallery_entry WHERE templates IS NOT NULL ORDER BY record',
      )
    expect(shared().map(({ record }) => record)).toEqual(['r-1', 'r-2'])
    expect(revokePeer(hub.station, 'kiosk-1', { ...LOST, from: stolen.header.sequence })).toMatchObject({
      undone: 1,
      records: ['r-2'],
    })
    await settled([other, hub])
    expect(recordsAt(hub)).toEqual(['r-1'])
    expect(shared().map(({ record }) => record)).toEqual(['r-1'])
    await sound(hub)
    await sound(other)
  })

  it('goes by a time as well', async () => {
    const clock = { now: Date.parse('2026-11-28T08:00:00.000Z') }
    const kiosk = await newPlace('kiosk-1', () => clock.now)
    const hub = await newPlace('hub')
    acquaint(kiosk, hub)
    recordAt(kiosk, 'r-1')
    clock.now += 3_600_000
    recordAt(kiosk, 'r-2')
    await settled([kiosk, hub])
    const { undone } = revokePeer(hub.station, 'kiosk-1', { ...LOST, from: '2026-11-28T08:30:00Z' })
    expect(undone).toBe(1)
    expect(recordsAt(hub)).toEqual(['r-1'])
  })

  it('goes down as well: a kiosk takes nothing of a hub that the centre has revoked', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    recordAt(kiosk, 'r-1')
    await settled([kiosk, hub], [hub, centre], [kiosk, hub])
    revokePeer(kiosk.station, 'hub', LOST)
    expect(peers(kiosk.station)).toEqual([])
    await expect(sync(kiosk.station, lineTo(hub), { peer: 'hub' })).rejects.toMatchObject({ code: 'PEER_REVOKED' })
    addPeer(kiosk.station, { ...centre.known, relation: 'upstream' })
    addPeer(centre.station, { ...kiosk.known, relation: 'downstream' })
    recordAt(kiosk, 'r-2')
    await settled([kiosk, centre])
    expect(recordsAt(centre)).toEqual(['r-1', 'r-2'])
  })

  it('is done by a station above, below and between alone', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    const attacker = await withAttacker(hub)
    recordAt(kiosk, 'r-1')
    await settled([kiosk, hub], [hub, centre])
    for (const victim of ['kiosk-1', 'hub', 'centre']) sign(attacker, 'revoked', { station: victim, from: 1, ...LOST })
    await settled([attacker, hub], [hub, centre])
    for (const place of [hub, centre]) expect(partsOf(place.station).file.all('SELECT * FROM revoked')).toEqual([])
    recordAt(kiosk, 'r-2')
    await settled([kiosk, hub], [hub, centre])
    expect(recordsAt(centre)).toEqual(['r-1', 'r-2'])
  })

  it('sets a journal aside that was signed with another key, for the owner of the id', async () => {
    const { hub } = await twoPlaces()
    const attacker = await withAttacker(hub)
    const squatter = await newPlace('kiosk-3')
    vouch(attacker, squatter.known)
    await settled([attacker, hub])
    // Its entries come by way of the attacker, whose file holds them as those of a station below.
    acquaint(squatter, attacker)
    recordAt(squatter, 'false')
    await settled([squatter, attacker], [attacker, hub])
    expect(recordsAt(hub)).toEqual(['false'])
    const owner = await newPlace('kiosk-3')
    addPeer(owner.station, { ...hub.known, relation: 'upstream' })
    expect(codeOf(() => addPeer(hub.station, { ...owner.known, relation: 'downstream' }))).toBe('KEY_CONFLICT')
    revokePeer(hub.station, 'kiosk-3', { ...LOST, from: 1 })
    expect(codeOf(() => addPeer(hub.station, { ...squatter.known, relation: 'downstream' }))).toBe('PEER_REVOKED')
    addPeer(hub.station, { ...owner.known, relation: 'downstream' })
    recordAt(owner, 'true')
    await settled([owner, hub])
    expect(recordsAt(hub)).toEqual(['true'])
    await sound(hub)
  })

  it.each(['before', 'after'])(
    'of one key does not fall back on the owner of the id: heard of %s the centre knows the owner',
    async when => {
      const { hub, centre } = await threePlaces()
      const squatter = await newPlace('kiosk-3')
      acquaint(squatter, hub)
      recordAt(squatter, 'false-1')
      await settled([squatter, hub], [hub, centre])
      for (const id of ['false-2', 'false-3']) recordAt(squatter, id)
      await settled([squatter, hub])
      // The centre refuses what the hub sends of it, by their numbers.
      revokePeer(centre.station, 'kiosk-3', { ...LOST, from: 1 })
      await settled([hub, centre])
      expect(refusals(hub.station).length).toBeGreaterThan(1)
      revokePeer(hub.station, 'kiosk-3', { ...LOST, from: 1 })
      const owner = await newPlace('kiosk-3')
      addPeer(hub.station, { ...owner.known, relation: 'downstream' })
      addPeer(owner.station, { ...hub.known, relation: 'upstream' })
      if (when === 'before') await settled([hub, centre])
      trustStation(centre.station, { ...owner.known, voucher: 'hub' }, ME)
      for (const id of ['true-1', 'true-2', 'true-3', 'true-4']) recordAt(owner, id)
      await settled([owner, hub], [hub, centre])
      for (const place of [hub, centre]) {
        expect(recordsAt(place)).toEqual(['true-1', 'true-2', 'true-3', 'true-4'])
        await sound(place)
      }
      const ofOwner = refusals(hub.station).filter(({ station }) => station === 'kiosk-3')
      expect(ofOwner).toEqual([])
    },
  )

  it.each([0, 1])(
    'begins behind what has no gap, or %i after it, and nothing held ahead has an effect',
    async later => {
      const { kiosk, hub } = await twoPlaces()
      const other = await newPlace('kiosk-2')
      acquaint(other, hub)
      recordAt(kiosk, 'r-1')
      await settled([kiosk, hub])
      const next = chainOf(hub, 'kiosk-1').length + 1
      recordAt(kiosk, 'r-2')
      const L = { lot: 'L-1', item: 'blank' as const, quantity: 5 }
      receiveStock(kiosk.station, { shipment: 's-1', from: 'ministry', operator: 'x', lines: [L] })
      sign(kiosk, 'stock-dispatched', {
        shipment: 's-2',
        to: 'kiosk-2',
        operator: 'x',
        lines: [{ lot: 'L-1', quantity: 5 }],
      })
      const { message } = compose(kiosk.station, 'hub')
      const ahead = { ...message, entries: message.entries.slice(1), more: false }
      await receive(hub.station, await sealMessage(kiosk.station, ahead))
      const { from } = revokePeer(hub.station, 'kiosk-1', { ...LOST, ...(later > 0 && { from: next + later }) })
      expect(from).toBe(next + later)
      // Another peer closes the gap with the entry that was missing.
      const gap = { ...message, entries: message.entries.slice(0, 1), from: 'kiosk-2', more: false }
      await receive(hub.station, await sealMessage(other.station, gap))
      expect(recordsAt(hub)).toEqual(['r-1'])
      expect(ownBodies(hub, 'shipment')).toEqual([])
      expect(partsOf(hub.station).file.all('SELECT * FROM shipment')).toEqual([])
      await sound(hub)
    },
  )

  it('is not forestalled by whoever invented the station', async () => {
    const { hub } = await twoPlaces()
    const attacker = await withAttacker(hub)
    vouch(attacker, await keysOf('kiosk-3'))
    sign(attacker, 'revoked', { station: 'kiosk-3', from: 2, ...LOST })
    await settled([attacker, hub])
    const owner = await newPlace('kiosk-3')
    acquaint(owner, hub)
    recordAt(owner, 'its-own')
    await settled([owner, hub])
    expect(recordsAt(hub)).toEqual(['its-own'])
    await sound(hub)
  })

  it('takes what invented stations recorded with the one that invented them', async () => {
    const { kiosk, hub } = await twoPlaces()
    const attacker = await withAttacker(hub)
    const ghost = await newPlace('kiosk-3')
    vouch(attacker, ghost.known)
    await settled([attacker, hub])
    acquaint(ghost, attacker)
    recordAt(ghost, 'false')
    await settled([ghost, attacker], [attacker, hub], [kiosk, hub])
    expect(recordsAt(hub)).toEqual(['false'])
    expect(revokePeer(hub.station, 'kiosk-2', { ...LOST, from: 1 })).toMatchObject({ records: ['false'] })
    expect(recordsAt(hub)).toEqual([])
    await settled([kiosk, hub])
    const shared = 'SELECT record FROM gallery_entry WHERE templates IS NOT NULL'
    expect(partsOf(kiosk.station).file.all(shared)).toEqual([])
    await sound(hub)
    await sound(kiosk)
  })

  it('says what is wrong with its arguments', async () => {
    const { kiosk, hub } = await twoPlaces()
    expect(codeOf(() => revokePeer(hub.station, 'hub', LOST))).toBe('TypeError')
    expect(codeOf(() => revokePeer(hub.station, 'nobody', LOST))).toBe('PEER_UNKNOWN')
    expect(codeOf(() => revokePeer(hub.station, 'kiosk-1', { ...LOST, reason: '' }))).toBe('TypeError')
    expect(codeOf(() => revokePeer(hub.station, 'kiosk-1', { ...LOST, from: 0 }))).toBe('RangeError')
    // Most of these are days to `Date.parse`: '12' is one of 2001.
    for (const from of ['yesterday', '12', 'x 7', ' 2', '2026-02-30', '2026-01-01 (a) 7', '2026-01-01T00:00Z ']) {
      expect(codeOf(() => revokePeer(hub.station, 'kiosk-1', { ...LOST, from }))).toBe('TypeError')
      expect(() => revokePeer(hub.station, 'kiosk-1', { ...LOST, from })).toThrow(/^from must be/)
    }
    recordAt(kiosk, 'r-1')
    await settled([kiosk, hub])
    expect(recordsAt(hub)).toEqual(['r-1'])
  })
})
