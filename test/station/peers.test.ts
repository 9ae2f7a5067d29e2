import { addPeer, createIdentity, peers, publicIdentity } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { peerOf } from '../../dist/station/peers.js'
import { partsOf } from '../../dist/station/station.js'
import { stationWith } from './files.js'

const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name
  }
  return undefined
}

describe('peers', () => {
  it('are known by what was given last, one of them above', async () => {
    const { station } = await stationWith(0)
    const [hub, again, other] = await Promise.all(
      ['k-1', 'k-1', 'k-2'].map(async id => publicIdentity(await createIdentity(id))),
    )
    addPeer(station, { ...hub, relation: 'downstream' })
    addPeer(station, { ...again, relation: 'downstream' })
    const { verifyKey, sealTo } = again
    expect(peers(station).find(({ id }) => id === 'k-1')).toEqual({
      id: 'k-1',
      verifyKey,
      sealTo,
      relation: 'downstream',
      vouches: false,
    })
    expect(codeOf(() => addPeer(station, { ...other, relation: 'upstream' }))).toBe('PEER_EXISTS')
    expect(peers(station).map(({ id }) => id)).toEqual(['centre', 'k-1'])
    const { file } = partsOf(station)
    expect(peerOf(file, 'centre')).toMatchObject({ relation: 'upstream' })
    expect(codeOf(() => peerOf(file, 'nobody'))).toBe('PEER_UNKNOWN')
    await station.close()
    expect(codeOf(() => peers(station))).toBe('STATION_CLOSED')
  })

  it('are asked for by name where something else came', async () => {
    const { station } = await stationWith(0)
    const identity = await createIdentity('hub')
    const promise = publicIdentity(identity)
    const { sealTo, ...rest } = await promise
    const add = (peer: unknown) => () => addPeer(station, peer as never)
    expect(add(promise)).toThrow(/^peer is a promise: spread what publicIdentity gave, once it is awaited/)
    // A forgotten await gives this most often.
    expect(add({ ...promise, relation: 'upstream' })).toThrow(/^peer lacks id, verifyKey, sealTo: spread/)
    expect(add({ ...rest, relation: 'upstream' })).toThrow(/^peer lacks sealTo: /)
    expect(add({ ...rest, sealTo })).toThrow(/^peer lacks relation: /)
    expect(add({ ...identity, relation: 'upstream' })).toThrow(/^peer is a whole identity, with its secret keys/)
    expect(add(undefined)).toThrow(/^peer must be an object/)
    expect(add({ ...rest, sealTo, relation: 'downstream', vouchs: true })).toThrow(/did you mean 'vouches'/)
    for (const peer of [promise, {}, identity, 5]) expect(add(peer)).toThrow(TypeError)
  })

  it('that are not what they must be change nothing', async () => {
    const { station } = await stationWith(0)
    const hub = { ...(await publicIdentity(await createIdentity('hub'))), relation: 'downstream' as const }
    const wrong: [string, object][] = [
      ['TypeError', { id: 'a b' }],
      ['TypeError', { id: station.id }],
      ['TypeError', { relation: 'sideways' }],
      ['TypeError', { verifyKey: undefined }],
      ['TypeError', { vouchs: true }],
      ['STATION_IDENTITY', { verifyKey: 'AAAA' }],
      ['STATION_IDENTITY', { sealTo: 'age1' }],
      ['STATION_IDENTITY', { sealTo: hub.sealTo.toUpperCase() }],
      ['STATION_IDENTITY', { sealTo: 5 }],
    ]
    const entries = () => partsOf(station).file.get('SELECT count(*) AS n FROM journal')
    const before = entries()
    for (const [code, change] of wrong) {
      expect(
        codeOf(() => addPeer(station, { ...hub, ...change } as never)),
        JSON.stringify(change),
      ).toBe(code)
    }
    expect(entries()).toEqual(before)
    expect(codeOf(() => addPeer({} as never, hub))).toBe('TypeError')
    await station.close()
  })
})
