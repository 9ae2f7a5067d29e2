/**
 * A city that prints for its sub-district, in one process: cards are asked for, printed, sent,
 * received, handed over, spoiled, lost and sent back, until it is killed. Afterwards everything
 * acknowledged is there, each card is in one place, and the two agree once they have met.
 */
import { Random } from '../../../dist/random.js'
import {
  addPeer,
  decide,
  discrepancies,
  handOver,
  peers,
  printCards,
  printJobs,
  printReport,
  publicIdentity,
  receive,
  receiveCards,
  receiveStock,
  recoverPrinting,
  requestCard,
  resolveJob,
  sendCards,
  serialsTwice,
  shipments,
  spoilCard,
  sync,
  uncertainJobs,
  verifyStation,
} from '../../../dist/station/index.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { assertWhole, openIn } from './station.js'

export const mostLines = 40
export const longestPauseMs = 20

const BY = { operator: 'operator' }
const WHY = { ...BY, reason: 'as it was' }
const BOX = 10
const preCheck = { decision: 'not-run', candidates: [], persons: 0 }

async function openBoth(folder) {
  const city = await openIn(folder, 'city')
  const kiosk = await openIn(folder, 'kiosk')
  const known = station => publicIdentity(partsOf(station).identity)
  if (peers(kiosk).length === 0) addPeer(kiosk, { ...(await known(city)), relation: 'upstream' })
  if (peers(city).length === 0) addPeer(city, { ...(await known(kiosk)), relation: 'downstream' })
  return { city, kiosk }
}

const meet = ({ city, kiosk }) => sync(kiosk, { name: 'a line', exchange: message => receive(city, message) })

const DOCUMENT = { title: 'a card', pages: [], pdf: async () => new Uint8Array(1), png: async () => new Uint8Array(1) }

export async function work({ folder, seed, report }) {
  const both = await openBoth(folder)
  const { city, kiosk } = both
  const random = new Random(seed)
  settle(city)
  report('ready')
  const name = what => `${what}-${random.bits().toString(16)}`
  const lieAt = (station, holder) =>
    printJobs(station, { state: 'printed' }).filter(card => card.holder === holder && card.station === 'city')
  for (;;) {
    const records = [record(kiosk, random), record(kiosk, random)]
    await meet(both)
    for (const id of records) {
      decide(city, id, { state: 'PRINT_READY_RECORD', by: 'operator', unchecked: 'the ministry compares them' })
      requestCard(city, { record: id, ...BY })
    }
    const first = random.below(1e8) * BOX
    const serials = [{ prefix: 'A', digits: 10, first, last: first + BOX - 1 }]
    receiveStock(city, {
      shipment: name('box'),
      from: 'the ministry',
      lines: [{ lot: 'lot-1', item: 'blank', serials }],
      ...BY,
    })
    await printCards(city, {
      printer: { name: 'printer', print: async () => ({ outcome: 'printed' }) },
      render: async () => DOCUMENT,
    })
    const cards = lieAt(city, undefined).map(({ job }) => job)
    if (cards.length > 0) {
      const shipment = name('note')
      sendCards(city, { shipment, to: 'kiosk', cards, ...BY })
      for (const job of cards) report(`sent ${job} ${shipment}`)
      if (random.chance(0.3)) {
        spoilCard(city, cards[0], WHY)
        report(`ended ${cards[0]} spoiled`)
      } else if (random.chance(0.2)) {
        receiveCards(city, { shipment, cards: [cards[0]], ...BY })
        report(`back ${cards[0]} ${shipment}`)
      }
    }
    await meet(both)
    const coming = printJobs(kiosk, { state: 'on-its-way' }).filter(({ holder }) => holder === 'kiosk')
    for (const shipment of new Set(coming.map(card => card.shipment))) {
      const come = coming.filter(card => card.shipment === shipment)
      receiveCards(kiosk, { shipment, cards: come.map(({ job }) => job), ...BY })
      for (const { job } of come) report(`came ${job} ${shipment}`)
    }
    for (const { job } of lieAt(kiosk, 'kiosk')) {
      const what = random.below(4)
      if (what === 0) {
        spoilCard(kiosk, job, WHY)
        report(`ended ${job} spoiled`)
      } else if (what === 1) {
        sendCards(kiosk, { shipment: name('return'), to: 'city', cards: [job], ...BY })
        report(`returned ${job}`)
      } else {
        handOver(kiosk, job, { to: 'somebody', ...BY })
        report(`ended ${job} handed-over`)
      }
    }
    await meet(both)
    takeBack(city)
    await meet(both)
  }
}

/** Cards that come back, by the notes that they left the sub-district with. */
function takeBack(city) {
  const back = printJobs(city, { state: 'on-its-way' }).filter(({ holder }) => holder === 'city')
  for (const { job, shipment } of back) receiveCards(city, { shipment, cards: [job], ...BY })
}

/** Cards that a kill left at the printer. */
function settle(city) {
  recoverPrinting(city)
  for (const { job } of uncertainJobs(city)) resolveJob(city, job, { found: 'printed', ...BY })
}

function record(station, random) {
  const id = `record-${random.bits().toString(16)}-${random.bits().toString(16)}`
  const nik = `327601${String(4_101_000_000 + random.below(9e8)).padStart(10, '0')}`
  append(station, {
    kind: 'enrolled',
    direction: 'up',
    record: id,
    recordVersion: 1,
    payloads: [],
    body: { nik, person: { name: 'Nobody' }, operator: 'operator', preCheck },
  })
  return id
}

export async function check({ folder, lines, before = { ended: new Map(), cards: 0 } }) {
  const both = await openBoth(folder)
  const { city, kiosk } = both
  try {
    for (const station of [city, kiosk]) assertWhole(station)
    const ended = new Map(before.ended)
    for (const line of lines) {
      const [word, job, what] = line.split(' ')
      if (word === 'ended') ended.set(job, what)
      else if (word === 'sent') assertNoted(city, what, 'city')
      else if (word === 'came') assertNoted(kiosk, what, 'kiosk')
    }
    settle(city)
    for (let i = 0; i < 2; i++) await meet(both)
    assertSame(city, kiosk)
    for (const [job, state] of ended) assertKnown(city, job, card => card.state === state)
    for (const station of [city, kiosk]) await assertSound(station)
    return { ended, cards: printJobs(city).length }
  } finally {
    await Promise.all([city.close(), kiosk.close()])
  }
}

function assertKnown(station, job, is) {
  const card = printJobs(station).find(each => each.job === job)
  if (card === undefined || !is(card))
    throw new Error(`card ${job} is not what was acknowledged: ${JSON.stringify(card)}`)
}

function assertNoted(station, shipment, by) {
  const note = shipments(station).find(each => each.shipment === shipment)
  const is = by === 'city' ? note !== undefined : note?.receivedAt !== undefined
  if (!is) throw new Error(`shipment ${shipment} was acknowledged at ${by}, and is not on record`)
}

function assertSame(city, kiosk) {
  const standing = station =>
    JSON.stringify(
      printJobs(station)
        .map(({ job, state, holder, shipment }) => [job, state, holder, shipment])
        .sort(),
    )
  if (standing(city) !== standing(kiosk)) throw new Error('the two do not agree where the cards are')
}

async function assertSound(station) {
  const wrong = discrepancies(station).find(({ code }) => code !== 'shipment-differs')
  if (wrong) throw new Error(`${station.id} put ${wrong.code} on record`)
  if (serialsTwice(station).length > 0) throw new Error(`${station.id}: a serial lies at two places`)
  if (!printReport(station).balances) throw new Error(`${station.id}: the books do not add up`)
  const { findings } = await verifyStation(station)
  if (findings.length > 0) throw new Error(`${station.id}: ${findings[0].code}: ${findings[0].message}`)
}

export function summary(states) {
  const sum = of => states.reduce((all, state) => all + of(state), 0)
  return `${sum(({ cards }) => cards)} cards, ${sum(({ ended }) => ended.size)} handed over or spoiled`
}
