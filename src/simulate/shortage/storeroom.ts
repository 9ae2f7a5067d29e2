/** What happens in the store of a station: boxes come, are lent, get wet, vanish, and are counted. */
import {
  announceShipment,
  consumables,
  correctStock,
  countStock,
  dispatchStock,
  installConsumable,
  receiveStock,
  removeConsumable,
  returnStock,
  spoilStock,
} from '../../station/index.js'
import { OPERATOR } from '../person.js'
import type { Office } from './office.js'
import type { BoxLine, Delivery } from './plan-types.js'
import { PRINTER } from './printing.js'
import type { Pieces } from './store.js'
import { add, everybody, type OnTheWay, type World } from './world.js'

const SECOND_OPERATOR = 'second operator of the simulation'
const OPERATORS: [string, string] = [OPERATOR, SECOND_OPERATOR]

const MINISTRY = 'the ministry'

/** Below this share of its yield a ribbon that is taken out makes somebody ask. */
const FEW = 0.8

/** Of a box from station to station: that pieces get lost on the way. */
const LOST_ON_THE_WAY = 0.15

/** The hub tells offices of boxes that the ministry will send them. */
export async function announce({ plan, hub, offices, day }: World): Promise<void> {
  for (const office of offices) {
    for (const { announcedDaysBefore, shipment, lines } of boxesAhead(office, day, plan.days)) {
      if (announcedDaysBefore === undefined) continue
      await hub.does('announceShipment', station => announceShipment(station, { to: office.id, shipment, lines }))
    }
  }
}

function boxesAhead({ setting }: Office, day: number, days: number): Delivery[] {
  const ahead = setting.plan.days.slice(day, days)
  return ahead.flatMap(({ deliveries }, i) => deliveries.filter(box => box.announcedDaysBefore === i))
}

export async function takeDeliveries(world: World, office: Office): Promise<void> {
  for (const box of office.setting.plan.days[world.day].deliveries) await takeDelivery(world, office, box)
  for (const box of [...world.onTheWay]) {
    if (box.to !== office || box.arrivesOn > world.day) continue
    world.onTheWay.delete(box)
    await takeIn(office, { shipment: box.shipment, from: box.from.id, lines: box.comes })
    if (box.isShort) expectDiffering(world, office, box.shipment)
  }
}

async function takeDelivery(world: World, office: Office, box: Delivery): Promise<void> {
  const { shipment, lacking, isTypedTwice, isOverlapping, announcedDaysBefore } = box
  const [first, ...others] = box.lines
  const lines = [lessOf(first, lacking), ...others]
  const input = { shipment, from: MINISTRY, lines, operator: OPERATOR }
  const [range] = first.serials ?? []
  if (isOverlapping && range !== undefined && hasSerial(office, range.first - 1)) {
    // The paper names serials that came with a box before: typed as it stands, then as it is.
    const wrong = { ...first, quantity: first.quantity + 1, serials: [{ ...range, first: range.first - 1 }] }
    await office.mustRefuse('receiveStock', 'STOCK_OVERLAP', station =>
      receiveStock(station, { ...input, lines: [wrong, ...others] }),
    )
  }
  await takeIn(office, { shipment, from: MINISTRY, lines })
  for (const line of lines) add(world.delivered, line.lot, line.quantity)
  if (lacking > 0 && announcedDaysBefore !== undefined) expectDiffering(world, office, shipment)
  if (isTypedTwice) {
    await office.mustRefuse('receiveStock', 'STOCK_RECEIVED', station => receiveStock(station, input))
  }
}

function hasSerial({ store }: Office, serial: number): boolean {
  return [...store.lots.values()].some(({ serials, shelf }) => serials !== undefined && shelf.has(serial))
}

async function takeIn(
  office: Office,
  box: { readonly shipment: string; readonly from: string; readonly lines: readonly BoxLine[] },
): Promise<void> {
  const done = await office.does('receiveStock', station => receiveStock(station, { ...box, operator: OPERATOR }))
  if (done !== undefined) for (const line of box.lines) office.store.receive(line)
}

function expectDiffering({ differing }: World, office: Office, shipment: string): void {
  differing.set(office.id, (differing.get(office.id) ?? new Set()).add(shipment))
}

/** A line with so many pieces fewer: the last ones. */
function lessOf(line: BoxLine, fewer: number): BoxLine {
  const { quantity, serials } = line
  const [range] = serials ?? []
  return {
    ...line,
    quantity: quantity - fewer,
    ...(range !== undefined && { serials: [{ ...range, last: range.last - fewer }] }),
  }
}

/** Blanks get wet, some go back to the ministry, and some are gone one morning. */
export async function loseSome(world: World, office: Office): Promise<void> {
  const { wet, vanishing, returning } = office.setting.plan.days[world.day]
  await takeOut(office, wet, async line => {
    const input = { lines: [line], reason: 'wet', operator: OPERATOR }
    const done = await office.did('spoilStock', station => spoilStock(station, input))
    if (done) office.store.move(line.lot, 'available', 'spoiled', line.quantity)
  })
  await takeOut(office, returning, async line => {
    const shipment = `${office.id}-return-${world.day}`
    const input = { shipment, to: MINISTRY, lines: [line], reason: 'misprinted', operator: OPERATOR }
    const done = await office.did('returnStock', station => returnStock(station, input))
    if (done) office.store.move(line.lot, 'available', 'returned', line.quantity)
  })
  await takeOut(office, vanishing, async (line, pieces) => {
    for (const piece of pieces) office.store.lot(line.lot).vanished.add(piece)
  })
}

/** So many pieces of the lot of which most are there leave the shelf. */
async function takeOut(
  { store }: Office,
  most: number,
  then: (line: Pieces, pieces: readonly number[]) => Promise<void>,
): Promise<void> {
  const [id] = store.stocked('blank')[0] ?? []
  if (most === 0 || id === undefined) return
  const pieces = store.highest(id, most)
  const line = store.line(id, pieces)
  store.take(id, pieces)
  await then(line, pieces)
}

/** Two operators count what lies there, and two put the books right. */
export async function countStore(office: Office): Promise<void> {
  const { store } = office
  const lines = [...store.lots.keys()]
    .map(id => store.line(id, [...store.lot(id).shelf]))
    .filter(({ lot, quantity }) => quantity > 0 || store.lot(lot).vanished.size > 0)
    // Nothing of a lot has no serials.
    .map(({ serials = [], ...line }) => ({ ...line, ...(serials.length > 0 && { serials }) }))
  if (lines.length === 0) return
  const counted = await office.did('countStock', station => countStock(station, { lines, operators: OPERATORS }))
  if (!counted) return
  for (const [id, { vanished }] of store.lots) {
    if (vanished.size === 0) continue
    office.expected['count-differs']++
    const line = { ...store.line(id, [...vanished]), found: false }
    const input = { lines: [line], reason: 'counted', operators: OPERATORS }
    const done = await office.did('correctStock', station => correctStock(station, input))
    if (!done) continue
    store.move(id, 'available', 'missing', vanished.size)
    vanished.clear()
  }
}

/** A ribbon and a film are in the printer, as long as there are any. */
export async function feedPrinter(office: Office): Promise<void> {
  const { store, pieces } = office
  for (const item of ['ribbon', 'film']) {
    const piece = pieces.get(item)
    if (piece !== undefined) {
      const left = consumables(office.station).find(({ lot }) => lot === piece.lot)?.left ?? 0
      if (left > 0) continue
      const { lot } = piece
      const input = { printer: PRINTER, lot, outcome: 'used-up' as const, operator: OPERATOR }
      const done = await office.did('removeConsumable', station => removeConsumable(station, input))
      if (!done) continue
      const { yieldCards = 0 } = store.lot(lot).kind
      if (piece.cards < FEW * yieldCards || piece.cards > yieldCards) office.expected['yield-differs']++
      store.move(lot, 'installed', 'used')
      pieces.delete(item)
    }
    const [lot] = store.stocked(item)[0] ?? []
    if (lot === undefined) continue
    const done = await office.did('installConsumable', station =>
      installConsumable(station, { printer: PRINTER, lot, operator: OPERATOR }),
    )
    if (!done) continue
    store.take(lot, store.highest(lot, 1))
    store.move(lot, 'available', 'installed')
    pieces.set(item, { lot, cards: 0 })
  }
}

/** Blanks below which a station is poor, and above which it is rich; how much of the largest lot it then gives away. */
const POOR = 4
const RICH = 12
const SHARE = 1 / 3
const LEND_EVERY_DAYS = 7

/**
 * Once a week the station with the most blanks lends a third of its largest lot to the office with the fewest, if that has nearly none. Lots
 * with rules stay: their quotas are for one station.
 */
export async function lend(world: World): Promise<void> {
  const { day, random } = world
  if (day % LEND_EVERY_DAYS !== LEND_EVERY_DAYS - 1) return
  const byBlanks = everybody(world).sort(
    (a, b) => a.store.count('blank') - b.store.count('blank') || (a.id < b.id ? -1 : 1),
  )
  const [rich, poor] = [byBlanks.at(-1)!, byBlanks[0]]
  const [lot, known] = rich.store.stocked('blank').find(([, { kind }]) => kind.rules === undefined) ?? []
  if (poor === world.hub || poor.store.count('blank') > POOR || lot === undefined || known === undefined) return
  if (rich.store.count('blank') < RICH) return
  const pieces = rich.store.highest(lot, Math.ceil(known.shelf.size * SHARE))
  const line = rich.store.line(lot, pieces)
  const own = random.child('lend').child(day)
  const shipment = `${rich.id}-loan-${day}`
  const input = { shipment, to: poor.id, lines: [line], operator: OPERATOR }
  const done = await rich.did('dispatchStock', station => dispatchStock(station, input))
  if (!done) return
  rich.store.take(lot, pieces)
  rich.store.move(lot, 'available', 'sent', pieces.length)
  const isShort = own.chance(LOST_ON_THE_WAY) && pieces.length > 1
  const comes = isShort ? pieces.slice(1) : pieces
  if (isShort) add(world.lost, lot, 1)
  const box = (of: readonly number[]): BoxLine => ({ ...known.kind, ...rich.store.line(lot, of) })
  const arrivesOn = day + 1 + own.below(5)
  const way: OnTheWay = { shipment, from: rich, to: poor, comes: [box(comes)], isShort, arrivesOn }
  world.onTheWay.add(way)
}
