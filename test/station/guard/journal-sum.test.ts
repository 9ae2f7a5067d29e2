/**
 * Which entries the journal has, what is not sent on, and how far everything was sealed anew: none
 * of it on an edited row's word.
 */
import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import {
  addPeer,
  createIdentity,
  openStation,
  printCards,
  publicIdentity,
  requestCard,
  resealAll,
  revokePeer,
  rotateKey,
  sync,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { headOf } from '../../../dist/station/guard/head.js'
import { JournalSum } from '../../../dist/station/guard/journal-sum.js'
import { partsOf } from '../../../dist/station/station.js'
import { KEY, record } from '../files.ts'
import { cleared, network } from '../print/network.ts'
import { anyStation, BY, blanks, printerThat, render, WHY } from '../print/support.ts'
import { lineTo, recordAt, transportOf, twoPlaces } from '../sync/support.ts'
import { codeOf, edit, openedOf, tampered, WHEN } from './support.ts'

describe.each(WHEN)('the journal, edited while the file is %s', when => {
  it.each([
    `UPDATE journal SET mac = NULL WHERE kind IN ('card-reserved', 'card-sent', 'card-printed')`,
    `UPDATE journal SET applied = NULL WHERE kind IN ('card-reserved', 'card-sent')`,
    `DELETE FROM journal WHERE kind = 'card-printed'`,
    `UPDATE journal SET body = NULL WHERE kind = 'card-printed'`,
  ])('makes no second card when the tables are made anew: %s', async sql => {
    const { hub, below } = await network('kiosk-1', 'kiosk-2')
    const id = await cleared(hub, below[0], 1)
    blanks(hub, 3)
    requestCard(hub, { record: id, ...BY })
    record(below[1].station, 'record-below')
    await below[1].meet()
    const { printed } = await printCards(hub, { printer: printerThat(), render })
    expect(printed).toHaveLength(1)
    const at = openedOf(hub)
    // Somebody revokes a kiosk from an entry on, which makes all tables anew.
    const code = await codeOf(async () => {
      await tampered(at, when, [sql])
      revokePeer(at.station, 'kiosk-2', { from: 2, ...WHY })
    })
    expect(code).toBe('STATION_ALTERED')
  })

  it('is not the same with one entry out and another in', async () => {
    const station = await anyStation()
    for (const id of ['record-1', 'record-2']) record(station, id)
    const at = openedOf(station)
    const junk = `INSERT INTO journal SELECT 'junk', 1, NULL, kind, direction, record, header,
      randomblob(32), signature, body, mac
      FROM journal WHERE record = 'record-1'`
    const code = await codeOf(async () => {
      await tampered(at, when, [junk, `DELETE FROM journal WHERE station = '3276-01' AND record = 'record-1'`])
      await at.station.close()
      at.station = await openStation({ path: at.path, key: KEY, identity: at.identity })
    })
    expect(code).toBe('STATION_ALTERED')
  })
})

it.each(['decision', 'card-printed', 'peer', 'enrolled'])(
  'a file is not opened from which the contents of an entry were taken out: %s',
  async kind => {
    const { hub, below } = await network('kiosk-1')
    const id = await cleared(hub, below[0], 1)
    blanks(hub, 3)
    requestCard(hub, { record: id, ...BY })
    await printCards(hub, { printer: printerThat(), render })
    const at = openedOf(hub)
    const code = await codeOf(() => tampered(at, 'closed', [`UPDATE journal SET body = NULL WHERE kind = '${kind}'`]))
    expect(code).toBe('STATION_ALTERED')
  },
)

it('an entry is withheld from nobody by a refusal that nobody gave', async () => {
  const { kiosk, hub } = await twoPlaces()
  recordAt(kiosk, 'record-1')
  const { sequence } = recordAt(kiosk, 'record-2').header
  edit(
    kiosk.path,
    `INSERT INTO refusal (peer, station, sequence, code, state, refused_at)
     VALUES ('hub', 'kiosk-1', ${sequence}, 'X', 'dismissed', '')`,
  )
  expect(await codeOf(() => sync(kiosk.station, lineTo(hub)))).toBe('STATION_ALTERED')
  expect(transportOf(hub)).toEqual({})
})

it('nothing is believed to be sealed anew that somebody says was', async () => {
  const station = await anyStation()
  for (let i = 0; i < 20; i++) record(station, `record-${i}`)
  rotateKey(station, randomBytes(32))
  const { newest } = partsOf(station).keys
  edit(station.path, `INSERT INTO meta VALUES ('resealed journal', '${newest} 9000000000000000')`)
  expect(await codeOf(() => resealAll(station))).toBe('STATION_ALTERED')
  edit(station.path, `DELETE FROM meta WHERE name = 'resealed journal'`)
  expect(await resealAll(station)).toMatchObject({ isOldKeyGone: true })
  expect((await verifyStation(station)).findings).toEqual([])
})

it('the sum is that of the rows, whatever was written and undone', async () => {
  const step = fc.record({ write: fc.nat(3), fails: fc.boolean(), isInner: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
      const station = await anyStation()
      const { file, keys } = partsOf(station)
      const sum = new JournalSum(keys)
      for (const [at, { write, fails, isInner }] of steps.entries()) {
        const work = () => {
          for (let i = 0; i < write; i++) record(station, `record-${at}-${i}`)
          if (fails) throw new RangeError('undone')
        }
        // A savepoint that is undone within a transaction that is not.
        const inner = () => {
          record(station, `record-${at}-before`)
          expect(() => file.transaction(work)).not.toThrow(TypeError)
        }
        try {
          file.transaction(isInner && !fails ? inner : work)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
        expect(sum.isOf(sum.of(file), headOf(file)!.journal)).toBe(true)
      }
      addPeer(station, { ...(await publicIdentity(await createIdentity('hub'))), relation: 'upstream' })
      expect((await verifyStation(station)).findings).toEqual([])
    }),
    { numRuns: 15 },
  )
})

it('the sum lies in the file under another mask each time', async () => {
  const station = await anyStation()
  const kept = new Set<string>()
  for (let i = 0; i < 5; i++) {
    record(station, `record-${i}`)
    const database = new Database(station.path, { readonly: true })
    kept.add((database.prepare('SELECT hex(journal) AS sum FROM guard_head').get() as { sum: string }).sum)
    database.close()
  }
  expect(kept.size).toBe(5)
})
