/**
 * Values of another type: SQLite keeps types while a table is STRICT, and whoever writes the file
 * takes that away for a while. Each column of each table that is guarded, one way after the other.
 */
import { copyFileSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import {
  addPeer,
  createIdentity,
  decide,
  issueLetter,
  openStation,
  printCards,
  publicIdentity,
  raiseQuota,
  requestCard,
  revokePeer,
  type StationIdentity,
  withdraw,
} from 'sidik/station'
import { beforeAll, describe, expect, it } from 'vitest'
import { Guard } from '../../../dist/station/guard/guard.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { DataKeys } from '../../../dist/station/store/data-keys.js'
import { StationFile } from '../../../dist/station/store/database.js'
import { KEY, newPath } from '../files.ts'
import { BY, blanks, CLEARED, person, printerThat, READY, render, WHY } from '../print/support.ts'
import { codeOf, loosely } from './support.ts'

/** Covered by MACs or sums: all columns but those in the list. */
const GUARDED: readonly (readonly [table: string, except: readonly string[]])[] = [
  ['record', ['transport_state']],
  ['card_request', []],
  ['print_job', []],
  ['letter', []],
  ['identity_case', []],
  ['record_check', []],
  ['peer', []],
  ['revoked', []],
  ['own_centre', []],
  ['data_key', []],
  ['meta', []],
  ['lot', []],
  ['lot_cards', []],
  ['peer_quota', []],
  ['guard', []],
  ['guard_node', []],
  // The one row is found by none of its values.
  ['guard_head', ['one']],
  // These are looked at when the entry is read.
  ['journal', ['header', 'hash', 'signature', 'body']],
]

const WAYS = ['CAST(? AS BLOB)', 'lower(hex(?))', 'CAST(? AS TEXT)', '9e999', 'NULL', '? || char(10)', "'-'"]

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

describe('a value of another type', () => {
  const whole = newPath()
  let identity: StationIdentity
  let ids: string[]

  beforeAll(async () => {
    identity = await createIdentity('327601')
    const path = newPath()
    const station = await openStation({ path, key: KEY, identity, ownCentre: true })
    for (const id of ['327602', '327603']) {
      addPeer(station, { ...(await publicIdentity(await createIdentity(id))), relation: 'downstream' })
    }
    raiseQuota(station, { peer: '327602', quota: 'entries', amount: 200_000, until: inAnHour(), ...WHY })
    revokePeer(station, '327603', WHY)
    issueLetter(station, { record: person(station, 5), ...BY })
    blanks(station, 5)
    const [first, second] = [person(station, 1), person(station, 2, null)]
    decide(station, second, CLEARED)
    for (const record of [first, second]) requestCard(station, { record, ...BY })
    await printCards(station, { printer: printerThat(), render })
    const hex = 'SELECT lower(hex(templates)) AS hex FROM gallery_entry WHERE record = ?'
    const held = partsOf(station).file.get<{ hex: string }>(hex, first)!
    const body = { decision: 'clear' as const, candidates: [], persons: 9, templates: held.hex }
    append(station, { kind: 'checked', record: first, direction: 'local', body })
    const twin = person(station, 9, READY, '3276014107900001')
    withdraw(station, person(station, 3), WHY)
    ids = [first, second, twin, 'record-0003', 'record-0005']
    await station.close()
    copyFileSync(path, whole)
  })

  /** The code with which the file does not open, or one of its records is refused. */
  function opened(path: string): Promise<string | undefined> {
    return codeOf(() => {
      const file = new StationFile(path, { create: false })
      try {
        const keys = new DataKeys(file, KEY)
        const guard = new Guard(file, keys, identity.id)
        guard.check()
        file.transaction(() => {
          for (const id of ids) guard.assure(id)
        })
      } finally {
        file.close()
      }
    })
  }

  /** All values, as SQL writes them. */
  function contentsOf(path: string, table: string): string {
    const database = new Database(path)
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]
    const values = columns.map(column => `quote(${column})`).join(` || ' ' || `)
    const rows = database.prepare(`SELECT ${values} FROM ${table}`).pluck().all()
    database.close()
    return JSON.stringify(rows)
  }

  it('is none in the file as it is', async () => {
    const path = newPath()
    copyFileSync(whole, path)
    expect(await opened(path)).toBeUndefined()
  })

  it.each(GUARDED)('is found in each column of %s', async (table, except) => {
    const columns = new Database(whole, { readonly: true })
      .prepare('SELECT name FROM pragma_table_info(?)')
      .pluck()
      .all(table) as string[]
    let edits = 0
    const unseen: string[] = []
    for (const column of columns.filter(name => !except.includes(name))) {
      for (const way of WAYS) {
        const path = newPath()
        copyFileSync(whole, path)
        const to = way.replace('?', column)
        const before = contentsOf(path, table)
        try {
          loosely(path, table, `UPDATE OR IGNORE ${table} SET ${column} = ${to}`)
        } catch (error) {
          // An integer that is the row's number takes nothing else.
          expect((error as Error).message).toMatch(/^(datatype mismatch|NOT NULL)/)
        }
        if (contentsOf(path, table) !== before) {
          edits++
          if ((await opened(path)) === undefined) unseen.push(`${column} = ${to}`)
        }
        rmSync(path)
      }
    }
    expect(unseen).toEqual([])
    expect(edits).toBeGreaterThan(columns.length - except.length - 1)
  })
})
