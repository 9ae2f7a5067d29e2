import type { CaseFact, EntryFact, OutageFacts, RecordFact } from '../../dist/simulate/facts.js'

type Deep<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? Map<K, Deep<V>>
    : T extends ReadonlySet<infer U>
      ? Set<U>
      : T extends object
        ? { -readonly [K in keyof T]: Deep<T[K]> }
        : T

/** At each kiosk; and those of whom the hub compared the fingers before one was taken out. */
const PERSONS = [1, 2, 3, 4]
const COMPARED = [1, 2, 4]

const fingers = (templates: string) => ({ payloads: [templates], templates })

/** Facts that may be altered. */
export type World = Deep<OutageFacts>

/**
 * The facts of an outage of which everything is well: two kiosks with four persons each, one of
 * them corrected, one withdrawn; two decisions, one record taken out of the galleries; one entry
 * planted to be refused. The first persons of the two bear one NIK, the fourth have one person's
 * fingers.
 */
export function soundWorld(): World {
  const hub = journal('hub')
  const kiosks = ['kiosk-1', 'kiosk-2'].map(id => {
    const own = journal(id)
    own.add({ kind: 'opened', direction: 'local' })
    for (const person of PERSONS) {
      own.add({ kind: 'enrolled', direction: 'up', record: `${id}-r${person}`, ...fingers(`${id}-p${person}`) })
    }
    own.add({ kind: 'corrected', direction: 'up', record: `${id}-r1`, ...fingers(`${id}-p1`) })
    own.add({ kind: 'withdrawn', direction: 'up', record: `${id}-r3` })
    return own
  })
  for (const { id } of kiosks) hub.add({ kind: 'decision', direction: 'down', record: `${id}-r2`, to: id })
  hub.add({ kind: 'removal', direction: 'down', record: 'kiosk-2-r2' })
  for (const { id } of kiosks) {
    for (const person of COMPARED) hub.add({ kind: 'checked', direction: 'down', record: `${id}-r${person}`, to: id })
  }
  const planted = journal('kiosk-2', 'clone').add({ kind: 'enrolled', direction: 'up', record: 'clone-r', sequence: 5 })
  const copies = kiosks.flatMap(({ entries }) => entries.map(entry => ({ ...entry })))
  const stationOf = (id: string, entries: EntryFact[], records: RecordFact[], own: EntryFact[]) => ({
    id,
    entries,
    records,
    receipts: own.filter(({ direction }) => direction === 'up').map(({ hash }) => ({ hash, isSigned: true })),
    payloads: new Set(entries.flatMap(({ payloads }) => payloads)),
    gallery: new Set(['kiosk-1-r1', 'kiosk-1-r2', 'kiosk-1-r4', 'kiosk-2-r1', 'kiosk-2-r4']),
    refused: [] as string[],
    damage: [] as string[],
    cases: [
      { kind: 'nik', record: 'kiosk-1-r1', other: 'kiosk-2-r1', isOpen: true },
      { kind: 'nik', record: 'kiosk-2-r1', other: 'kiosk-1-r1', isOpen: true },
      { kind: 'fingers', record: 'kiosk-1-r4', other: 'kiosk-2-r4', isOpen: true },
      { kind: 'fingers', record: 'kiosk-2-r4', other: 'kiosk-1-r4', isOpen: true },
    ].filter(({ record }) => id === 'hub' || record.startsWith(id)) as CaseFact[],
    checks: new Map(
      kiosks
        .filter(kiosk => id === 'hub' || kiosk.id === id)
        .flatMap(kiosk => COMPARED.map(person => [`${kiosk.id}-r${person}`, `${kiosk.id}-p${person}`] as const))
        .map(([record, templates]) => [record, { templates, decision: record.endsWith('r4') ? 'duplicate' : 'clear' }]),
    ),
    unchecked: new Set<string>(),
  })
  const records = kiosks.map(({ id, entries }) =>
    PERSONS.map(person => {
      const own = entries.filter(({ record }) => record === `${id}-r${person}`)
      return {
        record: `${id}-r${person}`,
        station: id,
        hash: own[own.length - 1].hash,
        nikTag: person === 1 ? 'the same NIK' : `${id}-nik${person}`,
        clientState: ['corrected', 'recorded', 'withdrawn', 'recorded'][person - 1],
        transportState: 'synchronised',
        centreState: person === 2 ? 'PRINT_READY_RECORD' : undefined,
      }
    }),
  )
  const facts: OutageFacts = {
    acknowledged: [...kiosks, hub].flatMap(({ id, entries }) =>
      entries
        .filter(({ direction, kind }) => direction !== 'local' && kind !== 'checked')
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
    daily: { looked: 8, premature: [] },
    planted: new Set([planted.hash]),
    sameNik: [[1, 11]],
    samePerson: [{ pair: [4, 14], matches: true }],
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
        templates: undefined,
        ...entry,
      }
      entries.push(added)
      return added
    },
  }
}
