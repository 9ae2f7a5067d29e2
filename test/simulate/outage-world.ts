import type { EntryFact, OutageFacts, RecordFact } from '../../dist/simulate/facts.js'

type Deep<T> =
  T extends ReadonlySet<infer U>
    ? Set<U>
    : T extends readonly (infer U)[]
      ? Deep<U>[]
      : T extends object
        ? { -readonly [K in keyof T]: Deep<T[K]> }
        : T

/** Facts that may be altered. */
export type World = Deep<OutageFacts>

/**
 * The facts of an outage of which everything is well: two kiosks with three persons each, one of them corrected, one withdrawn; two
 * decisions, one record taken out of the galleries; one entry planted to be refused.
 */
export function soundWorld(): World {
  const hub = journal('hub')
  const kiosks = ['kiosk-1', 'kiosk-2'].map(id => {
    const own = journal(id)
    own.add({ kind: 'opened', direction: 'local' })
    for (const person of [1, 2, 3]) {
      own.add({ kind: 'enrolled', direction: 'up', record: `${id}-r${person}`, payloads: [`${id}-p${person}`] })
    }
    own.add({ kind: 'corrected', direction: 'up', record: `${id}-r1`, payloads: [`${id}-p1`] })
    own.add({ kind: 'withdrawn', direction: 'up', record: `${id}-r3` })
    return own
  })
  for (const { id } of kiosks) hub.add({ kind: 'decision', direction: 'down', record: `${id}-r2`, to: id })
  hub.add({ kind: 'removal', direction: 'down', record: 'kiosk-2-r2' })
  const planted = journal('kiosk-2', 'clone').add({ kind: 'enrolled', direction: 'up', record: 'clone-r', sequence: 4 })
  const copies = kiosks.flatMap(({ entries }) => entries.map(entry => ({ ...entry })))
  const stationOf = (id: string, entries: EntryFact[], records: RecordFact[], own: EntryFact[]) => ({
    id,
    entries,
    records,
    receipts: own.filter(({ direction }) => direction === 'up').map(({ hash }) => ({ hash, isSigned: true })),
    payloads: new Set(entries.flatMap(({ payloads }) => payloads)),
    gallery: new Set(['kiosk-1-r1', 'kiosk-1-r2', 'kiosk-2-r1']),
    refused: [] as string[],
    damage: [] as string[],
    // The first person of the second kiosk bears the NIK of the first's.
    cases: [
      { record: 'kiosk-1-r1', other: 'kiosk-2-r1', isOpen: true },
      { record: 'kiosk-2-r1', other: 'kiosk-1-r1', isOpen: true },
    ].filter(({ record }) => id === 'hub' || record.startsWith(id)),
  })
  const records = kiosks.map(({ id, entries }) =>
    [1, 2, 3].map(person => {
      const own = entries.filter(({ record }) => record === `${id}-r${person}`)
      return {
        record: `${id}-r${person}`,
        station: id,
        hash: own[own.length - 1].hash,
        nikTag: person === 1 ? 'the same NIK' : `${id}-nik${person}`,
        clientState: ['corrected', 'recorded', 'withdrawn'][person - 1],
        transportState: 'synchronised',
        centreState: person === 2 ? 'PRINT_READY_RECORD' : undefined,
      }
    }),
  )
  const facts: OutageFacts = {
    acknowledged: [...kiosks, hub].flatMap(({ id, entries }) =>
      entries
        .filter(({ direction }) => direction !== 'local')
        .map(({ kind, record, hash }) => ({
          station: id,
          kind,
          record: record!,
          hash,
          person: Number(record!.at(-1)) + (record!.startsWith('kiosk-2') ? 10 : 0),
          ...(kind === 'decision' && { state: 'PRINT_READY_RECORD' }),
        })),
    ),
    hub: {
      ...stationOf('hub', [...hub.entries, ...copies], records.flat(), []),
      refused: [planted.hash],
    },
    kiosks: kiosks.map(({ id, entries }, i) =>
      stationOf(
        id,
        [...entries, ...hub.entries.map(entry => ({ ...entry }))],
        records[i].map(record => ({ ...record })),
        entries,
      ),
    ),
    clone: { ...stationOf('kiosk-2', [], [], []), refused: [planted.hash] },
    daily: { looked: 6, premature: [] },
    planted: new Set([planted.hash]),
    sameNik: [[1, 11]],
    searchedBytes: 1000,
    leaks: [],
    failures: [],
    asked: 100,
  }
  return facts as World
}

function journal(id: string, branch = id) {
  const entries: EntryFact[] = []
  return {
    id,
    entries,
    add(entry: Partial<EntryFact> & Pick<EntryFact, 'kind' | 'direction'>): EntryFact {
      const sequence = entries.length + 1
      const added: EntryFact = {
        station: id,
        sequence,
        hash: `hash-${branch}-${sequence}`,
        previous: entries.at(-1)?.hash ?? '',
        isSigned: true,
        record: undefined,
        to: undefined,
        payloads: [],
        ...entry,
      }
      entries.push(added)
      return added
    },
  }
}
