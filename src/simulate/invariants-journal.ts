/** Invariants of the journals themselves, at both ends. */
import type { EntryFact, OutageFacts, StationFacts } from './facts.js'
import type { Invariant } from './invariant.js'

const everyStation = ({ kiosks, hub }: OutageFacts) => [...kiosks, hub]

/** The entries of each station that this one holds, in the order of their sequence as they lie there. */
function journalsOf({ entries }: StationFacts): Map<string, EntryFact[]> {
  const journals = new Map<string, EntryFact[]>()
  for (const entry of entries) {
    const journal = journals.get(entry.station)
    if (journal === undefined) journals.set(entry.station, [entry])
    else journal.push(entry)
  }
  return journals
}

const chainsUnbroken: Invariant = {
  name: 'in-order',
  says: 'each journal, wherever it lies, is numbered from 1 without a gap, each entry naming the hash of the one before',
  look: facts => {
    let looked = 0
    const wrong: string[] = []
    for (const holder of everyStation(facts)) {
      for (const [station, journal] of journalsOf(holder)) {
        looked += journal.length
        for (const [i, { sequence, previous }] of journal.entries()) {
          const before = journal[i - 1]
          if (sequence !== i + 1) wrong.push(`${holder.id}: entry ${i + 1} of ${station} has number ${sequence}`)
          else if (previous !== (before?.hash ?? ''))
            wrong.push(`${holder.id}: entry ${sequence} of ${station} does not follow`)
        }
      }
    }
    return { looked, wrong }
  },
}

const allSigned: Invariant = {
  name: 'all-signed',
  says: 'the signature of every entry, wherever it lies, is of the station that it names',
  look: facts => {
    const held = everyStation(facts).flatMap(({ id, entries }) => entries.map(entry => ({ holder: id, ...entry })))
    const unsigned = held.filter(({ isSigned }) => !isSigned)
    return {
      looked: held.length,
      wrong: unsigned.map(
        ({ holder, station, sequence }) => `${holder}: entry ${sequence} of ${station} is not signed`,
      ),
    }
  },
}

const alike: Invariant = {
  name: 'journals-alike',
  says: 'an entry that lies at two stations is the same at both',
  look: facts => {
    const own = new Map<string, string>()
    for (const { id, entries } of everyStation(facts)) {
      for (const { station, sequence, hash } of entries) if (station === id) own.set(`${station} ${sequence}`, hash)
    }
    const copies = everyStation(facts).flatMap(({ id, entries }) =>
      entries.filter(({ station }) => station !== id).map(entry => ({ holder: id, ...entry })),
    )
    const other = copies.filter(({ station, sequence, hash }) => own.get(`${station} ${sequence}`) !== hash)
    return {
      looked: copies.length,
      wrong: other.map(
        ({ holder, station, sequence }) => `${holder}: entry ${sequence} of ${station} is another there`,
      ),
    }
  },
}

const verified: Invariant = {
  name: 'verified',
  says: "every station's own verification finds nothing wrong",
  look: facts => ({
    looked: everyStation(facts).length,
    wrong: everyStation(facts).flatMap(({ id, damage }) => damage.map(what => `${id}: ${what}`)),
  }),
}

export const JOURNAL_INVARIANTS: readonly Invariant[] = [chainsUnbroken, allSigned, alike, verified]
