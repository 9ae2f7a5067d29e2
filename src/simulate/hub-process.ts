/** The hub: the process that the simulation starts, asks and kills. It stands for the centre too: it decides. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FileStore } from '@tus/file-store'
import { Server as TusServer } from '@tus/server'
import { Random } from '../random.js'
import { adjudications, decide, httpReceiver, peers, receive, removeFromGallery } from '../station/index.js'
import { partsOf } from '../station/station.js'
import { DAY_MS } from './calendar.js'
import type { HubCommand } from './messages.js'
import { OPERATOR } from './person.js'
import { StationProcess, serveParent } from './station-process.js'

/** What a centre says at last, and how often. */
const STATES = { PRINT_READY_RECORD: 0.93, DUPLICATE_RECORD: 0.04, ENROLL_FAILURE_AT_CENTRAL: 0.03 } as const

/** What the hub writes is about records; whose they are it does not say. */
const NOBODY = -1

const own = new StationProcess()

/** Answers kiosks from now on; the port. */
async function listen({ uploads }: Extract<HubCommand, { do: 'listen' }>): Promise<number> {
  const { opened: station } = own
  const keys = new Map(peers(station).map(({ id, verifyKey }) => [id, verifyKey]))
  const store = new FileStore({ directory: uploads, expirationPeriodInMilliseconds: DAY_MS })
  const receiver = httpReceiver({
    identity: partsOf(station).identity,
    peerOf: id => keys.get(id),
    receive: message => receive(station, message),
    store,
    onError: own.log,
  })
  const tus = new TusServer({ ...receiver.serverOptions, datastore: store })
  const server = createServer(receiver.listener(tus))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Decides of about so many of the records that nothing was said of; of how many. */
function decideSome({ share, day }: Extract<HubCommand, { do: 'decide' }>): number {
  const { file } = partsOf(own.opened)
  const records = file.all<{ id: string }>('SELECT id FROM record WHERE centre_state IS NULL ORDER BY id')
  const random = new Random(own.seed).child('decide').child(day)
  const chosen = records.filter(() => random.chance(share))
  for (const { id } of chosen) {
    const state = random.pick(STATES)
    decide(own.opened, id, { state, by: OPERATOR })
    own.tell(id, NOBODY, state)
  }
  return chosen.length
}

/** Takes the second record of about so many pairs of one NIK for a duplicate; of how many. */
function settleSome({ share, day }: Extract<HubCommand, { do: 'settle' }>): number {
  const random = new Random(own.seed).child('settle').child(day)
  const chosen = adjudications(own.opened).filter(({ kind }) => kind === 'nik' && random.chance(share))
  for (const each of chosen) {
    if (each.kind !== 'nik') continue
    const state = 'DUPLICATE_RECORD'
    decide(own.opened, each.other, { state, by: OPERATOR })
    own.tell(each.other, NOBODY, state)
  }
  return chosen.length
}

/** Takes the templates of so many records, those that were changed longest ago, out of all galleries. */
function removeSome({ count }: Extract<HubCommand, { do: 'remove' }>): true {
  const { file } = partsOf(own.opened)
  const rows = file.all<{ record: string }>(
    'SELECT record FROM gallery_entry WHERE templates IS NOT NULL ORDER BY changed LIMIT ?',
    count,
  )
  for (const { record } of rows) {
    removeFromGallery(own.opened, record, { reason: 'simulated', by: OPERATOR })
    own.tell(record, NOBODY)
  }
  return true
}

/** Those of these entries that it does not hold, whole. */
function lacks({ hashes }: Extract<HubCommand, { do: 'lacks' }>): string[] {
  const { file } = partsOf(own.opened)
  // All at once: a station never looks for an entry by its hash, so there is no index, and each look would read the journal.
  const wanted = new Set(hashes)
  const sql = 'SELECT hash FROM journal WHERE applied IS NOT NULL AND body IS NOT NULL'
  for (const { hash } of file.all<{ hash: Buffer }>(sql)) wanted.delete(hash.toString('hex'))
  return [...wanted]
}

serveParent<HubCommand>(own, command => {
  switch (command.do) {
    case 'listen':
      return listen(command)
    case 'decide':
      return decideSome(command)
    case 'settle':
      return settleSome(command)
    case 'remove':
      return removeSome(command)
    case 'lacks':
      return lacks(command)
    default:
      return own.common(command)
  }
})
