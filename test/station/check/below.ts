import { addPeer, createIdentity, publicIdentity, receive, type Station, sync } from 'sidik/station'
import { partsOf } from '../../../dist/station/station.js'
import { newStation } from '../enrol/support.js'

export interface Below {
  readonly station: Station
  readonly meet: () => Promise<unknown>
}

/** A station below another one, and the way to synchronise. Without an engine it records, and compares with nobody. */
export async function below(
  above: Station,
  id: string,
  options: Omit<NonNullable<Parameters<typeof newStation>[0]>, 'identity'> = {},
): Promise<Below> {
  const station = await newStation({ ...options, identity: await createIdentity(id) })
  addPeer(station, { ...(await publicIdentity(partsOf(above).identity)), relation: 'upstream' })
  addPeer(above, { ...(await publicIdentity(partsOf(station).identity)), relation: 'downstream', vouches: true })
  const meet = () => sync(station, { name: 'here', exchange: message => receive(above, message) })
  return { station, meet }
}
