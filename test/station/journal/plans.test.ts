/** What is asked about one record is found by the record: its station may have written hundreds of thousands of entries. */
import {
  adjudications,
  checkRecords,
  decide,
  handOver,
  issueLetter,
  letters,
  letterVerification,
  planPrinting,
  printCards,
  printJobs,
  recordOf,
  requestCard,
  revokePeer,
  withdraw,
} from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { keptTemplates } from '../../../dist/station/check/kept-fingers.js'
import { refold } from '../../../dist/station/project/refold.js'
import { partsOf } from '../../../dist/station/station.js'
import { peopleOf } from '../check/fingers.ts'
import { hubOfTwo, recorded } from '../check/network.ts'
import { record } from '../files.ts'
import { network } from '../print/network.ts'
import { BY, blanks, CLEARED, corrected, nikOf, printerThat, render, WHY } from '../print/support.ts'

it('asks for the entries and letters of a record by the record', async () => {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [kiosk, other] = below
  const { file, keys } = partsOf(hub)
  const asked = new Set<string>()
  for (const method of ['get', 'all', 'run'] as const) {
    const real = file[method].bind(file) as (sql: string, ...values: never[]) => never
    vi.spyOn(file, method).mockImplementation(((sql: string, ...values: never[]) => {
      asked.add(sql)
      return real(sql, ...values)
    }) as never)
  }
  for (const id of ['r-1', 'r-2', 'r-3']) record(kiosk.station, id, { nik: nikOf(Number(id.slice(2))) })
  for (const [id, nik] of [
    ['r-4', 1],
    ['r-5', 5],
  ] as const) {
    record(other.station, id, { nik: nikOf(nik) })
  }
  await kiosk.meet()
  await other.meet()
  for (const id of ['r-2', 'r-3']) decide(hub, id, CLEARED)
  const { letter } = issueLetter(hub, { record: 'r-5', ...BY })
  blanks(hub, 5)
  for (const id of ['r-2', 'r-3']) requestCard(hub, { record: id, ...BY })
  await printCards(hub, { printer: printerThat(), render })
  handOver(hub, printJobs(hub)[0].job, { to: 'the person', ...BY, note: 'known' })
  corrected(kiosk.station, 'r-2', nikOf(9))
  withdraw(kiosk.station, 'r-3', WHY)
  await kiosk.meet()
  await other.meet()
  letterVerification(hub, letter)
  for (const id of ['r-1', 'r-2', 'r-3', 'r-4']) {
    recordOf(hub, id)
    keptTemplates(partsOf(hub), id)
  }
  adjudications(hub)
  planPrinting(hub)
  letters(hub)
  revokePeer(hub, 'kiosk-2', { from: 1, operator: 'supervisor-1', reason: 'stolen' })
  file.transaction(() => refold({ file, keys, self: 'hub' }))
  vi.restoreAllMocks()

  const ofRecord = [...asked].filter(
    sql => /\b(journal|letter)\b/.test(sql) && /\brecord = \?/.test(sql) && !/^\s*INSERT/.test(sql),
  )
  expect(ofRecord.length).toBeGreaterThan(5)
  const slow = ofRecord.filter(sql => {
    const values = (sql.match(/\?/g) ?? []).map(() => null)
    const plan = file.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => detail)
    // One entry by its number, or those of the record.
    const table = /\bjournal\b/.test(sql) ? /(SEARCH|SCAN) (journal|j|e)\b/ : /(SEARCH|SCAN) letter\b/
    return plan.some(step => table.test(step) && !/record=\?|sequence=\?|applied=\?/.test(step))
  })
  expect(slow).toEqual([])
})

it('checks a record without going through all that there are', async () => {
  const { hub, one } = await hubOfTwo()
  const { firstOf } = peopleOf(127, [1, 2])
  await recorded(one.station, 1, firstOf(1))
  await one.meet()
  await checkRecords(hub)
  await recorded(one.station, 2, firstOf(2))
  await one.meet()
  const { file } = partsOf(hub)
  const asked = new Set<string>()
  for (const method of ['get', 'all', 'run', 'each'] as const) {
    const real = file[method].bind(file) as (sql: string, ...values: never[]) => never
    vi.spyOn(file, method).mockImplementation(((sql: string, ...values: never[]) => {
      asked.add(sql)
      return real(sql, ...values)
    }) as never)
  }
  expect(await checkRecords(hub)).toMatchObject({ checked: 1 })
  vi.restoreAllMocks()
  expect(asked.size).toBeGreaterThan(20)
  const large = /^SCAN (journal|record|gallery_entry|record_check|card_request|print_job|letter|\w)\b(?!.*json_each)/
  // All that have a record, for the sake of their order.
  const inOrder = /^SEARCH \w+ USING .*INDEX \w+ \(record>\?\)/
  const slow = [...asked].flatMap(sql => {
    const values = (sql.match(/\?/g) ?? []).map(() => null)
    const plan = file.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => detail)
    return plan.filter(step => large.test(step) || inOrder.test(step)).map(step => `${step}: ${sql}`)
  })
  expect(slow).toEqual([])
})
