/** Invariants of what travels up: records, their payloads and their receipts. */
import type { EntryFact, OutageFacts, StationFacts } from './facts.js'
import type { Invariant } from './invariant.js'

/** Own entries of a kiosk that must reach the hub: all that go up, but those that were planted to be refused. */
function upwards({ kiosks, planted }: OutageFacts): EntryFact[] {
  return kiosks.flatMap(kiosk =>
    kiosk.entries.filter(
      ({ station, direction, hash }) => station === kiosk.id && direction === 'up' && !planted.has(hash),
    ),
  )
}

const hashesOf = ({ entries }: StationFacts) => new Set(entries.map(({ hash }) => hash))

const nameOf = ({ station, sequence }: EntryFact) => `${station} ${sequence}`

/** Things that occur more than once. */
function repeated<T>(things: readonly T[]): T[] {
  const seen = new Set<T>()
  return things.filter(thing => seen.has(thing) || !seen.add(thing))
}

const keptWhereWritten: Invariant = {
  name: 'acknowledged-kept',
  says: 'what a process acknowledged before it was killed is in its own journal, byte for byte',
  look: ({ acknowledged, kiosks, hub }) => {
    const held = new Map([...kiosks, hub].map(station => [station.id, hashesOf(station)]))
    const lost = acknowledged.filter(({ station, hash }) => !held.get(station)?.has(hash))
    return {
      looked: acknowledged.length,
      wrong: lost.map(({ station, kind, record }) => `${station}: ${kind} ${record} is not in its journal`),
    }
  },
}

const zeroLost: Invariant = {
  name: 'acknowledged-arrived',
  says: 'every enrolment, correction and withdrawal that a kiosk acknowledged is at the hub, with the same hash',
  look: ({ acknowledged, kiosks, hub, planted }) => {
    const ofKiosks = new Set(kiosks.map(({ id }) => id))
    const expected = acknowledged.filter(({ station, hash }) => ofKiosks.has(station) && !planted.has(hash))
    const held = hashesOf(hub)
    const lost = expected.filter(({ hash }) => !held.has(hash))
    return {
      looked: expected.length,
      wrong: lost.map(({ station, kind, record }) => `${station}: ${kind} ${record} is not at the hub`),
    }
  },
}

const exactlyOnce: Invariant = {
  name: 'exactly-once',
  says: 'every upward entry of a kiosk, acknowledged or not, is at the hub once, and the hub has no other of that kiosk',
  look: facts => {
    const expected = upwards(facts)
    const wanted = new Set(expected.map(({ hash }) => hash))
    const arrived = facts.hub.entries.filter(({ station, direction }) => station !== facts.hub.id && direction === 'up')
    const counts = new Map<string, number>()
    for (const { hash } of arrived) counts.set(hash, (counts.get(hash) ?? 0) + 1)
    const wrong = expected.flatMap(entry => {
      const count = counts.get(entry.hash) ?? 0
      return count === 1 ? [] : [`${nameOf(entry)}: ${count} times at the hub`]
    })
    const invented = arrived.filter(({ hash }) => !wanted.has(hash))
    return {
      looked: expected.length,
      wrong: [...wrong, ...invented.map(entry => `${nameOf(entry)}: no kiosk wrote it`)],
    }
  },
}

const oneRecordAPerson: Invariant = {
  name: 'one-record-a-person',
  says: 'the hub has one record for each person that was enrolled, as new as the newest at its kiosk',
  look: ({ acknowledged, kiosks, hub, planted, sameNik }) => {
    const own = kiosks.flatMap(({ id, records }) =>
      records.filter(({ station, hash }) => station === id && !planted.has(hash)),
    )
    const newest = new Map(own.map(({ record, hash, clientState }) => [record, `${hash} ${clientState}`]))
    const stale = hub.records.filter(({ record, hash, clientState }) => newest.get(record) !== `${hash} ${clientState}`)
    const there = new Set(hub.records.map(({ record }) => record))
    const absent = own.filter(({ record }) => !there.has(record))
    const twice = repeated(hub.records.map(({ nikTag }) => nikTag))
    const enrolled = acknowledged.filter(({ kind, hash }) => kind === 'enrolled' && !planted.has(hash))
    const persons = new Set(enrolled.map(({ person }) => person))
    return {
      looked: own.length,
      wrong: [
        ...stale.map(({ record }) => `${record}: the hub's is not the newest of its kiosk`),
        ...absent.map(({ record }) => `${record}: not among the hub's records`),
        ...(twice.length === sameNik.filter(pair => pair.every(person => persons.has(person))).length
          ? []
          : [`${twice.length} records of the hub have the NIK of another, other than was planned`]),
        ...(persons.size === own.length ? [] : [`${persons.size} persons were enrolled, in ${own.length} records`]),
      ],
    }
  },
}

const payloadsWhole: Invariant = {
  name: 'payloads-whole',
  says: 'the hub holds every template, photo and signature that an upward entry names, with the hash that it names',
  look: facts => {
    const named = upwards(facts).flatMap(entry => entry.payloads.map(hash => ({ entry, hash })))
    const absent = named.filter(({ hash }) => !facts.hub.payloads.has(hash))
    return {
      looked: named.length,
      wrong: absent.map(({ entry, hash }) => `${nameOf(entry)}: payload ${hash.slice(0, 8)} is not at the hub`),
    }
  },
}

const receiptsValid: Invariant = {
  name: 'receipts-valid',
  says: "no record is marked synchronised without the hub's signature for exactly that version of it",
  look: ({ kiosks }) => {
    const marked = kiosks.flatMap(({ id, records, receipts }) => {
      const valid = new Set(receipts.filter(({ isSigned }) => isSigned).map(({ hash }) => hash))
      return records
        .filter(({ station, transportState }) => station === id && transportState === 'synchronised')
        .map(record => ({ ...record, isValid: valid.has(record.hash) }))
    })
    const forged = kiosks.flatMap(({ id, receipts }) =>
      receipts
        .filter(({ isSigned }) => !isSigned)
        .map(({ hash }) => `${id}: a receipt of ${hash.slice(0, 8)} is forged`),
    )
    const bare = marked.filter(({ isValid }) => !isValid)
    return {
      looked: marked.length,
      wrong: [...bare.map(({ record, station }) => `${station}: ${record} has no valid receipt`), ...forged],
    }
  },
}

const neverPremature: Invariant = {
  name: 'never-premature',
  says: 'on no evening did a kiosk call an entry synchronised that the hub did not hold',
  look: ({ daily }) => ({ looked: daily.looked, wrong: daily.premature }),
}

const allSynchronised: Invariant = {
  name: 'all-synchronised',
  says: 'once lines or sticks have brought everything together, no record waits at any kiosk',
  look: ({ kiosks, planted }) => {
    const own = kiosks.flatMap(({ id, records }) =>
      records.filter(({ station, hash }) => station === id && !planted.has(hash)),
    )
    const waiting = own.filter(({ transportState }) => transportState !== 'synchronised')
    return {
      looked: own.length,
      wrong: waiting.map(({ station, record, transportState }) => `${station}: ${record} is ${transportState}`),
    }
  },
}

export const RECORD_INVARIANTS: readonly Invariant[] = [
  keptWhereWritten,
  zeroLost,
  exactlyOnce,
  oneRecordAPerson,
  payloadsWhole,
  receiptsValid,
  neverPremature,
  allSynchronised,
]
