/** Invariants of what travels down, of what is refused, and of what nobody may read. */
import { stands } from '../station/check/cases.js'
import { READY_STATES } from '../station/enrol/states.js'
import type { Invariant } from './invariant.js'

const decisionsArrived: Invariant = {
  name: 'decisions-arrived',
  says:
    "every decision that the hub acknowledged is in its kiosk's journal, and the record's state there is the newest " +
    'of them, unless a correction has taken it back at both',
  look: ({ acknowledged, kiosks, hub }) => {
    const decisions = acknowledged.filter(({ kind }) => kind === 'decision')
    const corrected = new Set(acknowledged.filter(({ kind }) => kind === 'corrected').map(({ record }) => record))
    const above = new Map(hub.records.map(({ record, centreState }) => [record, centreState]))
    const isTakenBack = (record: string, state: string | undefined) =>
      corrected.has(record) && READY_STATES.includes(state ?? '') && above.get(record) === undefined
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
      if (newest.get(record) !== state) return []
      const expected = isTakenBack(record, state) ? undefined : state
      return home.centreState === expected ? [] : [`${home.id}: ${record} is not '${expected}' there`]
    })
    return { looked: decisions.length, wrong }
  },
}

const galleriesAlike: Invariant = {
  name: 'galleries-alike',
  says: "every kiosk's duplicate check knows the persons that the hub's knows: all but those withdrawn or taken out",
  look: ({ acknowledged, kiosks, hub, planted }) => {
    const inside = new Set<string>()
    const outside = new Set<string>()
    // Whom the hub takes out while a correction is under way may come in again with it: that is not asked here.
    const corrected = new Set(acknowledged.filter(({ kind }) => kind === 'corrected').map(({ record }) => record))
    const fallen = new Set<string>()
    for (const { kind, record, hash, state } of acknowledged) {
      if (planted.has(hash)) continue
      if (kind === 'enrolled') inside.add(record)
      // Kiosks of others are told of those that fall; the hub and their own kiosk keep them.
      if (kind === 'decision' && stands({ client_state: '', centre_state: state ?? null })) fallen.delete(record)
      else if (kind === 'decision') fallen.add(record)
      if (fallen.has(record)) inside.delete(record)
      const isOut = kind === 'removal' && !corrected.has(record) && !fallen.has(record)
      if (kind === 'withdrawn' || isOut) outside.add(record)
      if (kind === 'withdrawn' || kind === 'removal') inside.delete(record)
    }
    const wrong = [hub, ...kiosks].flatMap(({ id, gallery }) => [
      ...[...inside].filter(record => !gallery.has(record)).map(record => `${id}: ${record} is not in the gallery`),
      ...[...outside].filter(record => gallery.has(record)).map(record => `${id}: ${record} is still in the gallery`),
      ...[...gallery].filter(record => !hub.gallery.has(record)).map(record => `${id}: ${record} is in the gallery`),
    ])
    return { looked: (1 + kiosks.length) * (inside.size + outside.size), wrong }
  },
}

const onlyPlantedRefused: Invariant = {
  name: 'refusals-planted',
  says: 'the hub refuses what was enrolled on the copy of a disk, which learns that; nothing else is refused anywhere',
  look: ({ hub, kiosks, clone, planted }) => {
    const [refused, told] = [new Set(hub.refused), new Set(clone.refused)]
    const others = new Set(
      [hub, ...kiosks, clone].flatMap(station => station.refused.filter(hash => !planted.has(hash))),
    )
    return {
      looked: planted.size,
      wrong: [
        ...[...planted].filter(hash => !refused.has(hash)).map(hash => `${hash.slice(0, 8)}: planted, and not refused`),
        ...[...planted]
          .filter(hash => !told.has(hash))
          .map(hash => `${hash.slice(0, 8)}: the copy does not know of it`),
        ...[...others].map(hash => `${hash.slice(0, 8)}: refused, and not planted`),
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
  galleriesAlike,
  onlyPlantedRefused,
  nothingPersonal,
  failuresDocumented,
]
