import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStation, saveDraft } from 'sidik/station'
import { beforeAll, describe, expect, it } from 'vitest'
import { cli, cliJson, printFile, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (...path: string[]) => join(folder, ...path)
const station = (...args: string[]) => cliJson('station', ...args)

const NIKS = ['3276015502900001', '3276015502900002'] as const
const NAME = 'Siti Aminah'
const PERSON = {
  ...{ name: NAME, birthDate: '1990-02-15', sex: 'female', birthPlace: 'Depok' },
  address: { street: 'Jl. Margonda 1' },
}
const BY = ['--operator', 'clerk 1']
const WHY = [...BY, '--reason', 'as on the family card']

function application(name: string, nik: string, prints: readonly [string, string]): string {
  for (const print of prints) copyFileSync(printFile(print), at(`${print}.png`))
  const exceptions = Object.fromEntries([3, 4, 5, 6, 7, 8, 9, 10].map(position => [position, 'bandaged']))
  const files = { 1: `${prints[0]}.png`, 2: `${prints[1]}.png` }
  return written(name, { nik, person: PERSON, operator: 'op 1', prints: files, exceptions })
}

function written(name: string, content: unknown): string {
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content))
  return at(name)
}

async function carry(from: string, to: string): Promise<void> {
  await station('export', at(from), at('stick'), '--to', to)
  await station('import', at(to), at('stick'))
}

let records: string[]

beforeAll(async () => {
  mkdirSync(at('stick'))
  for (const id of ['hub', 'k1']) await station('init', at(id), '--id', id)
  await station('add-peer', at('k1'), at('hub', 'public.json'), '--relation', 'upstream')
  await station('add-peer', at('hub'), at('k1', 'public.json'), '--relation', 'downstream')
  records = []
  for (const [i, prints] of (
    [
      ['101_1', '102_1'],
      ['103_1', '104_1'],
    ] as const
  ).entries()) {
    const { json } = await station('enrol', at('k1'), application(`${i}.json`, NIKS[i], prints))
    records.push(json.recordId)
  }
  await carry('k1', 'hub')
})

const start = (id: string) => id.slice(0, 10)

describe('sidik station decide', () => {
  it('says what becomes of a record by the beginning of its id, and the kiosk is shown it', async () => {
    const [one, two] = records
    const said = await station('decide', at('hub'), start(one), '--state', 'prr', ...BY)
    expect([said.exitCode, said.json]).toMatchObject([
      0,
      { record: one, state: 'PRINT_READY_RECORD', by: 'clerk 1', station: 'hub' },
    ])
    const text = ['decide', at('hub'), start(two), '--state', 'DUP', '--duplicate-of', start(one), '--note', 'thumbs']
    expect((await cli('station', ...text, ...BY)).stdout).toBe(`${two}: DUPLICATE_RECORD of ${one}, says clerk 1\n`)
    await carry('hub', 'k1')
    const { json } = await station('show', at('k1'), start(two))
    expect(json).toMatchObject({ id: two, decision: { duplicateOf: one, note: 'thumbs', station: 'hub' } })
  })

  it('says that a card waits for a comparison, and takes a reason why it need not', async () => {
    const [one] = records
    const clear = ['decide', at('hub'), start(one), '--state', 'PRR', ...BY]
    expect((await cli('station', ...clear)).stdout).toMatch(
      /says clerk 1; the card waits until a station with an engine/,
    )
    const waived = await station(...clear, '--unchecked', 'the ministry compares')
    expect(waived.json).toMatchObject({ comparison: 'waived', unchecked: 'the ministry compares' })
    expect((await cli('station', 'records', at('hub'))).stdout).toContain('unchecked, waived')
    expect((await cli('station', ...clear, '--unchecked', ' ')).exitCode).toBe(2)
    const misplaced = ['decide', at('hub'), start(one), '--state', 'ADJUDICATION', ...BY, '--unchecked', 'as said']
    expect((await cli('station', ...misplaced)).exitCode).toBe(2)
  })

  it('takes no state that is not on the list, and decides nothing at a kiosk', async () => {
    const typo = await cli('station', 'decide', at('hub'), records[0], '--state', 'PRINT_REDY', ...BY)
    expect([typo.exitCode, typo.stderr.includes('PRINT_READY_RECORD, CARD_PRINTED')]).toEqual([2, true])
    const misplaced = ['decide', at('hub'), records[0], '--state', 'PRR', '--duplicate-of', records[1]]
    expect((await cli('station', ...misplaced, ...BY)).exitCode).toBe(2)
    const own = await station('decide', at('k1'), records[0], '--state', 'PRR', ...BY)
    expect([own.exitCode, own.json.error.code]).toEqual([3, 'RECORD_FOREIGN'])
    const nobody = await station('decide', at('hub'), 'nobody', '--state', 'PRR', ...BY)
    expect([nobody.exitCode, nobody.json.error.code]).toEqual([3, 'RECORD_UNKNOWN'])
  })
})

describe('sidik station import-decisions', () => {
  it('takes what it can, says what it cannot, and takes nothing twice', async () => {
    const [one] = records
    const rows = ['NIK;State;Note;name', `${NIKS[0]};CARD_PRINTED;on Monday;${NAME}`, `${NIKS[1]};PRINT_REDY;;x`]
    const file = written('answers.csv', `\uFEFF${rows.join('\r\n')}\r\n`)
    const first = await station('import-decisions', at('hub'), file, ...BY)
    expect([first.exitCode, first.json]).toMatchObject([
      1,
      { rows: 2, taken: 1, left: 0, refused: [{ line: 3, code: 'state-unknown' }], ignored: ['name'] },
    ])
    const again = await cli('station', 'import-decisions', at('hub'), file, ...BY)
    expect(again.stdout).toMatch(/^0 decisions taken, 1 stood already, 1 refused\n {2}3: state-unknown: its state/)
    expect(again.stdout).toContain('columns that were not read: name')
    for (const secret of [NAME, ...NIKS]) expect(first.stdout + again.stdout).not.toContain(secret)
    const good = written('good.json', [{ record: one, state: 'CARD_PRINTED', note: 'on Monday' }])
    const done = await station('import-decisions', at('hub'), good, '--format', 'json', ...BY)
    expect([done.exitCode, done.json.left]).toEqual([0, 1])
    const bad = await station('import-decisions', at('hub'), at('0.json'), ...BY)
    expect([bad.exitCode, bad.json.error.code]).toEqual([3, 'DECISIONS_FORMAT'])
  })
})

describe('sidik station correct and withdraw', () => {
  it('change what a file names, and nothing where something has to be corrected first', async () => {
    const [, two] = records
    const moved = { person: { ...PERSON, birthPlace: 'Bogor' } }
    const done = await station('correct', at('k1'), start(two), written('moved.json', moved), ...WHY)
    expect([done.exitCode, done.json]).toMatchObject([0, { recorded: true, recordId: two, version: 2 }])
    const wrong = written('wrong.json', { nik: '12', operator: 'op 2' })
    const refused = await station('correct', at('k1'), start(two), wrong, '--reason', 'x')
    expect([refused.exitCode, refused.json.feedback[0].code]).toEqual([1, 'nik-length'])
    const nobody = await cli('station', 'correct', at('k1'), two, at('moved.json'), '--reason', 'x')
    expect([nobody.exitCode, nobody.stderr.includes('--operator is missing')]).toEqual([2, true])
    for (const content of [{ nama: NAME }, { person: { nama: NAME } }, 'none']) {
      const bad = await station('correct', at('k1'), two, written('bad.json', content), ...WHY)
      expect([bad.exitCode, bad.json.error.code]).toEqual([3, 'APPLICATION_FORMAT'])
      if (typeof content === 'object' && 'nama' in content) expect(bad.json.error.message).toMatch(/not known: nama$/)
      expect(bad.stdout).not.toContain(NAME)
    }
    const shown = await station('show', at('k1'), two)
    expect(shown.json).toMatchObject({ version: 2, contents: { person: moved.person, operator: 'clerk 1' } })

    const prints = written('prints.json', { prints: { 3: '101_2.png' } })
    copyFileSync(printFile('101_2'), at('101_2.png'))
    const finger = await station('correct', at('k1'), two, prints, ...WHY)
    expect([finger.exitCode, finger.json.version]).toEqual([0, 3])

    // Field by field: what a file does not name stays.
    const personAfter = async (person: object) => {
      const { exitCode } = await station('correct', at('k1'), two, written('fields.json', { person }), ...WHY)
      return [exitCode, (await station('show', at('k1'), two)).json.contents.person]
    }
    const address = { ...PERSON.address, postalCode: '16320' }
    const more = { ...moved.person, address, occupation: 'guru' }
    expect(await personAfter({ address: { postalCode: '16320' }, occupation: 'guru' })).toEqual([0, more])
    const { occupation: _, ...less } = more
    expect(await personAfter({ occupation: null })).toEqual([0, less])
    expect(await personAfter({ name: null })).toEqual([1, less])

    const gone = await station('withdraw', at('k1'), start(two), ...WHY)
    expect([gone.exitCode, gone.json.record]).toEqual([0, two])
    const twice = await station('withdraw', at('k1'), two, ...WHY)
    expect([twice.exitCode, twice.json.error.code]).toEqual([3, 'RECORD_WITHDRAWN'])
  })
})

describe('sidik station drafts', () => {
  it('are listed, shown and given up', async () => {
    expect((await cli('station', 'drafts', 'list', at('k1'))).stdout).toBe('no draft\n')
    const opened = await openStation({
      path: at('k1', 'station.db'),
      key: readFileSync(at('k1', 'key')),
      identity: JSON.parse(readFileSync(at('k1', 'identity.json'), 'utf8')),
    })
    const image = new Uint8Array(readFileSync(printFile('101_1')))
    const draft = saveDraft(opened, { nik: NIKS[0], fingers: [{ position: 1, image }] })
    await opened.close()
    const listed = await station('drafts', 'list', at('k1'))
    expect(listed.json.drafts).toMatchObject([{ id: draft }])
    const shown = await station('drafts', 'show', at('k1'), draft.slice(0, 8))
    expect(shown.json).toMatchObject({
      draft,
      nik: NIKS[0],
      fingers: [{ position: 1, image: { bytes: image.length } }],
    })
    expect((await station('drafts', 'discard', at('k1'), draft.slice(0, 8))).json).toEqual({ draft })
    const gone = await station('drafts', 'show', at('k1'), draft)
    expect([gone.exitCode, gone.json.error.code]).toEqual([3, 'DRAFT_UNKNOWN'])
  })
})

it.each([
  ['decide', 'x', 'r'],
  ['decide', 'x', 'r', '--state', 'PRR'],
  ['decide', 'x', 'r', '--state', 'PRR', '--operator', ' '],
  ['import-decisions', 'x', 'f'],
  ['import-decisions', 'x', 'f', '--format', 'xml', ...BY],
  ['correct', 'x', 'r', 'f', ...BY],
  ['withdraw', 'x', 'r', ...BY],
  ['drafts', 'drop', 'x'],
])('takes %s %s %s %s for bad usage', async (...args) => {
  expect((await cli('station', ...args)).exitCode).toBe(2)
})
