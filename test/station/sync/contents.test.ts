import { cardRequests, recordOf, recordsByNik, requestCard, type Station, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { takeEntry } from '../../../dist/station/journal/insert.js'
import { bodyBytesOf, newestEntry, signedEntryOf } from '../../../dist/station/journal/read.js'
import { refold } from '../../../dist/station/project/refold.js'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { cleared, network } from '../print/network.ts'
import { BY, nikOf } from '../print/support.ts'
import { correct, meet } from '../stolen.ts'

const NIK = nikOf(1)

/** The same number to whoever reads a card. */
const DISGUISES = [
  ['a character that is not seen', `${NIK}\u200b`],
  ['a blank before it', ` ${NIK}`],
  ['a line end after it', `${NIK}\n`],
  ['a digit of another script', NIK.replace('3', '\uff13')],
  ['a digit more', `${NIK}0`],
  ['nothing', ''],
]

const projectedOf = (station: Station) => ({ ...partsOf(station), self: station.id })

/** Takes the newest entry of a kiosk as a program did that takes any NIK. */
function takeAsBefore(hub: Station, kiosk: Station): void {
  const { file, keys } = partsOf(kiosk)
  const row = newestEntry(file, kiosk.id)!
  const to = projectedOf(hub)
  to.file.transaction(() => takeEntry(to, signedEntryOf(row), bodyBytesOf(file, keys, row)))
}

describe.each(DISGUISES)('a NIK with %s', (_, nik) => {
  it('is refused when it comes, in a record and in a correction', async () => {
    const { hub, below } = await network('kiosk-1')
    const [{ station: kiosk }] = below
    const id = await cleared(hub, below[0], 1)
    requestCard(hub, { record: id, ...BY })
    record(kiosk, 'once-more', { nik })
    expect((await meet(kiosk, hub)).refused).toMatchObject([{ code: 'ENTRY_CORRUPT' }])
    correct(kiosk, id, { nik })
    expect((await meet(kiosk, hub)).refused).toMatchObject([{ code: 'ENTRY_CORRUPT' }])
    expect(recordOf(hub, 'once-more')).toBeUndefined()
    expect(recordOf(hub, id)).toMatchObject({ version: 1, contents: { nik: NIK } })
    expect(() => requestCard(hub, { record: id, ...BY })).toThrow(expect.objectContaining({ code: 'PRINT_REQUESTED' }))
    expect((await verifyStation(hub)).findings).toEqual([])
  })

  it('has no effect where a program before took it, also when the tables are made anew', async () => {
    const { hub, below } = await network('kiosk-1')
    const [{ station: kiosk }] = below
    const id = await cleared(hub, below[0], 1)
    requestCard(hub, { record: id, ...BY })
    record(kiosk, 'once-more', { nik })
    takeAsBefore(hub, kiosk)
    correct(kiosk, id, { nik })
    takeAsBefore(hub, kiosk)
    for (const remake of [() => {}, () => partsOf(hub).file.transaction(() => refold(projectedOf(hub)))]) {
      remake()
      expect(recordOf(hub, 'once-more')).toBeUndefined()
      expect(recordsByNik(hub, NIK).map(each => each.id)).toEqual([id])
      expect(recordOf(hub, id)).toMatchObject({ version: 1, contents: { nik: NIK } })
      expect(cardRequests(hub, { state: 'waiting' })).toHaveLength(1)
    }
    const { findings } = await verifyStation(hub)
    expect(findings.filter(({ code }) => code === 'table-differs' || code.startsWith('guard'))).toEqual([])
  })
})
