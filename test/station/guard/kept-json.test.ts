/** Lists that columns hold as JSON, and that somebody wrote who has no key of the file. */
import { countStock, discrepancies, printReport, receiveStock, shipments } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { stationWith } from '../files.ts'
import { codeOf, openedOf, tampered, WHEN } from './support.ts'

const BY = { from: 'the ministry', operator: 'operator-7' }
const TWO = { operators: ['Siti', 'Budi'] as const }
const LINES = [{ lot: 'lot-1', item: 'blank', serials: 'AB001-AB100' }]

const FORGED = ['no list', '', 'null', '7', '[null]', '[{"lot":"lot-1"}]', '{"lot":{}}', '[{"lot":7,"quantity":"x"}]']

describe.each(WHEN)('written while the station is %s', when => {
  it.each(FORGED)('%j is said to be altered', async forged => {
    const { station } = await stationWith(0)
    receiveStock(station, { shipment: 'note-1', ...BY, lines: LINES })
    countStock(station, { lines: [{ lot: 'lot-1', serials: 'AB001-AB099' }], ...TWO })
    const opened = openedOf(station)
    const columns = ['shipment SET lines', 'discrepancy SET detail']
    await tampered(
      opened,
      when,
      columns.map(column => `UPDATE ${column} = '${forged}'`),
    )
    expect(await codeOf(() => shipments(opened.station))).toBe('STATION_ALTERED')
    expect(await codeOf(() => discrepancies(opened.station))).toBe('STATION_ALTERED')
    expect(await codeOf(() => printReport(opened.station))).toBe('STATION_ALTERED')
  })
})
