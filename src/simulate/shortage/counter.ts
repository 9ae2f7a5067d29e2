/** What happens at the counter of an office: people are recorded, ask for cards and letters, and collect them. */
import { enrol, handOver, issueLetter, requestCard, withdraw } from '../../station/index.js'
import type { CardPurpose } from '../../station/print/types.js'
import { BEGIN_MS, DAY_MS } from '../calendar.js'
import { NAME_MARK } from '../leaks.js'
import { OPERATOR, simulatedResident } from '../person.js'
import type { Office } from './office.js'
import type { Resident } from './plan-types.js'
import { everybody, type KnownPerson, type World } from './world.js'

const ASKS_AGAIN_AFTER_DAYS = 7

export async function recordResidents(world: World, office: Office): Promise<void> {
  for (const resident of office.setting.plan.days[world.day].residents) {
    const given = simulatedResident(world.plan.seed, resident.number)
    const result = await office.does('enrol', station => enrol(station, given))
    if (result?.recorded !== true) continue
    const person: KnownPerson = {
      resident,
      office,
      record: result.recordId,
      recordedOn: world.day,
      isWithdrawn: false,
      requests: [],
      hasLost: false,
      asksOn: after(world.day, resident.letterAfterDays),
    }
    world.persons.set(resident.number, person)
    await askForCard(world, person, 'new')
  }
}

/**
 * Printed at the hub where the office's own printer is at the workshop, else where it is asked for.
 *
 * @returns whether the request was taken
 */
async function askForCard(
  world: World,
  person: KnownPerson,
  purpose: CardPurpose,
  asksAt: Office = person.office,
): Promise<boolean> {
  const { record, resident } = person
  const at = asksAt.setting.plan.days[world.day].mostCards === 0 ? world.hub : asksAt
  const input = {
    record,
    purpose,
    at: at.id,
    operator: OPERATOR,
    ...(purpose === 'replacement' && { reason: 'lost' }),
    ...(isUrgent(resident) && { urgent: { reason: 'a journey', by: OPERATOR } }),
  }
  const mayRefuse = mayNotKnow(asksAt, person) ? 'PRINT_REQUESTED' : undefined
  const asked = await asksAt.does('requestCard', station => requestCard(station, input), mayRefuse)
  if (asked === undefined) return false
  person.requests.push({ request: asked.request, at, purpose })
  world.byRequest.set(asked.request, person)
  return true
}

/** The card was handed over by another station, and the two may not have spoken since. */
function mayNotKnow(office: Office, { holds }: KnownPerson): boolean {
  return holds !== undefined && holds.from !== office && office.heardOn < holds.since
}

/** Who is refused asks at once at the station that handed the card over, as the message says, or comes again. */
async function askForAnother(world: World, person: KnownPerson, asksAt: Office): Promise<void> {
  const isTaken = await askForCard(world, person, 'replacement', asksAt)
  if (isTaken) delete person.asksForAnother
  else if (person.resident.number % 2 === 0) person.asksForAnother = { at: person.holds!.from, on: world.day + 1 }
  else person.asksForAnother = { at: person.office, on: world.day + ASKS_AGAIN_AFTER_DAYS }
}

/**
 * After the last day, when all stations know everything: whoever has lost a card and could not ask.
 * @returns how many
 */
export async function askAtLast(world: World): Promise<number> {
  const lacking = [...world.persons.values()].filter(({ asksForAnother }) => asksForAnother !== undefined)
  for (const person of lacking) await askForAnother(world, person, person.office)
  return lacking.length
}

const isUrgent = ({ isUrgent }: Resident) => isUrgent

export async function serveResidents(world: World, office: Office): Promise<void> {
  const { day } = world
  for (const person of world.persons.values()) {
    if (person.office !== office || person.isWithdrawn) continue
    if (day === after(person.recordedOn, person.resident.withdrawsAfterDays)) await takeBack(world, person)
    await collect(world, person)
    if (person.losesOn === day && !person.isWithdrawn) {
      person.hasLost = true
      person.asksForAnother = { at: office, on: day }
    }
    const { asksForAnother } = person
    if (asksForAnother?.on === day) await askForAnother(world, person, asksForAnother.at)
    if (person.asksOn === day && !person.isWithdrawn) await askForLetter(world, person)
  }
}

/** Only where no card was begun, here or at the hub. */
async function takeBack(world: World, person: KnownPerson): Promise<void> {
  const { office, record } = person
  if (person.requests.some(({ at }) => at !== office) || cardsOf(world, person).length > 0) return
  await office.does('withdraw', station => withdraw(station, record, { operator: OPERATOR, reason: 'moved away' }))
  person.isWithdrawn = true
}

async function collect({ day }: World, person: KnownPerson): Promise<void> {
  const { collects, resident } = person
  if (collects === undefined || day < collects.on || collects.card.state !== 'printed') return
  const { card, at } = collects
  const to = `${NAME_MARK} ${resident.number}`
  await at.does('handOver', station => handOver(station, card.job, { to, operator: OPERATOR }))
  card.state = 'handed-over'
  delete person.collects
  person.holds = { from: at, since: day }
  const losesOn = after(day, resident.losesAfterDays)
  if (losesOn !== undefined && !person.hasLost) person.losesOn = losesOn
}

async function askForLetter(world: World, person: KnownPerson): Promise<void> {
  const { office, record, resident } = person
  const { day } = world
  const blankLay = blankForNew(world, office)
  const letter = await office.does(
    'issueLetter',
    station => issueLetter(station, { record, operator: OPERATOR }),
    'LETTER_REFUSED',
  )
  person.asksOn = undefined
  if (letter !== undefined) {
    world.letters.push({ letter: letter.letter, person: resident.number, office: office.id, day, blankLay })
  } else if (cardsOf(world, person).length === 0) person.asksOn = day + ASKS_AGAIN_AFTER_DAYS
}

/** A lot of which, by the simulation's own counters, a blank could be had for a new card; undefined where there is none. */
function blankForNew({ day }: World, office: Office): string | undefined {
  const now = new Date(office.shows(BEGIN_MS + day * DAY_MS)).toISOString()
  for (const [id, { kind, accounts }] of office.store.lots) {
    const { until, quota } = kind.rules ?? {}
    const made = [...office.cards.values()].filter(card => card.lot === id && card.purpose === 'new' && isCard(card))
    const isOver = until !== undefined && until <= now
    const isUsedUp = quota?.new !== undefined && made.length >= quota.new
    if (kind.item === 'blank' && (accounts.available ?? 0) > 0 && !isOver && !isUsedUp) return id
  }
  return undefined
}

const isCard = ({ state }: { readonly state: string }) => state !== 'spoiled' && state !== 'untouched'

/** Cards of a person that are there, or may be. */
function cardsOf(world: World, { resident }: KnownPerson) {
  return everybody(world).flatMap(({ cards }) =>
    [...cards.values()].filter(card => card.person === resident.number && isCard(card)),
  )
}

const after = (day: number, days: number | undefined) => (days === undefined ? undefined : day + days)
