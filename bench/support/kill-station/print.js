/**
 * An office with a faulty printer and its hub, in one process: blanks come and are sent on, cards are set aside, sent, confirmed, spoiled,
 * answered for and handed over, until it is killed. Half of the printers write chips, of which some
 * stay half written. Afterwards the books balance, everything acknowledged is there, the tray holds
 * what the books say, and what nobody knows is answered by who looks at the tray.
 */
import { Random } from '../../../dist/random.js'
import {
  addPeer,
  decide,
  discrepancies,
  dispatchStock,
  handOver,
  peers,
  personaliseCard,
  printCards,
  printJobs,
  publicIdentity,
  receive,
  receiveStock,
  recoverPrinting,
  requestCard,
  resolveJob,
  spoilCard,
  stock,
  sync,
  uncertainJobs,
  verifyStation,
} from '../../../dist/station/index.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { chipIn, faultyChips } from '../faulty-chips.js'
import { cardsInTray, FAULTS, faultyPrinter, lookAtTray } from '../faulty-printer.js'
import { assertWhole, openIn } from './station.js'

export const mostLines = 45
export const longestPauseMs = 20

const LOT = 'lot-1'
const BOX = 10
const OPERATOR = 'operator'
const FAULTY = 0.25
/** After a kill in one of so many rounds everything is answered for, synchronised, and compared to the last piece. */
const COMPLETE_EVERY = 3

const preCheck = { decision: 'not-run', candidates: [], persons: 0 }
const trayOf = folder => `${folder}/tray`
const chipsOf = folder => `${folder}/chips`

/** The blank and the card of a job: jobs of a record follow each other, so that the number of those before names one. */
const titleOf = (station, { record, job }) =>
  `${record}.${printJobs(station, { record }).findIndex(other => other.job === job)}`

async function openBoth(folder) {
  const office = await openIn(folder, 'office')
  const hub = await openIn(folder, 'hub')
  const known = station => publicIdentity(partsOf(station).identity)
  if (peers(office).length === 0) addPeer(office, { ...(await known(hub)), relation: 'upstream' })
  if (peers(hub).length === 0) addPeer(hub, { ...(await known(office)), relation: 'downstream' })
  return { office, hub }
}

const synchronise = ({ office, hub }) => sync(office, { name: 'a line', exchange: message => receive(hub, message) })

export async function work({ folder, seed, report }) {
  const both = await openBoth(folder)
  const { office, hub } = both
  const random = new Random(seed)
  recoverPrinting(office)
  report('ready')
  const stop = new AbortController()
  const hasChips = random.chance(0.5)
  const isInTray = card => lookAtTray(trayOf(folder), titleOf(office, card)) === 'printed'
  const chips = faultyChips({ chips: chipsOf(folder), isThere: isInTray, random, msPerChip: 1 })
  const paper = faultyPrinter({
    name: hasChips ? 'chips' : 'faulty',
    tray: trayOf(folder),
    msPerCard: 1,
    faultOf: () => {
      const fault = random.chance(FAULTY) ? FAULTS[random.below(FAULTS.length)] : undefined
      // Nobody waits for a printer that hangs.
      if (fault?.startsWith('hangs')) setTimeout(() => stopping.abort(), 2)
      return fault
    },
  })
  const printer = hasChips ? { ...paper, personalise: chips } : paper
  let stopping = stop
  for (;;) {
    // Two come, and are cleared.
    const records = [record(office, random), record(office, random)]
    await synchronise(both)
    for (const id of records)
      decide(hub, id, { state: 'PRINT_READY_RECORD', by: OPERATOR, unchecked: 'the ministry compares them' })
    await synchronise(both)
    for (const id of records) requestCard(office, { record: id, operator: OPERATOR })

    const first = random.below(1e8) * BOX
    const box = `box-${random.bits().toString(16)}`
    const range = { prefix: 'A', digits: 10, first, last: first + BOX - 1 }
    report(`receive ${box}`)
    const lines = [{ lot: LOT, item: 'blank', serials: [range] }]
    receiveStock(office, { shipment: box, from: 'the ministry', lines, operator: OPERATOR })
    report(`received ${box}`)

    stopping = new AbortController()
    await printCards(office, {
      printer,
      limit: 4,
      signal: stopping.signal,
      render: async (_, id) => ({
        title: `${id}.${printJobs(office, { record: id }).length}`,
        pages: [],
      }),
      onProgress: ({ step, job }) => job && report(`${step} ${job}`),
    })
    for (const { job, ...rest } of uncertainJobs(office)) {
      if (random.chance(0.4)) continue
      const found = lookAtTray(trayOf(folder), titleOf(office, { job, ...rest }))
      report(`answer ${job}`)
      if (rest.chip !== undefined && found === 'printed' && chipIn(chipsOf(folder), job) !== 'written') {
        // Put into the printer once more, until its chip is written; or somebody gives it up.
        const said = await personaliseCard(office, job, {
          printer: { ...printer, personalise: chips },
          operator: OPERATOR,
        })
        if (said.outcome === 'written') report(`answered ${job} printed`)
        continue
      }
      const chip = rest.chip !== undefined && found === 'printed' ? { chip: 'written' } : {}
      resolveJob(office, job, { found, ...chip, operator: OPERATOR })
      report(`answered ${job} ${found}`)
    }
    for (const card of printJobs(office, { state: 'printed' })) {
      const { job } = card
      const isThere = lookAtTray(trayOf(folder), titleOf(office, card)) === 'printed'
      if (!isThere) {
        // The printer lied.
        report(`answer ${job}`)
        resolveJob(office, job, { found: 'untouched', operator: OPERATOR })
        report(`answered ${job} untouched`)
      } else if (random.chance(0.2)) {
        report(`spoil ${job}`)
        spoilCard(office, job, { reason: 'a scratch', operator: OPERATOR })
        report(`spoiled ${job}`)
      } else if (random.chance(0.5)) {
        report(`hand ${job}`)
        handOver(office, job, { to: 'Siti', operator: OPERATOR })
        report(`handed ${job}`)
      }
    }
    await transfer(both, range, random, report)
  }
}

/** The last blanks of a box go to the hub. */
async function transfer(both, range, random, report) {
  const { office, hub } = both
  const available = stock(office).find(({ lot }) => lot === LOT)?.accounts.available ?? 0
  if (available < BOX) return
  const shipment = `loan-${random.bits().toString(16)}`
  const serials = [{ ...range, first: range.last - 1 }]
  report(`dispatch ${shipment}`)
  dispatchStock(office, { shipment, to: hub.id, lines: [{ lot: LOT, serials }], operator: OPERATOR })
  report(`dispatched ${shipment}`)
  await synchronise(both)
  receiveStock(hub, { shipment, from: office.id, lines: [{ lot: LOT, item: 'blank', serials }], operator: OPERATOR })
  report(`arrived ${shipment}`)
}

function record(station, random) {
  const id = `r${random.bits().toString(16)}${random.bits().toString(16)}`
  const nik = String(BigInt(`0x${id.slice(1)}`) % 10n ** 16n).padStart(16, '0')
  const body = { nik, person: { name: id }, operator: OPERATOR, preCheck }
  append(station, { kind: 'enrolled', direction: 'up', record: id, recordVersion: 1, body })
  return id
}

export async function check({ folder, lines, before, seed }) {
  const state = before ?? {
    acknowledged: new Map(),
    sent: new Set(),
    known: new Set(),
    answers: new Map(),
    open: 0,
    completed: 0,
    cards: 0,
    lies: 0,
  }
  for (const [word, id, found] of lines.map(line => line.split(' '))) {
    if (['received', 'dispatched', 'arrived'].includes(word)) state.known.add(`${word} ${id}`)
    if (word === 'sent') state.sent.add(id)
    if (['printed', 'not-printed', 'spoiled', 'handed'].includes(word)) state.acknowledged.set(id, word)
    if (word === 'answered') {
      if (state.acknowledged.get(id) === 'printed') state.lies++
      state.acknowledged.set(id, ANSWERED[found])
      state.answers.set(id, found)
    }
  }
  const both = await openBoth(folder)
  try {
    const { office, hub } = both
    const { uncertain } = recoverPrinting(office)
    state.open += uncertain.length
    for (const station of [office, hub]) assertWhole(station)
    assertKnown(both, state)
    assertBooks(both)
    assertCards(office, trayOf(folder), state)
    assertChips(office, chipsOf(folder))
    if (seed % COMPLETE_EVERY === 0) await complete(both, folder, state)
    state.cards = cardsInTray(trayOf(folder)).length
    return state
  } finally {
    await both.office.close()
    await both.hub.close()
  }
}

const ANSWERED = { printed: 'printed', spoiled: 'spoiled', untouched: 'not-printed' }

/** What may be so in the books of what was acknowledged; a later step may have been written and not acknowledged. */
const MAY_BE = {
  printed: ['printed', 'handed-over', 'spoiled', 'released'],
  'not-printed': ['released'],
  spoiled: ['spoiled'],
  handed: ['handed-over'],
}

function assertKnown({ office, hub }, { acknowledged, known }) {
  const states = new Map(printJobs(office).map(({ job, state }) => [job, state]))
  for (const [job, word] of acknowledged) {
    const is = states.get(job)
    if (!MAY_BE[word].includes(is)) throw new Error(`job ${job} was ${word}, and is ${is}`)
  }
  const booked = station =>
    new Set(
      partsOf(station)
        .file.all('SELECT id, way FROM shipment WHERE station = ?', station.id)
        .map(({ id, way }) => `${way} ${id}`),
    )
  const [here, there] = [booked(office), booked(hub)]
  for (const what of known) {
    const [word, id] = what.split(' ')
    const is =
      word === 'arrived' ? there.has(`received ${id}`) : here.has(`${word === 'dispatched' ? 'sent' : word} ${id}`)
    if (!is) throw new Error(`${what} was acknowledged, and is not in the books`)
  }
}

function assertBooks({ office, hub }) {
  for (const station of [office, hub]) {
    for (const { lot, accounts } of stock(station)) {
      const all = Object.entries(accounts)
      const sum = all.reduce((total, [, quantity]) => total + quantity, 0)
      if (sum !== 0) throw new Error(`${station.id}: the accounts of ${lot} add up to ${sum}`)
      const below = all.find(([account, quantity]) => account !== 'received' && quantity < 0)
      if (below) throw new Error(`${station.id}: ${below[0]} of ${lot} is ${below[1]}`)
    }
    const wrong = discrepancies(station).find(({ code }) => code !== 'printer-contradicted')
    if (wrong) throw new Error(`${station.id} put ${wrong.code} on record`)
  }
  const accounts = stock(office).find(({ lot }) => lot === LOT)?.accounts ?? {}
  const jobs = printJobs(office)
  const count = (...states) => jobs.filter(({ state }) => states.includes(state)).length
  const booked = [accounts.reserved ?? 0, accounts.printed ?? 0, accounts.spoiled ?? 0].join(' ')
  const cards = [count('reserved', 'sent', 'uncertain'), count('printed', 'handed-over'), count('spoiled')].join(' ')
  if (booked !== cards) throw new Error(`blanks set aside, printed and spoiled: ${booked} in the books, ${cards} cards`)
}

const FITS = {
  released: ['untouched'],
  printed: ['printed'],
  'handed-over': ['printed'],
  spoiled: ['printed', 'spoiled'],
}

function assertCards(office, tray, { sent, answers }) {
  const out = new Map(cardsInTray(tray).map(({ title, found }) => [title, found]))
  if (out.size !== cardsInTray(tray).length) throw new Error('a card came out twice')
  const good = new Map()
  const blanks = new Set()
  for (const card of printJobs(office)) {
    const title = titleOf(office, card)
    const found = out.get(title) ?? 'untouched'
    out.delete(title)
    const { job, state, serial, record: id } = card
    if (found !== 'untouched') {
      if (!sent.has(job)) throw new Error(`job ${job} came out, and was never sent`)
      if (blanks.has(serial)) throw new Error(`blank ${serial} came out twice`)
      blanks.add(serial)
    }
    if (state === 'uncertain') continue
    // Nobody has looked yet at what a printer says that lies.
    const isLie = state === 'printed' && found === 'untouched' && !answers.has(job)
    if (!isLie && !FITS[state]?.includes(found)) throw new Error(`job ${job} is ${state}, and the tray has it ${found}`)
    if (found === 'printed' && state !== 'spoiled') good.set(id, (good.get(id) ?? 0) + 1)
  }
  if (out.size > 0) throw new Error(`${[...out.keys()].join(' ')} in the tray, and in no book`)
  for (const [id, cards] of good) if (cards > 1) throw new Error(`record ${id} has ${cards} cards`)
}

/** No card counts as printed whose chip is not written, and no chip was begun before that was on the disk. */
function assertChips(office, chips) {
  for (const { job, state, printer } of printJobs(office)) {
    const chip = chipIn(chips, job)
    if (printer !== 'chips' && chip !== undefined) throw new Error(`job ${job} has no chip, and one was written`)
    if (printer !== 'chips') continue
    if (['printed', 'handed-over'].includes(state) && chip !== 'written') {
      throw new Error(`job ${job} is ${state}, and its chip is ${chip ?? 'blank'}`)
    }
  }
  const tried = new Set(uncertainJobs(office).flatMap(({ job, chip }) => (chip === 'tried' ? [job] : [])))
  for (const { job, state } of printJobs(office)) {
    if (state === 'uncertain' && chipIn(chips, job) !== undefined && !tried.has(job)) {
      throw new Error(`the chip of ${job} was begun, and nobody knows`)
    }
  }
}

/** Somebody looks at the tray, and both stations tell each other everything. */
async function complete(both, folder, state) {
  const { office, hub } = both
  const tray = trayOf(folder)
  for (const card of [...uncertainJobs(office), ...printJobs(office, { state: 'printed' })]) {
    const found = lookAtTray(tray, titleOf(office, card))
    if (card.state === 'printed' && found === 'printed') continue
    const isBlankChip =
      card.chip !== undefined && found === 'printed' && chipIn(chipsOf(folder), card.job) !== 'written'
    const said = isBlankChip ? 'spoiled' : found
    const chip = card.chip !== undefined && said === 'printed' ? { chip: 'written' } : {}
    resolveJob(office, card.job, { found: said, ...chip, operator: OPERATOR })
    state.acknowledged.set(card.job, ANSWERED[said])
    state.answers.set(card.job, said)
  }
  const left = printJobs(office).filter(job => ['reserved', 'sent', 'uncertain'].includes(job.state))
  if (left.length > 0) throw new Error(`${left.length} cards are still open`)
  assertBooks(both)
  assertCards(office, tray, state)
  const { stopped, unsent } = await synchronise(both)
  if (stopped !== undefined || unsent > 0) throw new Error(`sync stopped: ${stopped?.code}`)
  const views = [office, hub].map(station =>
    JSON.stringify([stock(station, { station: office.id }), printJobs(station, { station: office.id })]),
  )
  if (views[0] !== views[1]) throw new Error("the hub's view of the office is another one than the office's own")
  for (const station of [office, hub]) {
    const { ok, findings } = await verifyStation(station)
    if (!ok) throw new Error(`verify of ${station.id} finds ${JSON.stringify(findings.slice(0, 3))}`)
  }
  state.completed++
}

export function summary(states) {
  const sum = part => states.reduce((all, state) => all + state[part], 0)
  const acknowledged = states.reduce((all, state) => all + state.acknowledged.size + state.known.size, 0)
  return (
    `${acknowledged} steps acknowledged, all there; ${sum('cards')} cards in the trays, none twice; ${sum('open')} times a card was uncertain ` +
    `after a kill, ${sum('lies')} times the printer had lied; all answered for and compared ${sum('completed')} times`
  )
}
