import { writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import {
  decide,
  handOver,
  importDecisions,
  printCards,
  recordOf,
  requestCard,
  type Station,
  withdraw,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { newPath, record } from '../files.ts'
import { blanks, CLEARED, corrected, PRINTED, person, printerThat, render } from '../print/support.js'
import { allSaid, bytesOf, centreWith, idOf, nikOf, saidOf, withdrawn } from './support.js'

const BY = { operator: 'clerk-1' }
const READY = 'PRINT_READY_RECORD||'

const take = (station: Station, text: string) => importDecisions(station, bytesOf(text), BY)

/** Code by line. */
const codesOf = ({ refused }: Awaited<ReturnType<typeof importDecisions>>) =>
  refused.map(({ line, code }) => `${line} ${code}`)

describe('a file of decisions', () => {
  it('is taken as CSV and as JSON, by record and by NIK', async () => {
    const csv = [
      '\uFEFFNIK;Record;STATE;Duplicate of;note;name',
      `;${idOf(1)};PRR;;;Siti`,
      `${nikOf(2)};;dup;${idOf(1)};"both ""thumbs""; clear";`,
      `${nikOf(3)};${idOf(3)};Duplicate_Record;${nikOf(1)};;`,
      ';;;;;',
      `${idOf(4)};;PRR;;;`,
    ].join('\r\n')
    const list = [
      { Record: idOf(1), state: 'PRR', nik: null },
      { nik: nikOf(2), STATE: 'dup', duplicateOf: idOf(1), note: 'both "thumbs"; clear' },
      { record: idOf(3), nik: nikOf(3), state: 'Duplicate_Record', duplicate_of: nikOf(1), name: 'Siti' },
      { nik: idOf(4), state: 'PRR' },
    ]
    for (const text of [csv, JSON.stringify(list), `\uFEFF ${JSON.stringify(list)}`]) {
      const station = await centreWith(4)
      const report = await take(station, text)
      const last = text.includes('Duplicate of') ? 6 : 4
      const message = 'its NIK is not 16 digits'
      const refused = [{ line: last, code: 'nik-format', message }]
      expect(report).toEqual({ rows: 4, taken: 3, left: 0, refused, ignored: ['name'] })
      expect(allSaid(station)).toEqual({
        [idOf(1)]: [READY],
        [idOf(2)]: [`DUPLICATE_RECORD|${idOf(1)}|both "thumbs"; clear`],
        [idOf(3)]: [`DUPLICATE_RECORD|${idOf(1)}|`],
        [idOf(4)]: [],
      })
      const again = await take(station, text)
      expect([again.taken, again.left, again.refused]).toEqual([0, 3, refused])
    }
  })

  it('may be a path, bytes or a stream', async () => {
    const text = `record,state\n${idOf(1)},PRR\n`
    const path = newPath()
    writeFileSync(path, text)
    const sources = [path, bytesOf(text), Readable.from([Buffer.from(text.slice(0, 20)), Buffer.from(text.slice(20))])]
    for (const source of sources) {
      const station = await centreWith(1)
      expect((await importDecisions(station, source, BY)).taken).toBe(1)
      expect(saidOf(station, idOf(1))).toEqual([READY])
    }
  })

  it.each([
    ['no head', `${idOf(1)};PRR\n`],
    ['a head without state', 'record,nik\n'],
    ['a head with a column twice', 'record,state,State\n'],
    ['nothing', ''],
    ['UTF-16', '\uFEFFrecord,state\n', 'utf16le'],
    ['JSON that is no list', '{"record": "a", "state": "PRR"}'],
    ['JSON that is broken', '[{"record": "a"'],
    ['lines that end in CR alone', `record,state\r${idOf(1)},PRR\r`],
  ] as const)('is refused as a whole with %s, and nothing of it is repeated', async (_, text, encoding?) => {
    const station = await centreWith(1)
    const refused = importDecisions(station, Buffer.from(text, encoding), BY)
    await expect(refused).rejects.toMatchObject({ code: 'DECISIONS_FORMAT' })
    await expect(refused).rejects.not.toThrow(/record-0001|"a"/)
    expect(allSaid(station)).toEqual({ [idOf(1)]: [] })
  })

  it.each([
    ['PK\x03\x04\x14\0', /is a workbook: save the sheet as CSV UTF-8$/],
    ['r\0e\0c\0o\0r\0d\0,\0s\0', /is no text in UTF-8/],
    ['record,state\rrecord-0001,PRR\r', /lines that end with CR alone/],
    ['\r\nrecord,state\r\n', /its first line is empty$/],
    ['record\tstate\r\n', /fields that end with tabs/],
    ['record|state\r\n', /does not begin with the names of its columns: .* note$/],
  ])('says of %j what to do', async (text, words) => {
    const station = await centreWith(1)
    await expect(importDecisions(station, Buffer.from(text, 'latin1'), BY)).rejects.toThrow(words)
  })

  it.each([';', ','])('may begin with what separates its fields: %s', async delimiter => {
    const station = await centreWith(1)
    const lines = [`sep=${delimiter}`, `record${delimiter}state`, `${idOf(1)}${delimiter}PRR`, `none${delimiter}PRR`]
    const report = await take(station, lines.join('\r\n'))
    expect([report.rows, report.taken, codesOf(report)]).toEqual([2, 1, ['4 record-unknown']])
  })

  it('has bounds', async () => {
    const station = await centreWith(1)
    const rows = `[${Array(250_001).fill('1').join(',')}]`
    await expect(take(station, rows)).rejects.toMatchObject({ code: 'DECISIONS_FORMAT', message: /250000 rows/ })
    let given = 0
    async function* endless() {
      for (;;) {
        given++
        yield new Uint8Array(2 ** 20)
      }
    }
    await expect(importDecisions(station, endless(), BY)).rejects.toMatchObject({ code: 'DECISIONS_FORMAT' })
    expect(given).toBe(65)
    const whole = JSON.stringify([{ record: idOf(1), state: 'PRR', note: 'x'.repeat(17 * 2 ** 20) }])
    await expect(take(station, whole)).rejects.toMatchObject({ code: 'DECISIONS_FORMAT', message: /in parts/ })
    const long = await take(
      station,
      `record,state,note\n${idOf(1)},PRR,${'x'.repeat(1_001)}\na,PRR,${'x'.repeat(2 ** 20)}`,
    )
    expect(codesOf(long)).toEqual(['2 field-long', '3 row-long'])
  })

  it('takes options as their types say', async () => {
    const station = await centreWith(1)
    const bytes = bytesOf('record,state\n')
    const bad: [unknown, unknown, RegExp][] = [
      [bytes, {}, /operator must be a string/],
      [bytes, { ...BY, format: 'xml' }, /format must be 'csv' or 'json'/],
      [bytes, { ...BY, operators: 1 }, /no option 'operators'/],
      [bytes, { ...BY, signal: 1 }, /signal must be/],
      [7, BY, /source must be/],
      [Readable.from(['text']), BY, /stream of bytes/],
    ]
    for (const [source, options, words] of bad) {
      await expect(importDecisions(station, source as never, options as never)).rejects.toThrow(words)
    }
    await expect(importDecisions(station, bytes, { ...BY, format: 'json' })).rejects.toThrow(/no JSON list/)
    await expect(importDecisions(station, '/nowhere/at/all', BY)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

describe('a row', () => {
  it('is refused with its line and its reason, and stops no other', async () => {
    const station = await centreWith(8)
    person(station, 9, null, nikOf(8))
    withdrawn(station, 7)
    const rows: [row: string, code: string | undefined][] = [
      [`,${idOf(1)},PRR,,`, undefined],
      [',,PRR,,', 'record-missing'],
      [',nobody,PRR,,', 'record-unknown'],
      [`${nikOf(99)},,PRR,,`, 'record-unknown'],
      [`${nikOf(7)},,PRR,,`, 'record-unknown'],
      [`${nikOf(8)},,PRR,,`, 'nik-several'],
      [`3.27602E+15,,PRR,,`, 'nik-format'],
      [`${nikOf(2)},${idOf(3)},PRR,,`, 'nik-differs'],
      [`,${idOf(2)},PRINT_REDY,,`, 'state-unknown'],
      [`,${idOf(2)},,,`, 'state-unknown'],
      [`,${idOf(2)},DUP,nobody,`, 'duplicate-unknown'],
      [`,${idOf(2)},DUP,${nikOf(2)},`, 'duplicate-itself'],
      [`,${idOf(2)},DUP,${nikOf(8)},`, 'duplicate-several'],
      [`,${idOf(2)},PRR,${idOf(1)},`, 'duplicate-misplaced'],
      [`,${idOf(2)},PRR`, 'row-columns'],
      [`,${idOf(2)},PRR,,,`, 'row-columns'],
      [`,${idOf(2)},PRR,,"a"b`, 'row-quotes'],
      [`,${idOf(2)},PRR,,"a`, 'row-quotes'],
      [`,${idOf(3)},PRR,,one`, 'record-twice'],
      [`${nikOf(3)},,PRR,,two`, 'record-twice'],
      [`,${idOf(9)},DUP,${idOf(8)},`, undefined],
    ]
    const report = await take(station, ['nik,record,state,duplicate_of,note', ...rows.map(([row]) => row)].join('\n'))
    expect(codesOf(report)).toEqual(rows.flatMap(([, code], i) => (code === undefined ? [] : [`${i + 2} ${code}`])))
    expect([report.rows, report.taken, report.left]).toEqual([rows.length, 2, 0])
    expect(saidOf(station, idOf(2))).toEqual([])
    expect(saidOf(station, idOf(9))).toEqual([`DUPLICATE_RECORD|${idOf(8)}|`])
    for (const { message } of report.refused) expect(message).not.toMatch(/3276|record-00|nobody|REDY/)
    for (const bad of ['[1]', '[[]]', '[null]', `[{"record":7}]`, `[{"state":"PRR","STATE":"DUP"}]`]) {
      expect(codesOf(await take(station, bad))).toEqual(['1 row-format'])
    }
  })

  it('of JSON that says one thing twice is refused alone, wherever it stands', async () => {
    const station = await centreWith(4)
    const row = (n: number, more: string) => `{"record":"${idOf(n)}",${more}"state":"PRR"}`
    const list = [
      row(1, `"note":"a \\"state\\": {,[","other":{"a":1,"a":[{"state":2}]},`),
      '7',
      row(2, `"st\\u0061te":"DUP","x":1,"State":"DUP","x":2,"y":1,"y":2,`),
      '[{"state":1,"state":2}]',
      row(3, `"x":1,"x":2,`),
      row(4, `"state":"ENROLLMENT_FAILURE_AT_CENTRAL",`),
    ]
    const report = await take(station, `[${list.join(' ,\n')}]`)
    expect(codesOf(report)).toEqual([2, 3, 4, 6].map(line => `${line} row-format`))
    expect(report.refused.filter(({ message }) => /'state' twice/.test(message))).toHaveLength(2)
    expect([1, 2, 3, 4].map(n => saidOf(station, idOf(n)).length)).toEqual([1, 0, 1, 0])
  })

  it('in another encoding is refused alone', async () => {
    const station = await centreWith(2)
    const text = Buffer.concat([
      Buffer.from(`record,state,note\n${idOf(1)},PRR,`),
      Buffer.from([0xe9]),
      Buffer.from(`\n${idOf(2)},PRR,é\n`),
    ])
    expect(codesOf(await importDecisions(station, text, BY))).toEqual(['2 row-encoding'])
    expect(saidOf(station, idOf(2))).toEqual([`PRINT_READY_RECORD||é`])
  })

  it('about a record of a station that decides nothing is refused', async () => {
    const station = await centreWith(1)
    partsOf(station).file.run(`UPDATE peer SET relation = 'upstream'`)
    expect(codesOf(await take(station, `record,state\n${idOf(1)},PRR`))).toEqual(['2 record-foreign'])
  })

  it('by NIK is taken although many withdrawn records of that NIK come first', async () => {
    const station = await centreWith(1)
    partsOf(station).file.transaction(() => {
      for (let i = 0; i < 260; i++) {
        record(station, `0-${i}`, { nik: nikOf(1) })
        withdraw(station, `0-${i}`, { operator: 'operator-7', reason: 'by mistake' })
      }
    })
    expect((await take(station, `nik,state\n${nikOf(1)},DUP\n`)).refused).toEqual([])
  })

  it('of an old file does not take the place of what was decided since', async () => {
    const station = await centreWith(1)
    const [monday, tuesday] = [`record,state\n${idOf(1)},PRR\n`, `record,state\n${idOf(1)},DUP\n`]
    expect((await take(station, monday)).taken).toBe(1)
    expect((await take(station, monday)).left).toBe(1)
    expect((await take(station, tuesday)).taken).toBe(1)
    expect(codesOf(await take(station, monday))).toEqual(['2 superseded'])
    expect(recordOf(station, idOf(1))!.decision).toMatchObject({ state: 'DUPLICATE_RECORD', by: 'clerk-1' })
    decide(station, idOf(1), { state: 'PRR', by: 'expert-1' })
    expect((await take(station, monday)).left).toBe(1)
    expect(codesOf(await take(station, tuesday))).toEqual(['2 superseded'])
  })
})

describe('a file that was here before', () => {
  const ADJUDICATION = { state: 'ADJUDICATION', by: 'expert-1', note: 'forged papers' }

  it('does not take the place of what was decided where it had nothing to say', async () => {
    const station = await centreWith(1)
    const file = `record,state\n${idOf(1)},PRR\n`
    decide(station, idOf(1), { state: 'PRR', by: 'expert-1' })
    expect((await take(station, file)).left).toBe(1)
    decide(station, idOf(1), ADJUDICATION)
    expect(codesOf(await take(station, file))).toEqual(['2 superseded'])
    expect(recordOf(station, idOf(1))!.decision).toMatchObject(ADJUDICATION)
  })

  it('decides about a record that came later, but not once somebody else has', async () => {
    const station = await centreWith(1)
    const file = `nik,state\n${nikOf(2)},PRR\n${nikOf(3)},PRR\n`
    expect(codesOf(await take(station, file))).toEqual(['2 record-unknown', '3 record-unknown'])
    for (const number of [2, 3]) person(station, number, null, nikOf(number))
    decide(station, idOf(2), ADJUDICATION)
    const again = await take(station, file)
    expect([codesOf(again), again.taken]).toEqual([['2 superseded'], 1])
    expect(recordOf(station, idOf(2))!.decision).toMatchObject(ADJUDICATION)
  })

  it('is gone on with where it was stopped, but for what was decided since', async () => {
    const station = await centreWith(400)
    const rows = Array.from({ length: 400 }, (_, i) => `${idOf(i + 1)},PRR`)
    const file = ['record,state', ...rows].join('\n')
    const stop = new AbortController()
    const onProgress = ({ done }: { done: number }) => done >= 20 && stop.abort(new Error('lunch'))
    const stopped = importDecisions(station, bytesOf(file), { ...BY, signal: stop.signal, onProgress })
    await expect(stopped).rejects.toThrow('lunch')
    expect(saidOf(station, idOf(400))).toEqual([])
    decide(station, idOf(400), ADJUDICATION)
    const report = await take(station, file)
    expect(codesOf(report)).toEqual(['401 superseded'])
    expect(report.taken + report.left).toBe(399)
    expect(report.taken).toBeGreaterThan(0)
  })

  it('was here before also where it was stopped while its rows were read', async () => {
    const station = await centreWith(1)
    const rows = Array.from({ length: 20_000 }, (_, i) => `record-nobody-${i},PRR`)
    const file = ['record,state', ...rows, `${idOf(1)},PRR`].join('\n')
    const stop = new AbortController()
    const stopped = importDecisions(station, bytesOf(file), { ...BY, signal: stop.signal })
    setImmediate(() => stop.abort(new Error('lunch')))
    await expect(stopped).rejects.toThrow('lunch')
    expect(saidOf(station, idOf(1))).toEqual([])
    decide(station, idOf(1), ADJUDICATION)
    expect(codesOf(await take(station, file)).at(-1)).toBe('20002 superseded')
  })

  it('clears no version that came after it', async () => {
    const station = await centreWith(1)
    decide(station, idOf(1), { state: 'PRR', by: 'expert-1' })
    const file = `record,state\n${idOf(1)},PRR\n`
    expect((await take(station, file)).left).toBe(1)
    corrected(station, idOf(1), nikOf(3))
    expect(codesOf(await take(station, file))).toEqual(['2 superseded'])
    expect((await take(station, `${file}\n`)).taken).toBe(1)
  })

  it('takes back no card that was handed over, nor does one that repeats it', async () => {
    const station = await centreWith(2)
    const [first, second] = [idOf(1), idOf(2)]
    for (const id of [first, second]) decide(station, id, CLEARED)
    const file = `record,state\n${first},PRR\n`
    expect((await take(station, file)).refused).toEqual([])
    blanks(station, 1)
    requestCard(station, { record: first, ...BY })
    const { printed } = await printCards(station, { printer: printerThat(PRINTED), render })
    handOver(station, printed[0].job, { to: 'the person', ...BY })
    expect(recordOf(station, first)!.centreState).toBe('CARD_ISSUED')
    const cumulative = `${file}${second},PRR\n`
    for (const each of [file, cumulative, file]) {
      expect((await take(station, each)).refused).toEqual([])
      expect(recordOf(station, first)!.centreState).toBe('CARD_ISSUED')
    }
    // It may still be said that something is wrong with it.
    expect((await take(station, `record,state\n${first},ADJUDICATION\n`)).taken).toBe(1)
  })

  it('says nothing of a record that was withdrawn, also by its id', async () => {
    const station = await centreWith(1)
    withdrawn(station, 1)
    expect(codesOf(await take(station, `record,state\n${idOf(1)},PRR\n`))).toEqual(['2 record-unknown'])
  })
})

describe('a row by NIK', () => {
  it('does not pass to a record that was made after the file was imported', async () => {
    for (const first of ['withdrawn', 'duplicate']) {
      const station = await centreWith(1)
      const file = `nik,state\n${nikOf(1)},DUP\n`
      expect((await take(station, file)).taken).toBe(1)
      if (first === 'withdrawn') withdrawn(station, 1)
      person(station, 2, null, nikOf(1))
      expect(codesOf(await take(station, file))).toEqual([first === 'withdrawn' ? '2 superseded' : '2 nik-several'])
      expect(saidOf(station, idOf(2))).toEqual([])
      // Another file speaks of the record that stands.
      const ready = `nik,state\n${nikOf(1)},PRR\n`
      expect((await take(station, ready)).taken).toBe(1)
      expect((await take(station, ready)).left).toBe(1)
      expect(saidOf(station, idOf(2))).toEqual([READY])
    }
  })

  it('does not pass to who got the NIK of the record that the file was about', async () => {
    for (const then of ['corrected', 'withdrawn'] as const) {
      const station = await centreWith(1)
      const file = `nik,state\n${nikOf(1)},PRR\n`
      expect((await take(station, file)).taken).toBe(1)
      corrected(station, idOf(1), nikOf(3))
      if (then === 'withdrawn') withdrawn(station, 1)
      person(station, 2, null, nikOf(1))
      expect(codesOf(await take(station, file))).toEqual(['2 superseded'])
      expect(saidOf(station, idOf(2))).toEqual([])
      // Named by its id, it is the record that is meant; so is what another file says.
      expect((await take(station, `nik,state,note\n${nikOf(1)},PRR,anew\n`)).taken).toBe(1)
      expect(saidOf(station, idOf(2))).toEqual([`${READY}anew`])
    }
  })

  it('is about who has the NIK where the other had got its own before the file came', async () => {
    const station = await centreWith(2)
    corrected(station, idOf(1), nikOf(3))
    corrected(station, idOf(2), nikOf(1))
    const file = `nik,state\n${nikOf(3)},PRR\n${nikOf(1)},PRR\n`
    expect((await take(station, file)).taken).toBe(2)
    expect((await take(station, file)).left).toBe(2)
    expect(saidOf(station, idOf(2))).toEqual([READY])
  })

  it('is about a record that fell where none else is left', async () => {
    const station = await centreWith(1)
    await take(station, `nik,state\n${nikOf(1)},Efac\n`)
    expect((await take(station, `nik,state\n${nikOf(1)},PRR\n`)).taken).toBe(1)
  })
})

describe('lines and quotes', () => {
  it('a quote that is not closed costs its own line alone', async () => {
    const station = await centreWith(4)
    const rows = [`${idOf(1)};PRR;"open`, `${idOf(2)};PRR;"closed"`, `${idOf(3)};PRR;a "b" c`, `${idOf(4)};PRR;"open`]
    const report = await take(station, `record;state;note\n${rows.join('\n')}\n`)
    expect(codesOf(report)).toEqual(['2 row-quotes', '4 row-quotes', '5 row-quotes'])
    expect(saidOf(station, idOf(2))).toEqual(['PRINT_READY_RECORD||closed'])
  })

  const planted = `${idOf(2)};PRR;`
  it.each([
    ['short', 'see'],
    ['with quotes', 'say "yes" and ""'],
    ['longer than a line may be', 'x'.repeat(20_000)],
  ])('a field over several lines is refused whole, and no row within it is taken: %s', async (_, first) => {
    const station = await centreWith(3)
    const note = `${first}\n${planted}\n${planted}\nend`
    const text = `record;state;note\n${idOf(1)};PRR;"${note.replaceAll('"', '""')}"\n${idOf(3)};PRR;\n`
    for (const bytes of [bytesOf(text), Buffer.from(text.replace('see', 'sé'), 'latin1')]) {
      const report = await importDecisions(station, bytes, BY)
      expect(codesOf(report)).toEqual(['2 row-lines'])
      expect(report.refused[0].message).toContain('lines 2 to 5')
      expect(allSaid(station)).toEqual({ [idOf(1)]: [], [idOf(2)]: [], [idOf(3)]: [READY] })
    }
  })

  const note = fc.array(fc.constantFrom('"', ';', ',', '\n', '\r\n', `\n${planted}\n`, 'é', ' ', 'ab', '😀'), {
    maxLength: 12,
  })

  it('whatever notes hold, each row says what was written or is refused', async () => {
    const station = await centreWith(6)
    let said = allSaid(station)
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(1, 3, 4, 5, 6), { minLength: 1 }),
        fc.array(note, { minLength: 6, maxLength: 6 }),
        fc.constantFrom(';', ','),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('', '\uFEFF'),
        async (numbers, notes, delimiter, end, mark) => {
          const written = numbers.map((number, i) => ({ id: idOf(number), note: notes[i].join('') }))
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
          const lines = written.map(row => [quoted(row.id), 'DUP', quoted(row.note)].join(delimiter))
          const report = await take(
            station,
            mark + ['record,state,note'.replaceAll(',', delimiter), ...lines].join(end),
          )
          const expected = { ...said }
          for (const row of written) {
            const saying = `DUPLICATE_RECORD||${row.note.trim()}`
            if (!row.note.includes('\n') && said[row.id][0] !== saying) expected[row.id] = [saying, ...said[row.id]]
          }
          said = allSaid(station)
          expect(said).toEqual(expected)
          expect(report.refused.map(({ code }) => code)).toEqual(
            written.filter(row => row.note.includes('\n')).map(() => 'row-lines'),
          )
          expect(report.taken + report.left + report.refused.length).toBe(report.rows)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('of bytes that are anything, none breaks it', async () => {
    const station = await centreWith(3)
    const piece = fc.constantFrom('"', ';', '\n', '\r', idOf(1), idOf(2), 'PRR', 'DUP', 'x', '\0', '\uFEFF')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), async pieces => {
        const report = await take(station, `record;state;note\n${pieces.join('')}`)
        expect(report.taken + report.left + report.refused.length).toBe(report.rows)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a long file', () => {
  const COUNT = 1_500

  it('lets the event loop go on, and comes to the same when it was stopped in the middle', async () => {
    const [whole, stopped] = [await centreWith(COUNT), await centreWith(COUNT)]
    const rows = Array.from({ length: COUNT }, (_, i) =>
      i % 50 === 0 ? `${idOf(i + 1)};DUP;${idOf(2)};` : `${idOf(i + 1)};PRR;;`,
    )
    const text = `record;state;duplicate_of;note\n${rows.join('\n')}\n`
    const seen: number[] = []
    let turns = 0
    const counting = setInterval(() => turns++, 0)
    const report = await importDecisions(whole, bytesOf(text), {
      ...BY,
      onProgress: ({ done, total }) => seen.push(done / total),
    })
    clearInterval(counting)
    expect([report.taken, turns > 2, seen.length > 2, seen.at(-1)]).toEqual([COUNT, true, true, 1])
    expect(seen).toEqual([...seen].sort((a, b) => a - b))

    const stop = new AbortController()
    const first = importDecisions(stopped, bytesOf(text), {
      ...{ ...BY, signal: stop.signal },
      onProgress: () => stop.abort(new Error('stopped')),
    })
    await expect(first).rejects.toThrow('stopped')
    const kept = Object.values(allSaid(stopped)).flat().length
    expect([kept > 0, kept < COUNT]).toEqual([true, true])
    const rest = await take(stopped, text)
    expect([rest.taken, rest.left]).toEqual([COUNT - kept, kept])
    expect(allSaid(stopped)).toEqual(allSaid(whole))
  })

  it('of lines without text, or of one long line, costs next to nothing', async () => {
    const station = await centreWith(1)
    const lines = (text: string) => text.repeat(Math.ceil(60e6 / text.length))
    for (const blank of ['\n', ';;\r\n', ' ; ;\t\n']) {
      const text = `record;state;note\n${lines(blank)}${idOf(1)};PRR;no;\n${idOf(1)};PRR;\n\n;`
      let turns = 0
      const counting = setInterval(() => turns++, 0)
      const report = await take(station, text)
      clearInterval(counting)
      const line = 2 + Math.ceil(60e6 / blank.length)
      expect([report.rows, codesOf(report), turns > 2]).toEqual([2, [`${line} row-columns`], true])
    }
    for (const long of [';', 'a', '"']) {
      expect(codesOf(await take(station, `record;state\n${lines(long)}`))).toEqual(['2 row-long'])
    }
  })

  it('is not waited for when its stream gives nothing and the signal is aborted', async () => {
    const station = await centreWith(1)
    const stop = new AbortController()
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }
    const given = importDecisions(station, silent, { ...BY, signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
  })
})

describe('a station whose file somebody edited', () => {
  it.each([
    ['a decision', `nik,state\n${nikOf(1)},PRR\n`, 1, 2],
    ['a duplicate', `record,state,duplicate_of\n${idOf(4)},DUP,${nikOf(1)}\n`, 1, 2],
    ['a decision past a record that has a card', `nik,state\n${nikOf(1)},PRR\n`, 3, 4],
  ])('does not lead %s to another record of the NIK', async (_, text, from, to) => {
    const station = await centreWith(2)
    person(station, 3, null, nikOf(1))
    person(station, 4, null, nikOf(4))
    if (from === 3) requestCard(station, { record: idOf(3), ...BY })
    else withdrawn(station, 3)
    // As another program would, past the station.
    const other = new Database(partsOf(station).file.path)
    const tag = from === 1 ? `(SELECT nik_tag FROM record WHERE id = '${idOf(1)}')` : 'nik_tag'
    other.exec(`UPDATE record SET nik_tag = ${tag} WHERE id = '${idOf(to)}'`)
    other.exec(`UPDATE record SET nik_tag = NULL WHERE id = '${idOf(from)}'`)
    other.close()
    await expect(take(station, text)).rejects.toMatchObject({ code: 'STATION_ALTERED' })
    expect(Object.values(allSaid(station)).flat()).toEqual([])
  })
})
