/** A hub and the stations below it. */
import {
  addPeer,
  createIdentity,
  decide,
  hostTransport,
  publicIdentity,
  receive,
  type Station,
  sync,
} from 'sidik/station'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { anyStation, CLEARED, nikOf } from './support.ts'

export interface Below {
  readonly station: Station
  /** Says what is new, and hears it. */
  readonly meet: () => Promise<void>
}

/** A hub, which is the centre, and stations below it. */
export async function network(...ids: string[]): Promise<{ hub: Station; below: Below[] }> {
  const hub = await anyStation({ identity: await createIdentity('hub') })
  const below: Below[] = []
  for (const id of ids) {
    const station = await anyStation({ identity: await createIdentity(id) })
    addPeer(station, { ...(await publicIdentity(partsOf(hub).identity)), relation: 'upstream' })
    addPeer(hub, { ...(await publicIdentity(partsOf(station).identity)), relation: 'downstream' })
    const transport = hostTransport('here', message => receive(hub, message))
    const meet = async () => {
      await sync(station, transport)
    }
    below.push({ station, meet })
  }
  return { hub, below }
}

/** A person at a station below, cleared by the hub, and known as such below. */
export async function cleared(
  hub: Station,
  { station, meet }: Below,
  number: number,
  nik = nikOf(number),
): Promise<string> {
  const id = `record-${station.id}-${number}`
  record(station, id, { nik })
  await meet()
  decide(hub, id, CLEARED)
  await meet()
  return id
}
