import { Random } from '../random.js'
import { DAY_MS, HOUR_MS } from './calendar.js'
import { drawLine } from './plan-lines.js'
import {
  type ClonedDisk,
  type HubDay,
  type KillMoment,
  type KioskDay,
  type KioskPlan,
  type MessageFault,
  type OutagePlan,
  SLOTS_A_DAY,
  type Slot,
  type StickTrip,
} from './plan-types.js'
import { drawPairs, drawWork, type Work } from './plan-work.js'

export interface PlanSize {
  readonly kiosks: number
  readonly days: number
  readonly records: number
  readonly seed: number
}

/** Probabilities of a slot (kills), of a message (faults), of a day (the rest). */
const KILL = 0.035
const MESSAGE_FAULT = 0.12
const CLOCK_JUMP = 0.04
const DISK_FULL = 0.03
const HUB_KILL = 0.35
const HUB_DISK_FULL = 0.03

const STICK_KILL = 0.12

const HUB_KILLED_IN = { transaction: 1, work: 1, check: 1 } as const
const KILLED_IN = { transaction: 3, work: 3, sync: 4 } as const
const FAULTS: Readonly<Record<MessageFault, number>> = {
  'lost-request': 1,
  'lost-answer': 3,
  duplicate: 3,
  late: 2,
  replay: 2,
  'stale-answer': 1,
}

/** Most persons who are enrolled on the copy of a disk. */
const MOST_CLONED = 3

/** Of the undecided records, in a day: a fifth of all is decided in 90 days, so that what goes down is not most of the work. */
const MOST_DECIDED = 0.01

/** Of a bundle. */
const LEAST_PART_BYTES = 262_144

/** Most messages of one sync that faults are drawn for. */
const MESSAGES = 4

/** The plan of that seed: the same for the same numbers, on every machine. */
export function planOutage({ kiosks, days, records, seed }: PlanSize): OutagePlan {
  const random = new Random(seed).child('outage')
  const work = drawWork(random.child('work'), kiosks, days * SLOTS_A_DAY, records)
  const planned = Array.from({ length: kiosks }, (_, index) => planKiosk(random.child(index), index, days, work[index]))
  return {
    seed,
    records,
    ...drawPairs(random, work),
    kiosks: planned,
    clone: planClone(planned, records),
    hub: Array.from({ length: days }, (_, day) => planHubDay(random.child('hub').child(day))),
  }
}

/** Of eight kiosks one has no line at all and three a poor one; of two, one of each of the other kinds. */
const lineKindOf = (index: number): KioskPlan['lineKind'] =>
  index % 8 === 2 ? 'none' : index % 2 === 1 || index % 8 === 6 ? 'poor' : 'fair'

function planKiosk(random: Random, index: number, days: number, work: readonly Work[]): KioskPlan {
  const lineKind = lineKindOf(index)
  const line = drawLine(random.child('line'), lineKind, days)
  const stickEvery = { none: 5, poor: 7, fair: 30 }[lineKind]
  let clockErrorMs = 0
  const planned: KioskDay[] = []
  for (let day = 0; day < days; day++) {
    const own = random.child('day').child(day)
    if (own.chance(CLOCK_JUMP)) clockErrorMs = drawClockError(own)
    const slots = Array.from({ length: SLOTS_A_DAY }, (_, i): Slot => {
      const slot = day * SLOTS_A_DAY + i
      const kill = own.chance(KILL) ? drawKill(own) : undefined
      return { line: line[slot], ...work[slot], messages: drawMessages(own), ...(kill && { kill }) }
    })
    const isFull = own.chance(DISK_FULL)
    const leaves = own.chance(1 / stickEvery)
    planned.push({
      clockErrorMs,
      slots,
      ...(isFull && { freePages: own.below(40) }),
      ...(leaves && { stick: drawStick(own) }),
    })
  }
  return { name: `kiosk-${index + 1}`, lineKind, days: planned }
}

/** Half of the jumps set the clock right again; the others are off by hours, or by up to 40 days, forwards or back. */
function drawClockError(random: Random): number {
  if (random.chance(0.5)) return 0
  const span = random.chance(0.5) ? 12 * HOUR_MS : 40 * DAY_MS
  return Math.round(random.uniform(-span, span))
}

function drawKill(random: Random): KillMoment {
  const moment = random.pick(KILLED_IN)
  if (moment === 'transaction') return { in: moment, entry: 1 + random.below(8) }
  if (moment === 'work') return { in: moment, writes: random.below(8), laterMs: drawMoment(random) / 10 }
  return { in: moment, laterMs: drawMoment(random) }
}

/** Uniform in the logarithm, 0.1 to 100 ms: a sync of a few records is done in a few ms. */
const drawMoment = (random: Random) => 10 ** random.uniform(-1, 2)

function drawMessages(random: Random): (MessageFault | undefined)[] {
  const faults = Array.from({ length: MESSAGES }, () =>
    random.chance(MESSAGE_FAULT) ? random.pick(FAULTS) : undefined,
  )
  return faults.slice(0, faults.findLastIndex(fault => fault !== undefined) + 1)
}

function drawStick(random: Random): StickTrip {
  const days = () => 1 + random.below(9)
  const [again, missing, damaged] = [random.chance(0.2), random.chance(0.25), random.chance(0.15)]
  const kill = () => (random.chance(STICK_KILL) ? drawMoment(random) : undefined)
  const [killExportMs, killImportMs, killReturnMs] = [kill(), kill(), kill()]
  return {
    arrivesAfterDays: days(),
    returnsAfterDays: days(),
    lost: random.chance(0.15),
    lostOnReturn: random.chance(0.15),
    partBytes: Math.round(LEAST_PART_BYTES * random.uniform(1, 4)),
    ...(again && { againAfterDays: days() }),
    ...(missing && { missingPart: random.below(1000) }),
    ...(damaged && { damagedAt: random.uniform() }),
    ...(killExportMs !== undefined && { killExportMs }),
    ...(killImportMs !== undefined && { killImportMs }),
    ...(killReturnMs !== undefined && { killReturnMs }),
  }
}

function planHubDay(random: Random): HubDay {
  const isKilled = random.chance(HUB_KILL)
  const kill = isKilled ? drawHubKill(random) : undefined
  const isFull = random.chance(HUB_DISK_FULL)
  return {
    decided: random.uniform(0, MOST_DECIDED),
    removed: random.below(3),
    ...(kill && { kill }),
    ...(isFull && { freePages: random.below(60) }),
  }
}

function drawHubKill(random: Random): HubDay['kill'] {
  const moment = random.pick(HUB_KILLED_IN)
  if (moment === 'transaction') return { in: moment, entry: 1 + random.below(20) }
  if (moment === 'work') return { in: moment, laterMs: 10 ** random.uniform(0, 2.3) }
  return { in: moment, search: 1 + random.below(4) }
}

/**
 * Draws the copy: of the kiosk with a line that enrols most, before its work of a day in the middle
 * on which it enrols somebody. No more are enrolled on the copy than by the kiosk since, so that
 * the hub has another entry for each number.
 */
function planClone(kiosks: readonly KioskPlan[], records: number): ClonedDisk {
  const enrolledIn = (days: readonly KioskDay[]) =>
    days.flatMap(({ slots }) => slots).reduce((sum, { enrol }) => sum + enrol.length, 0)
  const enrolled = kiosks.map(({ days, lineKind }) => (lineKind === 'none' ? -1 : enrolledIn(days)))
  const kiosk = enrolled.indexOf(Math.max(...enrolled))
  const { days } = kiosks[kiosk]
  const busy = days.flatMap((day, i) => (enrolledIn([day]) > 0 ? [i] : []))
  const day = busy[Math.floor(busy.length / 2)] ?? 0
  const count = Math.min(MOST_CLONED, enrolledIn(days.slice(day)))
  return { kiosk, day, enrol: Array.from({ length: count }, (_, i) => records + i) }
}
