/** A kiosk: the process that the simulation starts, asks and kills. */
import {
  correct,
  enrol,
  httpTransport,
  type NotRecorded,
  type Recorded,
  recordsByNik,
  sync,
  withdraw,
} from '../station/index.js'
import { peerOf } from '../station/peers.js'
import { partsOf } from '../station/station.js'
import { FaultyCarrier } from './message-faults.js'
import type { Counts, KioskCommand } from './messages.js'
import { addressAfterwards, nikOf, OPERATOR, simulatedPerson } from './person.js'
import { StationProcess, serveParent } from './station-process.js'

/** Pauses of the line's own protocol before it goes on where it was: short, since nobody is to wait. */
const RETRY_DELAYS_MS = [5, 20]

const own = new StationProcess()
const carrier = new FaultyCarrier()
/** Entries that the parent was told are synchronised. */
const told = new Set<string>()

async function work(command: Extract<KioskCommand, { persons: unknown }>): Promise<true> {
  for (const person of command.persons) {
    const record = await workOn(command.do, person)
    own.tell(record, person)
  }
  return true
}

/** The id of the person's record. What was done before a kill, and could not be told, is not done again. */
async function workOn(what: 'enrol' | 'correct' | 'withdraw', person: number): Promise<string> {
  const { seed, opened: station } = own
  const shared = own.sharedBy(person)
  const { namesake = person } = shared
  const known = recordsByNik(station, nikOf(seed, namesake))[0]
  if (what === 'enrol') return known?.id ?? recorded(await enrol(station, simulatedPerson(seed, person, shared)))
  const why = { operator: OPERATOR, reason: 'simulated' }
  if (what === 'correct' && known.clientState === 'recorded') {
    recorded(await correct(station, known.id, { person: addressAfterwards(seed, person, namesake) }, why))
  }
  if (what === 'withdraw' && known.clientState !== 'withdrawn') withdraw(station, known.id, why)
  return known.id
}

function recorded(outcome: Recorded | NotRecorded): string {
  if (outcome.recorded) return outcome.recordId
  throw new Error(`not recorded: ${outcome.feedback.map(({ code }) => code).join(', ')}`)
}

/** One try; what stopped it is what the command is refused with. */
async function exchange({ port, messages, timeoutMs }: Extract<KioskCommand, { do: 'sync' }>): Promise<true> {
  const { opened: station } = own
  const { file, identity } = partsOf(station)
  const peer = peerOf(file, own.hub)
  const url = `http://127.0.0.1:${port}/sync`
  const line = httpTransport({ url, identity, peer, timeoutMs, retryDelaysMs: RETRY_DELAYS_MS })
  const transport = carrier.over(line, messages)
  try {
    const { stopped } = await sync(station, transport, { retry: { attempts: 1 } })
    if (stopped !== undefined) own.refuse(stopped.code, stopped.message)
    return true
  } finally {
    await transport.close?.()
  }
}

/** Own entries that are marked synchronised, and that the parent was not told of. */
function synchronised(): string[] {
  const { file, identity } = partsOf(own.opened)
  const rows = file.all<{ hash: Uint8Array }>(
    `SELECT hash FROM record JOIN journal USING (station, sequence) WHERE station = ? AND transport_state = 'synchronised'`,
    identity.id,
  )
  const fresh = rows.map(({ hash }) => Buffer.from(hash).toString('hex')).filter(hash => !told.has(hash))
  for (const hash of fresh) told.add(hash)
  return fresh
}

function counts(): Counts {
  const { file, identity } = partsOf(own.opened)
  const rows = file.all<{ state: 'waiting' | 'synchronised' | 'refused'; count: number }>(
    'SELECT transport_state AS state, count(*) AS count FROM record WHERE station = ? GROUP BY 1',
    identity.id,
  )
  const learned = file.get<{ count: number }>('SELECT count(*) AS count FROM journal WHERE station <> ?', identity.id)!
  const all = { recorded: 0, waiting: 0, synchronised: 0, refused: 0, learned: learned.count, met: carrier.takeMet() }
  for (const { state, count } of rows) {
    all[state] = count
    all.recorded += count
  }
  return all
}

serveParent<KioskCommand>(own, command => {
  switch (command.do) {
    case 'enrol':
    case 'correct':
    case 'withdraw':
      return work(command)
    case 'sync':
      return exchange(command)
    case 'synchronised':
      return synchronised()
    case 'counts':
      return counts()
    default:
      return own.common(command)
  }
})
