/** The hub: the process that the simulation starts, asks and kills. It stands for the centre too: it decides. */
import { createEngine } from '../engine.js'
import { Random } from '../random.js'
import {
  adjudications,
  checkRecords,
  decide,
  type HubEvent,
  recordOf,
  removeFromGallery,
  serveHub,
} from '../station/index.js'
import type { Recogniser } from '../station/recogniser.js'
import { partsOf } from '../station/station.js'
import type { HubCommand, OpenCommand } from './messages.js'
import { OPERATOR } from './person.js'
import { StationProcess, serveParent } from './station-process.js'

/** What a centre says at last of a record that nobody doubts, and how often. */
const STATES = { PRINT_READY_RECORD: 0.97, ENROLL_FAILURE_AT_CENTRAL: 0.03 } as const

/** What the hub writes is about records; whose they are it does not say. */
const NOBODY = -1

const own = new StationProcess()
let isChecking = false

async function open(command: OpenCommand): Promise<true> {
  ;({ isChecking } = command)
  return own.open(command, await mortalEngine())
}

/** An engine of one thread, in whose searches for a person this process may die. */
async function mortalEngine(): Promise<Recogniser> {
  const engine = await createEngine({ threads: 1 })
  const personsOf = engine.personsOf.bind(engine)
  engine.personsOf = gallery => {
    const persons = personsOf(gallery)
    const identifyPerson = persons.identifyPerson.bind(persons)
    persons.identifyPerson = (person, options) => {
      const searched = identifyPerson(person, options)
      // Its first templates are being compared.
      setImmediate(() => own.mayDie('check'))
      return searched
    }
    return persons
  }
  return engine
}

/** Answers kiosks from now on; the port. */
async function listen(): Promise<number> {
  const onEvent = (event: HubEvent) => event.kind === 'trouble' && own.log(event.error)
  const { port } = await serveHub(own.opened, { port: 0, onEvent })
  return port
}

/**
 * Decides of about so many of the records that nothing was said of; of how many. A card follows from
 * none that was not compared with all others, nor from one that may be somebody else's.
 */
function decideSome({ share, day }: Extract<HubCommand, { do: 'decide' }>): number {
  const { file } = partsOf(own.opened)
  const records = file.all<{ id: string }>('SELECT id FROM record WHERE centre_state IS NULL ORDER BY id')
  const random = new Random(own.seed).child('decide').child(day)
  const doubted = new Set(openPairs().flat())
  let decided = 0
  for (const { id } of records.filter(() => random.chance(share))) {
    const state = random.pick(STATES)
    const isClear = !doubted.has(id) && recordOf(own.opened, id)!.check !== 'unchecked'
    if (state === 'PRINT_READY_RECORD' && !isClear) continue
    decide(own.opened, id, { state, by: OPERATOR })
    own.tell(id, NOBODY, state)
    decided++
  }
  return decided
}

/** Takes the later record of about so many pairs for a duplicate of the other; of how many. */
function settleSome({ share, day }: Extract<HubCommand, { do: 'settle' }>): number {
  const { file } = partsOf(own.opened)
  const random = new Random(own.seed).child('settle').child(day)
  const chosen = openPairs().filter(() => random.chance(share))
  const sql = `SELECT record FROM journal WHERE record IN (?, ?) AND kind = 'enrolled' ORDER BY applied DESC`
  for (const pair of chosen) {
    const [later, duplicateOf] = file.all<{ record: string }>(sql, ...pair).map(({ record }) => record)
    const state = 'DUPLICATE_RECORD'
    decide(own.opened, later, { state, duplicateOf, by: OPERATOR })
    own.tell(later, NOBODY, state)
  }
  return chosen.length
}

/** Records that may be one person's, and wait for somebody's word. */
function openPairs(): (readonly [string, string])[] {
  return adjudications(own.opened).flatMap(each => ('other' in each ? [[each.record, each.other] as const] : []))
}

/** Compares all records that are due, where the station does that at all. */
async function check(): Promise<true> {
  if (isChecking) await checkRecords(own.opened)
  return true
}

function written(): number {
  const { file, identity } = partsOf(own.opened)
  return file.get<{ n: number }>('SELECT max(sequence) AS n FROM journal WHERE station = ?', identity.id)!.n
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
    case 'open':
      return open(command)
    case 'check':
      return check()
    case 'written':
      return written()
    case 'listen':
      return listen()
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
