/** Invariants of the comparison of each record with all others, and of what it finds. */
import { TARGET_FPIR } from '../persons/persons.js'
import type { OutageFacts, RecordFact, StationFacts } from './facts.js'
import type { Invariant } from './invariant.js'
import { casesBeyond, hubRecords, stands } from './invariants-cases.js'

/** What happens by chance alone less often than this is taken for a fault. */
const BY_CHANCE = 0.001

/** The pairs that were planted, of which the hub has both records. */
function plantedPairs(facts: OutageFacts) {
  return facts.samePerson.flatMap(({ pair, matches }) => {
    const records = hubRecords(facts, pair)
    return records === undefined ? [] : [{ records, matches }]
  })
}

const samePersonFound: Invariant = {
  name: 'same-person-found',
  says:
    'two records of one person are, or were, a case at the hub and at both kiosks, wherever the engine alone knows ' +
    'the fingers again among so many; it is open while both stand',
  look: facts => {
    const { hub, kiosks } = facts
    const homeOf = new Map(kiosks.map(kiosk => [kiosk.id, kiosk]))
    let looked = 0
    const wrong = plantedPairs(facts).flatMap(({ records: pair, matches }) => {
      // One that fell for another reason before it was compared is no person's any more.
      const isComparable = pair.every(fact => hub.gallery.has(fact.record) && stands(fact, ['DUPLICATE_RECORD']))
      if (matches && isComparable) looked++
      return [pair, [pair[1], pair[0]] as const].flatMap(([a, b]) =>
        [hub, homeOf.get(a.station)!].flatMap(station => {
          const known = fingerCase(station, a, b)
          const names = `${station.id}: ${a.record} and ${b.record}`
          if (known === undefined) return matches && isComparable ? [`${names} were never a case`] : []
          const isOpen = pair.every(fact => stands(fact))
          return known.isOpen === isOpen ? [] : [`${names} are ${isOpen ? 'no open case' : 'still a case'}`]
        }),
      )
    })
    return { looked, wrong }
  },
}

const fingerCase = ({ cases }: StationFacts, a: RecordFact, b: RecordFact) =>
  cases.find(({ kind, record, other }) => kind === 'fingers' && record === a.record && other === b.record)

const noStrangerDoubted: Invariant = {
  name: 'no-stranger-doubted',
  says:
    `of so many records compared with all others, no more strangers match than a rate of ${TARGET_FPIR} brings ` +
    `about, but once in ${1 / BY_CHANCE} outages; no kiosk hears of others`,
  look: facts => {
    const { hub, kiosks } = facts
    const planted = plantedPairs(facts).map(({ records }) => records)
    const strangers = casesBeyond(hub.cases, 'fingers', planted)
    const looked = hub.entries.filter(({ station, kind }) => station === hub.id && kind === 'checked').length
    const names = [...new Set(strangers.map(({ record, other }) => [record, other].sort().join(' and ')))]
    const most = mostByChance(TARGET_FPIR * looked)
    const atHub = new Set(hub.cases.filter(({ kind }) => kind === 'fingers').map(caseName))
    const unheard = kiosks.flatMap(({ id, cases }) =>
      cases
        .filter(each => each.kind === 'fingers' && !atHub.has(caseName(each)))
        .map(each => `${id}: ${caseName(each)} are a case there alone`),
    )
    return { looked, wrong: [...(names.length > most ? names.map(pair => `${pair} are strangers`) : []), ...unheard] }
  },
}

const caseName = ({ record, other }: { record: string; other: string }) => `${record} and ${other}`

/** Least count that so rare events, of which `expected` are to be, exceed more seldom than BY_CHANCE (Poisson). */
function mostByChance(expected: number): number {
  let term = Math.exp(-expected)
  let below = term
  let count = 0
  while (1 - below > BY_CHANCE) {
    count++
    term *= expected / count
    below += term
  }
  return count
}

const nothingUnchecked: Invariant = {
  name: 'nothing-unchecked',
  says:
    'every whole record at the hub was compared with all others, once for each version with other fingers ' +
    'and once more at most for each case that ended; ' +
    'none waits that is no more; its kiosk knows what came of it',
  look: ({ hub, kiosks }) => {
    const homeOf = new Map(kiosks.map(kiosk => [kiosk.id, kiosk]))
    const templatesOf = new Map(hub.entries.map(({ hash, templates }) => [hash, templates]))
    const versions = new Map<string, Set<string>>()
    const times = new Map<string, number>()
    const ended = new Map<string, number>()
    for (const { station, kind, record = '', templates } of hub.entries) {
      if (templates !== undefined) versions.set(record, (versions.get(record) ?? new Set()).add(templates))
      if (station === hub.id && kind === 'case-closed') ended.set(record, (ended.get(record) ?? 0) + 1)
      if (station === hub.id && kind === 'checked') times.set(record, (times.get(record) ?? 0) + 1)
    }
    const whole = hub.records.filter(
      ({ record, clientState }) => clientState !== 'withdrawn' && hub.gallery.has(record),
    )
    const left = whole.flatMap(({ record, station, hash }) => {
      const check = hub.checks.get(record)
      if (hub.unchecked.has(record) || check === undefined) return [`${record}: was not compared`]
      if (check.templates !== templatesOf.get(hash)) return [`${record}: other fingers of it were compared`]
      if (check.decision === 'not-run') return [`${record}: nothing of it was compared`]
      const told = homeOf.get(station)?.checks.get(record)
      if (told?.templates === check.templates && told?.decision === check.decision) return []
      return [`${station}: does not know what came of ${record}`]
    })
    const again = [...times].flatMap(([record, count]) => {
      const fingers = versions.get(record)?.size ?? 0
      return count > fingers + (ended.get(record) ?? 0)
        ? [`${record}: was compared ${count} times, with ${fingers} versions of fingers`]
        : []
    })
    const isWhole = new Set(whole.map(({ record }) => record))
    const needless = [...hub.unchecked]
      .filter(record => !isWhole.has(record))
      .map(record => `${record}: waits for ever`)
    return { looked: whole.length, wrong: [...left, ...again, ...needless] }
  },
}

export const FINGER_INVARIANTS: readonly Invariant[] = [samePersonFound, noStrangerDoubted, nothingUnchecked]
