/** Rows of the check that are edited by somebody without a key: no card follows from them. */
import {
  checkRecords,
  correct,
  createIdentity,
  decide,
  enrol,
  issueLetter,
  planPrinting,
  printCards,
  type Recorded,
  recordOf,
  requestCard,
  type Station,
  verifyStation,
} from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { openFingerCases } from '../../../dist/station/check/finger-cases.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation, somebody } from '../enrol/support.js'
import { copyStation, record } from '../files.ts'
import { codeOf, edit } from '../guard/support.ts'
import { blanks, nikOf, printerThat, render } from '../print/support.ts'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'

const engine = await engineForTests()

const { firstOf, againOf } = peopleOf(59, [1, 2, 3])
const BY = { operator: 'operator-7' }
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }

const newHub = async () => newStation({ engine, check: { background: false }, identity: await createIdentity('hub') })

async function expectUnchecked(hub: Station, id: string): Promise<void> {
  const { printed, waits } = await printCards(hub, { printer: printerThat(), render })
  expect({ printed, waits }).toMatchObject({ printed: [], waits: [{ record: id, code: 'unchecked' }] })
  expect(await codeOf(() => issueLetter(hub, { record: id, ...BY }))).toBe('LETTER_REFUSED')
  expect((await verifyStation(hub)).findings.map(({ code }) => code)).toContain('table-differs')
}

it('which says that a record has the fingers of the version that was compared', async () => {
  const hub = await newHub()
  const { station: kiosk, meet } = await below(hub, 'kiosk')
  const id = ((await enrol(kiosk, somebody(1, firstOf(1)))) as Recorded).recordId
  await meet()
  await checkRecords(hub)
  const { templates } = partsOf(hub).file.get<{ templates: Uint8Array }>('SELECT templates FROM gallery_entry')!
  await correct(kiosk, id, { fingers: firstOf(2) }, { ...BY, reason: 'the fingers of another' })
  await meet()
  decide(hub, id, READY)
  blanks(hub, 3)
  requestCard(hub, { record: id, ...BY })
  expect(planPrinting(hub).waits).toMatchObject([{ record: id, code: 'unchecked' }])
  const { path } = partsOf(hub).file
  edit(path, `UPDATE gallery_entry SET templates = x'${Buffer.from(templates).toString('hex')}'`)
  await expectUnchecked(hub, id)
})

it('which says that a record is due no comparison, when its own search left somebody out', async () => {
  const hub = await newHub()
  await below(hub, 'kiosk')
  record(hub, 'r-0', { nik: nikOf(1) })
  const { file } = partsOf(hub)
  const from = file.get<{ hash: Uint8Array; size: number }>('SELECT hash, size FROM payload')!
  const payloads = [{ role: 'templates', hash: Buffer.from(from.hash).toString('hex'), size: from.size }]
  const preCheck = { decision: 'clear', candidates: [], persons: 3, missed: 1 } as const
  const body = { nik: nikOf(2), person: { name: 'Siti Rahasia' }, ...BY, preCheck }
  append(hub, { kind: 'enrolled', direction: 'up', record: 'r-1', recordVersion: 1, body, payloads } as never)
  decide(hub, 'r-1', READY)
  blanks(hub, 3)
  requestCard(hub, { record: 'r-1', ...BY })
  expect(planPrinting(hub).waits).toMatchObject([{ record: 'r-1', code: 'unchecked' }])
  edit(file.path, `DELETE FROM check_due WHERE record = 'r-1'`)
  await expectUnchecked(hub, 'r-1')
})

it('which are gone, so that a person waives what nobody can compare: the run says why there is no card', async () => {
  const hub = await newHub()
  const { station: kiosk, meet } = await below(hub, 'kiosk')
  const id = ((await enrol(kiosk, somebody(1, firstOf(1)))) as Recorded).recordId
  await meet()
  edit(partsOf(hub).file.path, 'DELETE FROM gallery_entry')
  decide(hub, id, { ...READY, unchecked: 'the person is known' })
  blanks(hub, 3)
  requestCard(hub, { record: id, ...BY })
  expect(planPrinting(hub).prints).toHaveLength(1)
  const { printed, notPrinted } = await printCards(hub, { printer: printerThat(), render })
  expect({ printed, notPrinted }).toMatchObject({ printed: [], notPrinted: [{ record: id, code: 'unchecked' }] })
})

/** Record `a` matches `b`, which came before it; the case is open on its side alone. */
async function oneSided() {
  const hub = await newStation({ identity: await createIdentity('hub') })
  const [one, two] = [await below(hub, 'kiosk-1'), await below(hub, 'kiosk-2')]
  record(one.station, 'b', { nik: nikOf(1) })
  await one.meet()
  record(two.station, 'a', { nik: nikOf(2) })
  await two.meet()
  partsOf(hub).file.transaction(() => openFingerCases(hub, 'a', [{ record: 'b', isMostlyAlike: false }]))
  const clear = () => decide(hub, 'a', { ...READY, unchecked: 'the person is known' })
  clear()
  blanks(hub, 2)
  requestCard(hub, { record: 'a', ...BY })
  return { hub, clear }
}

it.each([
  "UPDATE record SET client_state = 'withdrawn' WHERE id = 'b'",
  "UPDATE record SET centre_state = 'DUPLICATE_RECORD' WHERE id = 'b'",
  "DELETE FROM record WHERE id = 'b'",
  "UPDATE gallery_entry SET templates = zeroblob(32) WHERE record = 'b'",
  "UPDATE gallery_entry SET templates = NULL WHERE record = 'b'",
  "DELETE FROM gallery_entry WHERE record = 'b'",
])('of the other record of a case, which ends none: %s', async sql => {
  const { hub, clear } = await oneSided()
  edit(hub.path, sql)
  expect([undefined, 'STATION_ALTERED']).toContain(await codeOf(clear))
  expect(planPrinting(hub)).toMatchObject({ prints: [], waits: [{ record: 'a', code: 'to-decide' }] })
  expect((await verifyStation(hub)).ok).toBe(false)
})

it('which say that a kiosk has kept as many from a card today as it may', async () => {
  const hub = await newHub()
  const [one, two] = [await below(hub, 'kiosk-1'), await below(hub, 'kiosk-2')]
  const first = ((await enrol(one.station, somebody(1, firstOf(1)))) as Recorded).recordId
  await one.meet()
  await checkRecords(hub)
  const rows = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70)
    INSERT INTO identity_case (record, other, kind, word_of, other_station, opened_at, closed_at, closing)
    SELECT 'x-' || i, 'y-' || i, 'fingers', 'hub', 'kiosk-2', '2099-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z',
      'decided' FROM n`
  edit(hub.path, rows)
  await enrol(two.station, somebody(2, againOf(1)))
  await two.meet()
  await checkRecords(hub)
  decide(hub, first, READY)
  blanks(hub, 2)
  requestCard(hub, { record: first, ...BY })
  expect(planPrinting(hub)).toMatchObject({ prints: [], waits: [{ record: first, code: 'to-decide' }] })
})

it('which say what is left to be reviewed of cases, when a process was killed', async () => {
  const hub = await newStation({ identity: await createIdentity('hub') })
  const { station: kiosk, meet } = await below(hub, 'kiosk')
  const others = Array.from({ length: 40 }, (_, i) => `a-${String(i).padStart(2, '0')}`)
  for (const [i, id] of ['m', ...others].entries()) record(kiosk, id, { nik: nikOf(i) })
  await meet()
  const { file, identity } = partsOf(hub)
  for (const id of others) file.transaction(() => openFingerCases(hub, id, [{ record: 'm', isMostlyAlike: true }]))
  for (const id of others) decide(hub, id, { ...READY, unchecked: 'they are known' })
  decide(hub, 'm', { state: 'DUPLICATE_RECORD', by: 'expert-1' })
  await vi.waitFor(() => expect(file.get('SELECT 1 FROM case_review')).toBeUndefined())
  decide(hub, 'm', { ...READY, unchecked: 'they are known' })
  const left = file.all('SELECT record FROM case_review').length
  expect(left).toBeGreaterThan(0)
  const path = copyStation(hub.path)
  edit(path, 'DELETE FROM case_review')
  const again = await newStation({ path, identity })
  blanks(again, 60)
  for (const record of others) requestCard(again, { record, ...BY })
  expect((await printCards(again, { printer: printerThat(), render })).printed).toEqual([])
  await again.close()
})

/** A hub that has compared the one record of its kiosk. */
async function hubOfOne() {
  const hub = await newHub()
  const { station: kiosk, meet } = await below(hub, 'kiosk')
  await enrol(kiosk, somebody(1, firstOf(1)))
  await meet()
  await checkRecords(hub)
  return { hub, kiosk, meet }
}

it('which says that a record has come after all that is still to come: newcomers are not called clear', async () => {
  const { hub, kiosk, meet } = await hubOfOne()
  edit(partsOf(hub).file.path, 'UPDATE gallery_entry SET changed = 9007199254740000')
  const second = ((await enrol(kiosk, somebody(2, firstOf(2)))) as Recorded).recordId
  await meet()
  await expect(checkRecords(hub)).rejects.toMatchObject({ code: 'STATION_ALTERED' })
  expect(recordOf(hub, second)!.check).toBe('unchecked')
})

it('which says that a newcomer was there before: it is put in all the same', async () => {
  const { hub, kiosk, meet } = await hubOfOne()
  const first = ((await enrol(kiosk, somebody(2, firstOf(2)))) as Recorded).recordId
  await meet()
  edit(partsOf(hub).file.path, `UPDATE gallery_entry SET changed = 1 WHERE record = '${first}'`)
  await expect(checkRecords(hub)).rejects.toMatchObject({ code: 'INDEX_BEHIND' })
  await checkRecords(hub)
  const second = ((await enrol(kiosk, somebody(3, againOf(2)))) as Recorded).recordId
  await meet()
  expect(await checkRecords(hub)).toMatchObject({ checked: 1, duplicates: 1 })
  expect(recordOf(hub, second)!.checks[0].candidates.map(({ record }) => record)).toEqual([first])
})

it('which says that nothing is to be compared again: no letter follows', async () => {
  const office = await newHub()
  const { recordId } = (await enrol(office, somebody(1, firstOf(1)))) as Recorded
  append(office, {
    kind: 'recheck-asked',
    direction: 'local',
    record: recordId,
    body: { from: recordId, through: recordId, ...BY, reason: 'others were left out', compareAgain: true },
  } as never)
  edit(partsOf(office).file.path, 'DELETE FROM check_due')
  expect(recordOf(office, recordId)!.check).toBe('unchecked')
  expect(await codeOf(() => issueLetter(office, { record: recordId, ...BY }))).toBe('LETTER_REFUSED')
})
