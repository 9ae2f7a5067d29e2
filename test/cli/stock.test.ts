import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatSerials, openStation, type SerialRange } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { cli, cliJson, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (...path: string[]) => join(folder, ...path)
const station = (...args: string[]) => cliJson('station', ...args)
const stock = (...args: string[]) => cliJson('stock', ...args)

const BY = ['--operator', 'op 1']
const BY_TWO = [...BY, '--witness', 'op 2']

async function synchronise(): Promise<void> {
  for (const [from, to] of [
    ['k1', 'hub'],
    ['k2', 'hub'],
    ['hub', 'k1'],
    ['hub', 'k2'],
  ]) {
    await station('export', at(from), at('stick'), '--to', to)
    await station('import', at(to), at('stick'))
  }
}

/** Pieces by account of a lot; accounts that hold none are left out. */
async function accounts(of: string, lot: string): Promise<object> {
  const { json } = await stock('list', at(of))
  return json.lots.find((each: { lot: string }) => each.lot === lot)?.accounts ?? {}
}

describe('sidik stock', () => {
  it('keeps the books of two offices, from the note to the last piece', async () => {
    for (const id of ['hub', 'k1', 'k2']) await station('init', at(id), '--id', id)
    for (const id of ['k1', 'k2']) {
      await station('add-peer', at(id), at('hub', 'public.json'), '--relation', 'upstream')
      await station('add-peer', at('hub'), at(id, 'public.json'), '--relation', 'downstream')
    }
    mkdirSync(at('stick'))
    expect((await cli('stock', 'list', at('k1'))).stdout).toBe('nothing was ever in stock\n')

    // Announced with rules, and one box too few comes.
    writeFileSync(at('rules.json'), JSON.stringify({ B1: { quota: { new: 400, replacement: 100 } } }))
    const note = ['blank:B1=AB000001-AB000500', 'ribbon:R1=2@500', '--shipment', 'S1', '--rules', at('rules.json')]
    expect((await stock('announce', at('hub'), ...note, '--to', 'k1')).exitCode).toBe(0)
    await synchronise()
    expect((await stock('list', at('k1'))).json.onTheWay).toMatchObject([{ shipment: 'S1', to: 'k1' }])
    const came = ['blank:B1=AB000001-AB000400', 'ribbon:R1=2@500', '--shipment', 'S1', '--from', 'ministry', ...BY]
    const received = await stock('receive', at('k1'), ...came)
    expect([received.exitCode, received.json.discrepancies]).toMatchObject([1, [{ code: 'shipment-differs' }]])
    const twice = await stock('receive', at('k1'), ...came)
    expect([twice.exitCode, twice.json.error.code]).toEqual([3, 'STOCK_RECEIVED'])
    expect((await stock('list', at('k1'))).json.lots).toMatchObject([
      { lot: 'B1', item: 'blank', rules: { quota: { new: 400 } }, accounts: { available: 400, received: -400 } },
      { lot: 'R1', item: 'ribbon', yieldCards: 500, accounts: { available: 2 } },
    ])

    // Lent to the office next door.
    await stock('send', at('k1'), 'B1=AB000301-AB000400', '--to', 'k2', '--shipment', 'S2', ...BY)
    await synchronise()
    const lent = ['blank:B1=AB000301-AB000400', '--shipment', 'S2', '--from', 'k1', ...BY]
    expect((await stock('receive', at('k2'), ...lent)).json).toEqual({ shipment: 'S2', discrepancies: [] })

    await stock('spoil', at('k1'), 'B1=AB000001,AB000007-AB000009', '--reason', 'wet', ...BY)
    await stock(
      'return',
      at('k1'),
      'B1=AB000010',
      '--to',
      'ministry',
      '--shipment',
      'S3',
      '--reason',
      'misprint',
      ...BY,
    )
    const short = await stock('spoil', at('k1'), 'B1=AB000301', '--reason', 'wet', ...BY)
    expect([short.exitCode, short.json.error.code]).toEqual([3, 'STOCK_SHORT'])

    const counted = await stock('count', at('k1'), 'B1=AB000011-AB000299', 'R1=2', ...BY_TWO)
    expect(counted.exitCode).toBe(1)
    const [difference] = counted.json.differences as { missing: SerialRange[] }[]
    expect(difference).toMatchObject({ lot: 'B1', booked: 295, counted: 289, more: [] })
    expect(formatSerials(difference.missing)).toBe('AB000002-AB000006, AB000300')
    const alone = await stock(
      'correct',
      at('k1'),
      'B1=AB000300',
      '--missing',
      '--reason',
      'lost',
      ...BY,
      '--witness',
      'OP 1',
    )
    expect([alone.exitCode, alone.json.error.code]).toEqual([3, 'STOCK_WITNESS'])
    await stock('correct', at('k1'), 'B1=AB000002-AB000006,AB000300', '--missing', '--reason', 'lost', ...BY_TWO)
    expect(
      (await stock('correct', at('k1'), 'B1=AB000300', '--found', '--reason', 'behind the desk', ...BY_TWO)).exitCode,
    ).toBe(0)
    expect((await stock('count', at('k1'), 'B1=AB000011-AB000300', ...BY_TWO)).exitCode).toBe(0)

    await stock('install', at('k1'), 'p1', 'R1', ...BY)
    expect((await stock('list', at('k1'))).json.consumables).toMatchObject([
      { printer: 'p1', lot: 'R1', cards: 0, left: 500 },
    ])
    expect((await stock('forecast', at('k1'))).json).toMatchObject({
      blanks: { left: 290 },
      consumables: [{ item: 'ribbon', left: 1000 }],
    })
    await stock('remove', at('k1'), 'p1', 'R1', '--outcome', 'used-up', ...BY)
    expect(await accounts('k1', 'R1')).toEqual({ received: -2, available: 1, used: 1 })
    expect(await accounts('k1', 'B1')).toMatchObject({ available: 290, spoiled: 4, returned: 1, sent: 100 })
    const noted = (await stock('discrepancies', at('k1'))).json.discrepancies.map(({ code }: { code: string }) => code)
    expect(noted).toEqual(['shipment-differs', 'count-differs', 'yield-differs'])

    const all = (await stock('moves', at('k1'), '--lot', 'B1')).json
    expect([all.moves[0], all.more]).toMatchObject([
      { from: 'received', to: 'available', quantity: 400, shipment: 'S1' },
      false,
    ])
    const two = (await stock('moves', at('k1'), '--limit', '2')).json
    expect([two.moves.length, two.more]).toEqual([2, true])
    await synchronise()
    const above = await cli('stock', 'list', at('hub'), '--station', 'k1')
    expect(above.stdout).toMatch(/^B1 +blank +290 /m)
    // Names are sealed.
    expect(readFileSync(at('k1', 'station.db')).includes('op 1')).toBe(false)
    const opened = await openStation({
      ...{ path: at('k1', 'station.db'), key: readFileSync(at('k1', 'key')), existing: true },
      identity: JSON.parse(readFileSync(at('k1', 'identity.json'), 'utf8')),
    })
    const { printReport } = await import('sidik/station')
    expect(printReport(opened)).toMatchObject({ balances: true })
    await opened.close()
  })

  it.each<[string, string, string[]]>([
    ['a lot that is not known', 'STOCK_UNKNOWN', ['spoil', 'bad', 'B9=1', '--reason', 'wet', ...BY]],
    ['a printer with nothing in it', 'STOCK_UNKNOWN', ['remove', 'bad', 'p1', 'R1', '--outcome', 'used-up', ...BY]],
    [
      'serials that overlap',
      'STOCK_OVERLAP',
      ['receive', 'bad', 'blank:B1=A1-A5', 'blank:B1=A5-A7', '--shipment', 'S', '--from', 'x', ...BY],
    ],
    ['a station that is not below', 'PEER_UNKNOWN', ['announce', 'bad', 'blank:B1=5', '--shipment', 'S', '--to', 'k9']],
    [
      'rules that are none',
      'SETTINGS_FORMAT',
      ['receive', 'bad', 'blank:B1=5', '--shipment', 'S', '--from', 'x', '--rules', 'bad/public.json', ...BY],
    ],
  ])('says what is wrong with %s', async (_, code, [command, place, ...args]) => {
    if (!readdirSync(folder).includes('bad')) await station('init', at('bad'), '--id', 'bad')
    const given = args.map(arg => (arg.startsWith('bad/') ? at(arg) : arg))
    const { exitCode, json } = await stock(command, at(place), ...given)
    expect([exitCode, json.error.code]).toEqual([3, code])
  })

  it.each([
    ['receive', 'x', 'B1=5', '--shipment', 'S', '--from', 'x', ...BY],
    ['receive', 'x', 'blank:B1=0', '--shipment', 'S', '--from', 'x', ...BY],
    ['receive', 'x', 'blank:B1=A5-A1', '--shipment', 'S', '--from', 'x', ...BY],
    ['receive', 'x', 'blank:B1=5', '--shipment', 'S 1', '--from', 'x', ...BY],
    ['spoil', 'x', 'B1', '--reason', 'wet', ...BY],
    ['correct', 'x', 'B1=1', '--reason', 'y', ...BY_TWO],
    ['correct', 'x', 'B1=1', '--found', '--missing', '--reason', 'y', ...BY_TWO],
    ['count', 'x', 'B1=1', ...BY],
    ['remove', 'x', 'p1', 'R1', '--outcome', 'lost', ...BY],
    ['moves', 'x', '--from', 'yesterday'],
  ])('takes %s %s %s %s for bad usage', async (...args) => {
    expect((await cli('stock', ...args)).exitCode).toBe(2)
  })
})
