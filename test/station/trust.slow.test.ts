/** A station that vouches for thousands of others: a hub's list is bounded. */
import { refusals } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../dist/station/station.js'
import { recordAt, transportOf, twoPlaces } from './sync/support.js'
import { keysOf, settled, vouch, withAttacker } from './words.ts'

describe('an enrolled station', () => {
  it('fills neither the list of stations nor what a message says to hold', async () => {
    const { kiosk, hub } = await twoPlaces()
    const attacker = await withAttacker(hub)
    const { verifyKey, sealTo } = await keysOf('x')
    const { file } = partsOf(attacker.station)
    file.transaction(() => {
      for (let i = 0; i < 4_200; i++) vouch(attacker, { id: `a-${i}`, verifyKey, sealTo })
    })
    await settled([attacker, hub])
    expect(partsOf(hub.station).file.get('SELECT count(*) AS n FROM vouched')).toEqual({ n: 4_096 })
    expect(new Set(refusals(attacker.station).map(({ code }) => code))).toEqual(new Set(['VOUCH_QUOTA']))
    recordAt(kiosk, 'r-1')
    await settled([kiosk, hub])
    expect(transportOf(kiosk)).toEqual({ 'r-1': 'synchronised' })
  })
})
