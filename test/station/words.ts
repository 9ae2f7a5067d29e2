/** Words of one enrolled station about others, signed with its own valid keys. */
import { createIdentity, type PublicIdentity, publicIdentity, sync } from 'sidik/station'
import { signHeader } from '../../dist/station/journal/entry.js'
import { holdEntry } from '../../dist/station/journal/insert.js'
import { encodeBody } from '../../dist/station/journal/kinds.js'
import { newestEntry } from '../../dist/station/journal/read.js'
import { partsOf } from '../../dist/station/station.js'
import { sha256 } from '../../dist/station/store/payloads.js'
import { acquaint, lineTo, newPlace, type Place } from './sync/support.js'

export const keysOf = async (id: string) => publicIdentity(await createIdentity(id))

/** Signs an entry with the station's own key, without letting it take effect in its own file. */
export function sign(
  { station }: Place,
  kind: 'peer' | 'revoked' | 'stock-dispatched',
  body: object,
  direction: 'up' | 'down' = 'up',
) {
  const { file, keys, identity, signingKey } = partsOf(station)
  const bytes = encodeBody(kind, body as never)
  file.transaction(() => {
    const before = newestEntry(file, identity.id)!
    const header = {
      v: 1,
      station: identity.id,
      sequence: before.sequence + 1,
      previous: Buffer.from(before.hash).toString('hex'),
      at: new Date().toISOString(),
      kind,
      direction,
      body: { hash: sha256(bytes).toString('hex'), size: bytes.length },
      payloads: [],
    } as const
    holdEntry({ file, keys, self: identity.id }, signHeader(header, signingKey), bytes)
  })
}

/** The word of a station about another one, whether a person there has said so or not. */
export function vouch(place: Place, peer: PublicIdentity, more: object = {}) {
  sign(place, 'peer', { peer: { ...peer, relation: 'downstream', ...more } })
}

export const settled = async (...pairs: [Place, Place][]) => {
  for (const [from, to] of pairs) await sync(from.station, lineTo(to))
}

/** A second kiosk of the hub, which is the attacker's. It may vouch for others, which kiosks need not. */
export async function withAttacker(hub: Place, vouches = true): Promise<Place> {
  const attacker = await newPlace('kiosk-2')
  acquaint(attacker, hub, { vouches })
  return attacker
}
