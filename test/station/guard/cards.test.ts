import Database from 'better-sqlite3'
import {
  addPeer,
  createIdentity,
  decide,
  handOver,
  issueLetter,
  openStation,
  planPrinting,
  printCards,
  publicIdentity,
  recordOf,
  recoverPrinting,
  requestCard,
  resolveJob,
  type Station,
  spoilCard,
  verifyLetter,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { KEY, newPath } from '../files.ts'
import { cleared, network } from '../print/network.ts'
import { BY, blanks, CLEARED, corrected, nikOf, person, printerThat, READY, render, WHY } from '../print/support.ts'
import { codeOf, edit, type Opened, openedOf, tampered, WHEN } from './support.ts'

async function office(): Promise<Opened> {
  const station = await openStation({ path: newPath(), key: KEY, identity: await createIdentity('3276-01') })
  addPeer(station, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
  return openedOf(station)
}

const print = (station: Station, printer = printerThat()) => printCards(station, { printer, render })

/** Prints what is wanted: how many cards, or what it failed with. */
async function cardsMade(station: Station): Promise<number | string> {
  const printer = printerThat()
  const code = await codeOf(() => print(station, printer))
  return code === undefined || printer.calls > 0 ? printer.calls : code
}

/** A cleared person whose card is printed. */
async function withCard(station: Station, number = 1): Promise<{ id: string; job: string }> {
  const id = person(station, number)
  requestCard(station, { record: id, ...BY })
  const { printed } = await print(station)
  return { id, job: printed[0].job }
}

describe.each(WHEN)('a file that is edited while it is %s', when => {
  it('prints no card for whom the centre has not cleared', async () => {
    const at = await office()
    blanks(at.station, 5)
    const id = person(at.station, 1, null)
    requestCard(at.station, { record: id, ...BY })
    expect(await cardsMade(at.station)).toBe(0)
    await tampered(at, when, [`UPDATE record SET centre_state = '${READY}'`])
    expect(await cardsMade(at.station)).toBe('STATION_ALTERED')
    expect((await verifyStation(at.station)).ok).toBe(false)
    await at.station.close()
  })

  it.each([
    ['the card is as if never printed', [`DELETE FROM print_job`, `UPDATE card_request SET state = 'waiting'`]],
    [
      'the card is as if spoiled',
      [`UPDATE print_job SET state = 'spoiled'`, `UPDATE card_request SET state = 'waiting'`],
    ],
    [
      'a request of its own',
      [
        `INSERT INTO card_request SELECT 'CR-x', record, station, prints, 'replacement', 0, nik_tag, 'waiting',
         requested_at, changed_at, json_array((SELECT id FROM print_job)) FROM card_request`,
      ],
    ],
  ])('prints no second card: %s', async (_, statements) => {
    const at = await office()
    blanks(at.station, 5)
    await withCard(at.station)
    await tampered(at, when, statements)
    expect(planPrinting(at.station).prints).toHaveLength(1)
    expect(await cardsMade(at.station)).toBe('STATION_ALTERED')
    await at.station.close()
  })

  it.each([
    ['taken out', [`DELETE FROM print_job`, `DELETE FROM card_request`]],
    [
      'of another NIK',
      [
        `UPDATE card_request SET nik_tag = zeroblob(32)`,
        `UPDATE record SET nik_tag = zeroblob(32) WHERE id = 'record-0001'`,
      ],
    ],
    [
      'of none',
      [`UPDATE card_request SET nik_tag = NULL`, `UPDATE record SET nik_tag = NULL WHERE id = 'record-0001'`],
    ],
    ['spoiled', [`UPDATE print_job SET state = 'spoiled'`, `UPDATE card_request SET state = 'cancelled'`]],
  ])('prints no second card for the NIK of another record, whose card is %s', async (_, statements) => {
    const at = await office()
    blanks(at.station, 5)
    await withCard(at.station)
    const twin = person(at.station, 2, READY, nikOf(1))
    expect(await codeOf(() => requestCard(at.station, { record: twin, ...BY }))).toBe('PRINT_REQUESTED')
    await tampered(at, when, statements)
    expect(await codeOf(() => requestCard(at.station, { record: twin, ...BY }))).toBe('STATION_ALTERED')
    expect(await cardsMade(at.station)).toBe(0)
    await at.station.close()
  })

  it('asks for no new card where the one that was printed was taken out', async () => {
    const at = await office()
    blanks(at.station, 5)
    const { id } = await withCard(at.station)
    await tampered(at, when, ['DELETE FROM print_job', 'DELETE FROM card_request'])
    expect(await codeOf(() => requestCard(at.station, { record: id, ...BY }))).toBe('STATION_ALTERED')
    await at.station.close()
  })

  it('hands over, resolves and spoils no card whose row says what the journal does not', async () => {
    const at = await office()
    blanks(at.station, 5)
    const { job } = await withCard(at.station)
    spoilCard(at.station, job, WHY)
    await tampered(at, when, [`UPDATE print_job SET state = 'printed'`, `UPDATE card_request SET state = 'printed'`])
    expect(await codeOf(() => handOver(at.station, job, { to: 'the person', ...BY }))).toBe('STATION_ALTERED')
    expect(await codeOf(() => resolveJob(at.station, job, { found: 'untouched', ...BY }))).toBe('STATION_ALTERED')
    await at.station.close()
  })

  it('calls no letter valid by a row that was edited', async () => {
    const at = await office()
    const { verification } = issueLetter(at.station, { record: person(at.station, 1), ...BY })
    const { verifyKey } = await publicIdentity(at.identity)
    const verdict = () => verifyLetter(verification, () => verifyKey, { station: at.station })
    expect(verdict()).toMatchObject({ valid: true })
    await tampered(at, when, [`UPDATE letter SET code = 'other'`])
    expect(await codeOf(verdict)).toBe('STATION_ALTERED')
    await at.station.close()
  })

  it('prints no card beyond what a lot allows by its counts as they were', async () => {
    const at = await office()
    blanks(at.station, 5)
    await withCard(at.station)
    const edited = tampered(at, when, ['UPDATE lot_cards SET cards = 0'])
    if (when === 'closed') expect(await codeOf(() => edited)).toBe('STATION_ALTERED')
    else {
      await edited
      expect(await codeOf(() => requestCard(at.station, { record: person(at.station, 2), ...BY }))).toBe(
        'STATION_ALTERED',
      )
      await at.station.close()
    }
  })

  it('issues no second letter', async () => {
    const at = await office()
    const id = person(at.station, 1)
    requestCard(at.station, { record: id, ...BY })
    issueLetter(at.station, { record: id, ...BY })
    await tampered(at, when, [`UPDATE letter SET state = 'revoked'`])
    expect(await codeOf(() => issueLetter(at.station, { record: id, ...BY }))).toBe('STATION_ALTERED')
    edit(at.path, 'DELETE FROM letter')
    expect(await codeOf(() => issueLetter(at.station, { record: id, ...BY }))).toBe('STATION_ALTERED')
    await at.station.close()
  })

  it('releases no blank of a card that was sent', async () => {
    const at = await office()
    blanks(at.station, 5)
    await withCard(at.station)
    await tampered(at, when, [`UPDATE print_job SET state = 'reserved'`])
    expect(await codeOf(() => recoverPrinting(at.station))).toBe('STATION_ALTERED')
    await at.station.close()
  })

  it('does not take the rows of an older copy, with the MACs that belonged to them', async () => {
    const at = await office()
    blanks(at.station, 5)
    const id = person(at.station, 1)
    requestCard(at.station, { record: id, ...BY })
    const tables = ['record', 'card_request', 'print_job', 'guard', 'guard_node']
    edit(at.path, ...tables.map(table => `CREATE TABLE old_${table} AS SELECT * FROM ${table}`))
    const keep = openedOf(at.station)
    // Copied rows lie outside the file, as they would in a copy of it.
    const copied = takeOut(at.path, tables)
    expect(await cardsMade(keep.station)).toBe(1)
    const failed = await codeOf(() => tampered(at, when, []).then(() => copied.putBack(at.path)))
    expect(failed).toBeUndefined()
    if (when === 'closed') await at.station.close()
    const opened = await codeOf(async () => {
      if (when === 'closed') {
        at.station = await openStation({ path: at.path, key: KEY, identity: at.identity, existing: true })
      }
    })
    if (opened === undefined) expect(await cardsMade(at.station)).toBe('STATION_ALTERED')
    else expect(opened).toBe('STATION_ALTERED')
    await at.station.close()
  })
})

/** Tables as they were, in memory, in place of what `old_` has of them. */
function takeOut(path: string, tables: readonly string[]) {
  const database = new Database(path)
  const kept = tables.map(table => {
    const rows = database.prepare(`SELECT * FROM old_${table}`).raw().all() as unknown[][]
    database.exec(`DROP TABLE old_${table}`)
    return { table, rows }
  })
  database.close()
  return {
    putBack(to: string): void {
      const database = new Database(to)
      for (const { table, rows } of kept) {
        database.exec(`DELETE FROM ${table}`)
        for (const row of rows) {
          database.prepare(`INSERT INTO ${table} VALUES (${row.map(() => '?').join(', ')})`).run(...row)
        }
      }
      database.close()
    },
  }
}

describe.each(WHEN)('a row that cannot be, put into a file while it is %s', when => {
  it.each([
    [`UPDATE card_request SET id = ''`, 'ENTRY_CORRUPT'],
    [`UPDATE stock_range SET digits = 0`, 'ENTRY_CORRUPT'],
    [`UPDATE record SET nik_tag = zeroblob(32) WHERE id = 'record-0002'`, 'STATION_ALTERED'],
  ])('is named by a code when a card is to follow from it: %s', async (sql, code) => {
    const at = await office()
    blanks(at.station, 5)
    requestCard(at.station, { record: person(at.station, 2), ...BY })
    await tampered(at, when, [sql])
    expect(await cardsMade(at.station)).toBe(code)
    await at.station.close()
  })

  it.each([`UPDATE print_job SET record = ''`, `UPDATE print_job SET record = 'record-0002'`, 'DELETE FROM record'])(
    'is named by a code when a card is to be handed over: %s',
    async sql => {
      const at = await office()
      blanks(at.station, 5)
      const { job } = await withCard(at.station)
      person(at.station, 2)
      await tampered(at, when, [sql])
      expect(await codeOf(() => handOver(at.station, job, { to: 'Siti', ...BY }))).toBe('STATION_ALTERED')
      await at.station.close()
    },
  )
})

describe.each(WHEN)('the journal, edited while the file is %s', when => {
  it('does not lose the hub’s later word with all its effects', async () => {
    const { hub, below } = await network('kiosk')
    const [kiosk] = below
    blanks(kiosk.station, 5)
    const id = await cleared(hub, kiosk, 1)
    requestCard(kiosk.station, { record: id, ...BY })
    decide(hub, id, { state: 'DUPLICATE_RECORD', by: 'expert-1' })
    await kiosk.meet()
    expect(await cardsMade(kiosk.station)).toBe(0)
    const last = `(SELECT max(sequence) FROM journal WHERE station = 'hub' AND kind = 'decision')`
    const at = openedOf(kiosk.station)
    const code = await codeOf(() =>
      tampered(at, when, [
        `UPDATE heard SET through = ${last} - 1 WHERE station = 'hub'`,
        `DELETE FROM journal WHERE station = 'hub' AND sequence = ${last}`,
        `UPDATE record SET centre_state = '${READY}'`,
      ]),
    )
    if (when === 'closed') expect(code).toBe('STATION_ALTERED')
    else expect(await cardsMade(at.station)).toBe('STATION_ALTERED')
  })

  it.each([
    [
      'own entries taken out at the end',
      [`DELETE FROM journal WHERE sequence >= (SELECT max(sequence) - 1 FROM journal)`],
    ],
    ['an own entry taken out in the middle', ['DELETE FROM journal WHERE sequence = 3']],
    [
      'an entry with a signature that was made up',
      [
        `INSERT INTO journal SELECT station, sequence + 100, applied + 100, kind, direction, record, header, hash,
         zeroblob(64), body, mac FROM journal WHERE sequence = 3`,
      ],
    ],
    ['the order in which entries took effect', [`UPDATE journal SET applied = applied + 1000 WHERE sequence = 3`]],
  ])('%s: is not opened, and goes on with nothing', async (_, statements) => {
    const at = await office()
    person(at.station, 1)
    person(at.station, 2)
    const code = await codeOf(() => tampered(at, when, statements))
    // An identity that does not sign the newest entry is refused before.
    const REFUSED = /^STATION_(ALTERED|IDENTITY)$/
    if (when === 'closed') expect(code).toMatch(REFUSED)
    await at.station.close()
    expect(await codeOf(() => openStation({ path: at.path, key: KEY, identity: at.identity }))).toMatch(REFUSED)
  })

  it.each([
    [
      'of another person',
      (id: string) => `UPDATE journal SET record = '${id}' WHERE kind = 'enrolled' AND record <> '${id}'`,
    ],
    ['of another kind', () => `UPDATE journal SET kind = 'x' WHERE kind = 'corrected'`],
    [
      'under another header',
      () => `UPDATE journal SET header = (SELECT header FROM journal WHERE kind = 'corrected') WHERE kind = 'enrolled'`,
    ],
  ])('an enrolment %s is never printed', async (_, sqlFor) => {
    const at = await office()
    blanks(at.station, 5)
    const id = person(at.station, 1)
    corrected(at.station, id, nikOf(3))
    person(at.station, 2)
    decide(at.station, id, CLEARED)
    requestCard(at.station, { record: id, ...BY })
    const code = await codeOf(() => tampered(at, when, [sqlFor(id)]))
    if (code !== undefined) {
      expect(code).toBe('STATION_ALTERED')
      return
    }
    const printer = printerThat()
    const shown: string[] = []
    const { printed = [] } = await printCards(at.station, {
      printer,
      render: async (station, record) => {
        shown.push(contentOf(station, record))
        return render()
      },
    }).catch(() => ({ printed: [] }))
    const { version } = printed[0] ?? {}
    if (printed.length > 0) expect([version, shown]).toEqual([2, [nikOf(3)]])
    await at.station.close()
  })
})

function contentOf(station: Station, record: string): string {
  return recordOf(station, record)!.contents!.nik
}
