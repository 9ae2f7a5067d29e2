/** Invariants of what travels down, of what is refused, and of what nobody may read. */
import type { Invariant } from './invariant.js'

const decisionsArrived: Invariant = {
  name: 'decisions-arrived',
  says: "every decision that the hub acknowledged is in its kiosk's journal, and the record's state there is the newest of them",
  look: ({ acknowledged, kiosks }) => {
    const decisions = acknowledged.filter(({ kind }) => kind === 'decision')
    const newest = new Map(decisions.map(({ record, state }) => [record, state]))
    const homes = new Map(
      kiosks.flatMap(({ id, entries, records }) => {
        const held = new Set(entries.map(({ hash }) => hash))
        const own = records.filter(({ station }) => station === id)
        return own.map(({ record, centreState }) => [record, { id, held, centreState }] as const)
      }),
    )
    const wrong = decisions.flatMap(({ record, hash, state }) => {
      const home = homes.get(record)
      if (home === undefined) return [`${record}: decided, but at no kiosk`]
      if (!home.held.has(hash)) return [`${home.id}: the decision on ${record} did not arrive`]
      const isNewest = newest.get(record) === state
      return isNewest && home.centreState !== state ? [`${home.id}: ${record} is not '${state}' there`] : []
    })
    return { looked: decisions.length, wrong }
  },
}

const galleryArrived: Invariant = {
  name: 'gallery-arrived',
  says: "every record that the hub put into the galleries, and did not take out again, is in every kiosk's",
  look: ({ acknowledged, kiosks }) => {
    const inside = new Set<string>()
    const outside = new Set<string>()
    for (const { kind, record } of acknowledged) {
      if (kind !== 'gallery' && kind !== 'removal') continue
      inside.delete(record)
      outside.delete(record)
      ;(kind === 'gallery' ? inside : outside).add(record)
    }
    const wrong = kiosks.flatMap(({ id, gallery }) => [
      ...[...inside].filter(record => !gallery.has(record)).map(record => `${id}: ${record} is not in the gallery`),
      ...[...outside].filter(record => gallery.has(record)).map(record => `${id}: ${record} is still in the gallery`),
    ])
    return { looked: kiosks.length * (inside.size + outside.size), wrong }
  },
}

const onlyPlantedRefused: Invariant = {
  name: 'refusals-planted',
  says: 'entries that were made to be refused are refused, and no others are',
  look: ({ hub, kiosks, planted }) => {
    const refused = new Set([hub, ...kiosks].flatMap(station => station.refused))
    return {
      looked: planted.size,
      wrong: [
        ...[...planted].filter(hash => !refused.has(hash)).map(hash => `${hash.slice(0, 8)}: planted, and not refused`),
        ...[...refused].filter(hash => !planted.has(hash)).map(hash => `${hash.slice(0, 8)}: refused, and not planted`),
      ],
    }
  },
}

const nothingPersonal: Invariant = {
  name: 'nothing-personal',
  says: 'no name and no NIK is in what the processes wrote to their logs, on the lines, on the sticks or in the files',
  look: ({ searchedBytes, leaks }) => ({ looked: searchedBytes, wrong: leaks }),
}

const failuresDocumented: Invariant = {
  name: 'failures-documented',
  says: 'whatever failed, failed with an error that is documented for it; no process ended but by a kill',
  look: ({ asked, failures }) => ({ looked: asked, wrong: failures }),
}

export const CENTRE_INVARIANTS: readonly Invariant[] = [
  decisionsArrived,
  galleryArrived,
  onlyPlantedRefused,
  nothingPersonal,
  failuresDocumented,
]
