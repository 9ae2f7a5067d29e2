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
  requestCard,
  type Station,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation, somebody } from '../enrol/support.js'
import { record } from '../files.ts'
import { codeOf, edit } from '../guard/support.ts'
import { blanks, nikOf, printerThat, render } from '../print/support.ts'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'

const engine = await engineForTests()

const { firstOf } = peopleOf(59, [1, 2, 3])
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
