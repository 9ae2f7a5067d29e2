/** Rows that are taken out of an index, left in it, or out of order: rows, MACs and the schema are as they were. */
import { readFileSync, writeFileSync } from 'node:fs'
import {
  addPeer,
  cancelCard,
  createIdentity,
  decide,
  hostTransport,
  issueLetter,
  openStation,
  printCards,
  publicIdentity,
  receive,
  records,
  recordsByNik,
  requestCard,
  revokeLetter,
  revokePeer,
  type Station,
  sync,
  verifyLetter,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { peopleOf } from '../check/fingers.ts'
import { hubWithPair } from '../check/network.ts'
import { KEY, newPath, record } from '../files.ts'
import { cleared, network } from '../print/network.ts'
import { BY, blanks, nikOf, person, printerThat, READY, render, WHY } from '../print/support.ts'
import { blind, codeOf, disorder, edit, type Opened, openedOf, tampered, WHEN, without } from './support.ts'

const again = ({ path, identity }: Opened) => openStation({ path, identity, key: KEY, existing: true })

/** An office that has printed a card for somebody. */
async function withCard(): Promise<{ station: Station; printer: ReturnType<typeof printerThat> }> {
  const station = await openStation({ path: newPath(), key: KEY, identity: await createIdentity('3276-01') })
  addPeer(station, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
  blanks(station, 5)
  requestCard(station, { record: person(station, 1), ...BY })
  const printer = printerThat()
  await printCards(station, { printer, render })
  expect(printer.calls).toBe(1)
  return { station, printer }
}

const NIK = '(SELECT nik_tag FROM record WHERE id = card_request.record)'
const BLINDED: readonly (readonly [index: string, away: string, back: string])[] = [
  ['card_request_nik', 'UPDATE card_request SET nik_tag = NULL', `UPDATE card_request SET nik_tag = ${NIK}`],
  [
    'record_nik',
    'UPDATE record SET nik_tag = NULL',
    'UPDATE record SET nik_tag = (SELECT nik_tag FROM card_request LIMIT 1)',
  ],
  [
    'card_request_record',
    `UPDATE card_request SET record = record || 'x'`,
    `UPDATE card_request SET record = rtrim(record, 'x')`,
  ],
  [
    'print_job_request',
    `UPDATE print_job SET request = request || 'x'`,
    `UPDATE print_job SET request = rtrim(request, 'x')`,
  ],
]

for (const when of WHEN) {
  it.each([...BLINDED.map(each => [each[0], [each]] as const), ['all of these', BLINDED] as const])(
    `${when}: no second card of a NIK follows by way of %s`,
    async (_, indexes) => {
      const { station, printer } = await withCard()
      const second = person(station, 9, READY, nikOf(1))
      const at = openedOf(station)
      const code = await codeOf(async () => {
        if (when === 'closed') await at.station.close()
        for (const [index, away, back] of indexes) blind(at.path, index, away, back)
        if (when === 'closed') at.station = await again(at)
        requestCard(at.station, { record: second, ...BY })
        await printCards(at.station, { printer, render })
      })
      expect(code).toMatch(/^(STATION_ALTERED|PRINT_REQUESTED)$/)
      expect(printer.calls).toBe(1)
      await at.station.close()
    },
  )
}

/** A request that its record does not lead to: it waits, and is in no list of the record's. */
const ghostOf = (purpose: string) =>
  `INSERT INTO card_request SELECT 'ghost-' || id, record, station, prints, '${purpose}', 0, NULL, 'waiting',
     requested_at, changed_at, NULL FROM card_request`

for (const when of WHEN) {
  it.each(['new', 'replacement'])(`${when}: a request that nobody signed brings no second card: %s`, async purpose => {
    const { station, printer } = await withCard()
    const at = openedOf(station)
    const code = await codeOf(async () => {
      if (when === 'closed') await at.station.close()
      without(at.path, 'card_request_record', ghostOf(purpose))
      if (when === 'closed') at.station = await again(at)
      await printCards(at.station, { printer, render })
    })
    expect(code).toBe('STATION_ALTERED')
    expect(printer.calls).toBe(1)
    await at.station.close()
  })

  it(`${when}: a letter that nobody signed does not take the place of one that was revoked`, async () => {
    const station = await openStation({ path: newPath(), key: KEY, identity: await createIdentity('3276-01') })
    addPeer(station, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
    const at = openedOf(station)
    const { letter, verification } = issueLetter(station, { record: person(station, 1), ...BY })
    const { verifyKey } = await publicIdentity(at.identity)
    const isValid = () => verifyLetter(verification, () => verifyKey, { station: at.station }).valid
    expect(isValid()).toBe(true)
    revokeLetter(station, letter, WHY)
    expect(isValid()).toBe(false)
    if (when === 'closed') await at.station.close()
    without(
      at.path,
      'letter_record',
      `INSERT INTO letter SELECT '!' || id, record, station, number, code, issued_at, until, 'valid', changed_at,
         beside FROM letter`,
    )
    if (when === 'closed') at.station = await again(at)
    expect(await codeOf(() => isValid())).toBe('STATION_ALTERED')
    await at.station.close()
  })

  it(`${when}: a decision that was taken back has no effect again where no key leads to it`, async () => {
    const { hub, below } = await network('kiosk')
    const [kiosk] = below
    blanks(kiosk.station, 5)
    const id = await cleared(hub, kiosk, 1)
    requestCard(kiosk.station, { record: id, ...BY })
    decide(hub, id, { state: 'DUPLICATE_RECORD', by: 'expert-1' })
    await kiosk.meet()
    const at = openedOf(kiosk.station)
    const rows = partsOf(kiosk.station).file.all<{ sequence: number }>(
      `SELECT sequence FROM journal WHERE station = 'hub' AND kind = 'decision' ORDER BY sequence`,
    )
    expect(rows).toHaveLength(2)
    if (when === 'closed') await at.station.close()
    const toPlace = (from: number, to: number) =>
      `UPDATE journal SET sequence = ${to} WHERE sequence = ${from} AND station = 'hub'`
    blind(at.path, 'sqlite_autoindex_journal_2', toPlace(rows[0].sequence, 9_999), toPlace(9_999, rows[0].sequence))
    edit(at.path, `UPDATE heard SET through = ${rows[0].sequence - 1} WHERE station = 'hub'`)
    const printer = printerThat()
    const code = await codeOf(async () => {
      if (when === 'closed') at.station = await again(at)
      const transport = hostTransport('here', message => receive(hub, message))
      const { stopped } = await sync(at.station, transport, { retry: { attempts: 1 } })
      if (stopped !== undefined) throw new Error(stopped.message)
      await printCards(at.station, { printer, render })
    })
    expect(code).toMatch(/STATION_ALTERED/)
    expect(printer.calls).toBe(0)
    await at.station.close()
  })

  it.each([
    ['taken out', 'DELETE FROM letter'],
    ['given another number', `UPDATE letter SET number = number || 'x'`],
  ])(`${when}: the revoked letter of another station is not valid after it was %s`, async (_, edited) => {
    const { hub, below } = await network('kiosk')
    const [kiosk] = below
    const id = await cleared(hub, kiosk, 1)
    const { letter, verification } = issueLetter(kiosk.station, { record: id, ...BY })
    const { verifyKey } = await publicIdentity(partsOf(kiosk.station).identity)
    const at = openedOf(hub)
    const verdict = () => verifyLetter(verification, () => verifyKey, { station: at.station })
    expect(verdict()).toMatchObject({ valid: true, known: false })
    await kiosk.meet()
    revokeLetter(kiosk.station, letter, WHY)
    await kiosk.meet()
    expect(verdict()).toMatchObject({ valid: false, why: 'revoked' })
    await tampered(at, when, [edited])
    expect(await codeOf(verdict)).toBe('STATION_ALTERED')
    expect((await verifyStation(at.station)).findings).toContainEqual(
      expect.objectContaining({ code: 'guard-record', where: { table: 'letter' } }),
    )
    await at.station.close()
  })

  it.each([
    ['revoked', 'station'],
    ['peer', 'id'],
    ['meta', 'name'],
  ])(`${when}: no row of %s is lost by way of the index of its key`, async (table, key) => {
    const station = await openStation({ path: newPath(), key: KEY, identity: await createIdentity('3276-01') })
    addPeer(station, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
    revokePeer(station, 'below', WHY)
    const at = openedOf(station)
    const code = await codeOf(async () => {
      if (when === 'closed') await at.station.close()
      const [away, back] = [`${key} || 'x'`, `rtrim(${key}, 'x')`].map(to => `UPDATE ${table} SET ${key} = ${to}`)
      blind(at.path, `sqlite_autoindex_${table}_1`, away, back)
      if (when === 'closed') at.station = await again(at)
      requestCard(at.station, { record: person(at.station, 1), ...BY })
    })
    expect(code).toMatch(/^STATION_(ALTERED|CORRUPT)$/)
    await at.station.close()
  })
}

it('no order of the rows of an index brings a second card of a NIK', async () => {
  const { station, printer } = await withCard()
  for (const n of [2, 3, 4]) requestCard(station, { record: person(station, n), ...BY })
  await printCards(station, { printer, render })
  cancelCard(station, requestCard(station, { record: person(station, 5), ...BY }).request, WHY)
  // Somebody has let the first one fall: a card that was printed still stands against another.
  const [first] = recordsByNik(station, nikOf(1))
  const second = person(station, 9, READY, nikOf(1))
  decide(station, first!.id, { state: 'DUPLICATE_RECORD', by: 'expert-1', duplicateOf: second })
  decide(station, second, { state: READY, by: 'expert-1' })
  expect(await codeOf(() => requestCard(station, { record: second, ...BY }))).toBe('PRINT_REQUESTED')
  const at = openedOf(station)
  await station.close()
  const whole = readFileSync(at.path)
  const codes = new Set<string | undefined>()
  for (let n = 0; n < 120; n++) {
    writeFileSync(at.path, whole)
    disorder(at.path, 'card_request_nik', (place, rows) => orderOf(n, rows)[place]!)
    codes.add(
      await codeOf(async () => {
        at.station = await again(at)
        requestCard(at.station, { record: second, ...BY })
      }),
    )
    await at.station.close()
  }
  expect([...codes].sort()).toEqual(['PRINT_REQUESTED', 'STATION_ALTERED'])
})

/** The order of that number, of all that there are: 120 of five rows. */
function orderOf(number: number, rows: number): number[] {
  const [left, order] = [Array.from({ length: rows }, (_, place) => place), [] as number[]]
  for (let n = number; left.length > 0; ) {
    order.push(...left.splice(n % left.length, 1))
    n = Math.floor(n / (left.length + 1))
  }
  return order
}

it('no card follows beside an open case by way of identity_case_open', async () => {
  const { hub, first } = await hubWithPair(peopleOf(103, [1, 2, 6, 7]))
  blanks(hub, 2)
  decide(hub, first, { state: READY, by: 'expert-1' })
  requestCard(hub, { record: first, ...BY })
  const printer = printerThat()
  expect(await printCards(hub, { printer, render })).toMatchObject({ printed: [] })
  const closedAt = (time: string) => `UPDATE identity_case SET closed_at = ${time}`
  blind(hub.path, 'identity_case_open', closedAt(`'2026-12-01'`), closedAt('NULL'))
  expect(await codeOf(() => printCards(hub, { printer, render }))).toBe('STATION_ALTERED')
  expect(printer.calls).toBe(0)
})

it('a row that is left in the index of requests that wait brings no second card', async () => {
  const { station, printer } = await withCard()
  const [{ state }] = partsOf(station).file.all<{ state: string }>('SELECT state FROM card_request')
  const toState = (name: string) => `UPDATE card_request SET state = '${name}'`
  blind(station.path, 'card_request_waiting', toState('waiting'), toState(state))
  await codeOf(() => printCards(station, { printer, render }))
  expect(printer.calls).toBe(1)
  await station.close()
})

it('nothing that a revocation had undone comes back by way of journal_trust', async () => {
  const { hub, below } = await network('stolen', 'other')
  record(below[0].station, 'record-stolen')
  for (const id of ['record-1', 'record-2']) record(below[1].station, id)
  for (const { meet } of below) await meet()
  revokePeer(hub, 'stolen', { from: 1, ...WHY })
  const ids = (of: Station) => records(of).records.map(({ id }) => id)
  expect(ids(hub)).not.toContain('record-stolen')
  const at = openedOf(hub)
  await hub.close()
  const toKind = (kind: string, of: string) => `UPDATE journal SET kind = '${kind}' WHERE kind = '${of}'`
  blind(at.path, 'journal_trust', toKind('x', 'revoked'), toKind('revoked', 'x'))
  const opened = await again(at)
  revokePeer(opened, 'other', { from: 3, ...WHY })
  expect(ids(opened)).not.toContain('record-stolen')
  expect((await verifyStation(opened)).findings).toEqual([])
  await opened.close()
})
