/** What a peer says to hold of the journals that it gets from here. */
import { append } from '../journal/append.js'
import { entryAt } from '../journal/read.js'
import { partsOf } from '../station.js'
import type { Ground } from './ground.js'
import type { Message } from './message-schema.js'
import { dayOf, noteAnomaly } from './noted.js'
import { journalsFor } from './trust.js'

type Hold = Message['holds'][number]

interface Acknowledged {
  readonly station: string
  readonly through: number
}

/**
 * @param isAnswer whether the message answers the last one to this peer. Only then is it believed that the peer holds less than it had
 *   said: a message that was kept up on its way, or is replayed, says old things too
 * @returns whether the peer holds more or less than was known
 */
export function* takeHolds(ground: Ground, holds: readonly Hold[], isAnswer: boolean): Generator<void, boolean> {
  const { file, self, peer } = ground
  const known = file.all<Acknowledged>('SELECT station, through FROM acknowledged WHERE peer = ?', peer.id)
  const before = new Map(known.map(({ station, through }) => [station, through]))
  const stated = new Map(holds.map(hold => [hold.station, hold]))
  const ours = new Set(journalsFor(file, self, peer))
  let changed = false
  for (const station of new Set([...before.keys(), ...stated.keys()])) {
    if (!ours.has(station)) continue
    const hold = stated.get(station) ?? { station, through: 0, hash: '' }
    const through = before.get(station) ?? 0
    if (hold.through === through || (hold.through < through && !isAnswer)) continue
    if (!isOurs(ground, hold)) continue
    if (hold.through < through) wentBack(ground, hold, through)
    acknowledge(ground, hold)
    changed = true
    yield
  }
  return changed
}

/** Whether the entry that the peer holds last is the one that is here. */
function isOurs({ file, station: handle, self, peer }: Ground, { station, through, hash }: Hold): boolean {
  if (through === 0) return true
  const row = entryAt(file, station, through)
  if (row === undefined) {
    if (station !== self) return false
    const what =
      `station ${peer.id} says that it holds this station's journal through entry ${through}, which is not here: ` +
      `this station was restored from an old copy, or ${peer.id} does not say what is`
    noteAnomaly(handle, 'own-journal-behind', `${peer.id} ${dayOf(partsOf(handle).clock)}`, what, peer)
    return false
  }
  if (Buffer.from(row.hash).toString('hex') === hash) return true
  const what = `station ${peer.id} holds entry ${through} of station ${station} in another form than this one`
  noteAnomaly(handle, 'journal-fork', `${station} by ${peer.id}`, what, peer)
  return false
}

function wentBack(ground: Ground, { station, through }: Hold, before: number): void {
  const { station: handle, self, peer } = ground
  const { clock } = partsOf(handle)
  const orElse = station === self ? '' : ', or its people have revoked by whose word it knew that station'
  const what =
    `station ${peer.id} held the journal of station ${station} through entry ${before}, and now through ` +
    `${through}: it was restored from an old copy${orElse}, and gets the rest again`
  noteAnomaly(handle, 'peer-went-back', `${peer.id} ${station} ${before} ${through} ${dayOf(clock)}`, what, peer)
  if (peer.relation === 'downstream') return
  append(handle, { kind: 'receipts-void', direction: 'local', body: { peer: peer.id, station, after: through } })
}

function acknowledge({ file, peer }: Ground, { station, through }: Hold): void {
  file.run(
    `INSERT INTO acknowledged (peer, station, through, settled) VALUES (?, ?, ?, 0)
     ON CONFLICT DO UPDATE SET through = excluded.through, settled = min(settled, excluded.through)`,
    peer.id,
    station,
    through,
  )
}
