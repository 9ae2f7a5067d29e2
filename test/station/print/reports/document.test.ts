import sharp from 'sharp'
import { type PrintReport, printReport, reportDocument } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { newOffice } from './offices.js'

const DPI = 36
const MM = DPI / 25.4

/** A report of so many days and offices, with numbers as large as they come. */
async function reportOf(days: number, offices: number): Promise<PrintReport> {
  const clock = { ms: Date.parse('2017-03-01T00:00:00Z') }
  const office = await newOffice('3276-01', clock)
  office.receive('B', 'blank', 1_234_567)
  office.receive('R', 'ribbon', 40)
  const card = office.request('new', false)
  office.request('replacement', true)
  clock.ms += (days - 1) * 86_400_000
  office.print(card, 'B')
  const report = printReport(office.station, { from: '2017-03-01', utcOffsetMinutes: 0 })
  const stations = Array.from({ length: offices }, (_, i) => `an-office-with-a-very-long-name-in-the-mountains-${i}`)
  if (offices === 1) return report
  const repeated = <Row extends { station?: string }>(rows: readonly Row[]) =>
    rows.flatMap(row => stations.map(station => ({ ...row, station })))
  return {
    ...report,
    stations,
    ...{
      stock: repeated(report.stock),
      queue: repeated(report.queue),
      reconciliation: repeated(report.reconciliation),
    },
    waiting: [...repeated(report.waiting.slice(0, 1)), report.waiting.at(-1)!],
  }
}

describe('reportDocument', () => {
  it.each([
    [1, 1, 'id', 1],
    [120, 14, 'en', 2],
    [1_100, 3, 'en', 2],
  ] as const)(
    'is black and white on sheets of A4 with free margins: %i days, %i offices, %s',
    async (days, offices, language, pages) => {
      const report = await reportOf(days, offices)
      const document = reportDocument(report, { language })
      expect(document.pages).toEqual(Array(pages).fill({ widthMm: 210, heightMm: 297 }))
      for (let page = 0; page < pages; page++) {
        const { data, info } = await sharp(await document.png(page, DPI))
          .raw()
          .toBuffer({ resolveWithObject: true })
        expect([info.width, info.height]).toEqual([Math.round(210 * MM), Math.round(297 * MM)])
        let ink = 0
        for (let i = 0; i < info.width * info.height; i++) {
          const [red, green, blue] = data.subarray(i * info.channels, i * info.channels + 3)
          if (Math.max(red, green, blue) - Math.min(red, green, blue) > 2) expect.fail(`a colour on page ${page}`)
          if (red > 200) continue
          ink++
          const [x, y] = [(i % info.width) / MM, Math.floor(i / info.width) / MM]
          if (x < 14 || x > 196 || y < 10 || y > 288) expect.fail(`ink at ${x} ${y} mm on page ${page}`)
        }
        expect(ink).toBeGreaterThan(500)
      }
      const pdf = Buffer.from(await document.pdf())
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect([...pdf.toString('latin1').matchAll(/\/Type \/Page\b/g)]).toHaveLength(pages)
    },
  )

  it.each(['constructor', '__proto__', 'toString'])('shows an item that a kiosk names %s', async item => {
    const report = await reportOf(1, 1)
    const reconciliation = report.reconciliation.map(row => ({ ...row, item }))
    const pdf = await reportDocument({ ...report, reconciliation }).pdf()
    expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('says when the books do not add up', async () => {
    const report = await reportOf(5, 1)
    const wrong = report.reconciliation.map((row, i) => ({ ...row, balances: i > 0 }))
    const [right, other] = [report, { ...report, reconciliation: wrong }].map(each => reportDocument(each).png(0, 72))
    const difference = await sharp(await right)
      .composite([{ input: Buffer.from(await other), blend: 'difference' }])
      .raw()
      .toBuffer()
    expect(difference.some(value => value > 100)).toBe(true)
  })

  it('is in two languages', async () => {
    const report = await reportOf(1, 1)
    expect(() => reportDocument(report, { language: 'nl' as never })).toThrow(TypeError)
    for (const none of [undefined, null, 7, {}, { ...report, queue: undefined }])
      expect(() => reportDocument(none as never)).toThrow(/^report must be/)
    expect(reportDocument(report).title).not.toBe(reportDocument(report, { language: 'id' }).title)
  })
})
