import fc from 'fast-check'
import { type PrintReport, printReport, REPORT_TABLES, reportCsv } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { newOffice } from './offices.js'

const HEADINGS = {
  stock: 'day,station,item,available,reserved,installed,received,found,printed,used,spoiled,returned,sent,missing',
  queue:
    'day,station,waiting,waitingNew,waitingReplacement,waitingUrgent,waitingWithoutBlanks,requested,cancelled,printed,spoiled,' +
    'handedOver,lettersIssued,lettersRevoked',
  reconciliation:
    'over,station,lot,item,start,received,found,cameIn,printed,used,spoiled,returned,sent,missing,available,reserved,installed,' +
    'accountedFor,balances,differences',
  waiting:
    'station,printed,toPrintMedianHours,toPrintP90Hours,handedOver,toHandOverMedianHours,toHandOverP90Hours,waiting,' +
    'oldestRequestedAt,oldestHours',
}

const START_MS = Date.parse('2017-03-01T00:00:00+07:00')

/** Cells of lines, as RFC 4180 has them. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') rows.push([])
  }
  expect(rows.pop()).toEqual([])
  return rows
}

describe('reportCsv', () => {
  it('has all of each table, under headings that stay', async () => {
    const clock = { ms: START_MS }
    const office = await newOffice('-1', clock)
    office.receive('-B', 'blank', 5)
    office.print(office.request('new', true), '-B')
    office.request('replacement', false)
    clock.ms += 36 * 3_600_000
    const report = printReport(office.station, { from: '2017-03-01', to: '2017-03-02', utcOffsetMinutes: 420 })
    for (const table of REPORT_TABLES) {
      const [headings, ...rows] = parse(reportCsv(report, table))
      expect(headings.join(',')).toBe(HEADINGS[table])
      for (const row of rows) expect(row).toHaveLength(headings.length)
    }
    const lines = (table: keyof typeof HEADINGS) => reportCsv(report, table).split('\r\n').slice(1)
    expect(lines('stock')).toEqual([
      "2017-03-01,'-1,blank,4,0,0,5,0,1,0,0,0,0,0",
      "2017-03-02,'-1,blank,4,0,0,0,0,0,0,0,0,0,0",
      '',
    ])
    expect(lines('queue')[0]).toBe("2017-03-01,'-1,1,0,1,0,0,2,0,1,0,0,0,0")
    expect(lines('reconciliation').slice(0, 2)).toEqual([
      "period,'-1,'-B,blank,0,5,0,5,1,0,0,0,0,0,4,0,0,5,true,0",
      "total,'-1,'-B,blank,0,5,0,5,1,0,0,0,0,0,4,0,0,5,true,0",
    ])
    expect(lines('waiting')).toEqual([
      "'-1,1,0.02,0.02,0,,,1,2017-02-28T17:01:00.000Z,36",
      ',1,0.02,0.02,0,,,1,2017-02-28T17:01:00.000Z,36',
      '',
    ])
  })

  it('leaves no cell that a spreadsheet takes for a formula, and quotes what needs it', () => {
    const names = ['=1+1', '+1', '-1', '@A1', '\tx', '\rx', 'a,b', 'say "x"', '"=1"', 'a\r\nb', '=a,"b"', 'plain']
    const report = {
      stock: names.map(item => ({ day: '2017-03-01', station: 's', item, available: -1 })),
    } as unknown as PrintReport
    const text = reportCsv(report, 'stock')
    const cells = parse(text)
      .slice(1)
      .map(row => row[2])
    expect(cells).toEqual(names.map(name => (/^"?[=+\-@\t\r]/.test(name) ? `'${name}` : name)))
    // A number is none.
    expect(parse(text)[1][3]).toBe('-1')
  })

  it('leaves none behind what separates cells in another language', () => {
    const names = ["blank;=1+cmd|'/C calc'!A0;x", 'a\t=1+1', 'a; "+1', 'a;b\tc', ';=1']
    const report = {
      stock: names.map(item => ({ day: '2017-03-01', station: 's', item, available: 1 })),
    } as unknown as PrintReport
    const cells = parse(reportCsv(report, 'stock'))
      .slice(1)
      .map(row => row[2])
    expect(cells).toEqual(["blank;'=1+cmd|'/C calc'!A0;x", "a\t'=1+1", `a;' "+1`, 'a;b\tc', ";'=1"])
  })

  it('sees a formula in full width, behind spaces, quotes and what no eye sees', () => {
    const signs = ['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20', '\u2212']
    const before = [
      '',
      ' ',
      '  ',
      '\u00a0',
      '\u3000',
      '"',
      "'",
      '\u201c',
      '\uff02',
      '\ufeff',
      '\u200b',
      '\u200e',
      '\t',
      '\r',
      '\n',
      '\0',
    ]
    const names = [
      ...before.flatMap(start => signs.map(sign => `${start}${sign}HYPERLINK("x")`)),
      ...['\tx', '\rx', '\nx', '\0x', '\u2028x'],
    ]
    const report = {
      stock: names.map(item => ({ day: '2017-03-01', station: 's', item })),
    } as unknown as PrintReport
    for (const [, , cell] of parse(reportCsv(report, 'stock')).slice(1)) expect(cell).toMatch(/^'/)
  })

  it('leaves other names as they are', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9(][ -:<-~]*$/), item => {
        const report = { stock: [{ day: '2017-03-01', station: 's', item }] } as unknown as PrintReport
        expect(parse(reportCsv(report, 'stock'))[1][2]).toBe(item)
      }),
    )
  })

  it('knows four tables', () => {
    expect(() => reportCsv({} as PrintReport, 'letters' as never)).toThrow(
      new TypeError("table must be 'stock' or 'queue' or 'reconciliation' or 'waiting'"),
    )
    for (const none of [undefined, null, 7, {}, { stock: 'none' }])
      expect(() => reportCsv(none as never, 'stock')).toThrow(/^report must be/)
  })
})
