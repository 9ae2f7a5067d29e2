import { ERROR_CODES } from 'sidik'
import { describe, expect, it } from 'vitest'
import { cli, cliJson } from './run.js'

const COMMANDS = {
  extract: ['--ppi', '--classical', '--output', '--iso', '--overlay', '--json'],
  match: ['--min-score', '--target-fmr', '--ppi', '--classical', '--overlay', '--json'],
  identify: [
    '--gallery',
    '--key-file',
    '--limit',
    '--min-score',
    '--target-fmr',
    '--target-fpir',
    '--ppi',
    '--classical',
    '--threads',
    '--json',
  ],
  'gallery build': ['--output', '--ppi', '--classical', '--threads', '--json'],
  'gallery dedupe': [
    '--output',
    '--state',
    '--target-false-pairs',
    '--min-score',
    '--target-fmr',
    '--exhaustive',
    '--key-file',
    '--ppi',
    '--classical',
    '--threads',
    '--json',
  ],
  'gallery info': ['--ids', '--key-file', '--json'],
  'gallery compact': ['--skip-damaged', '--key-file', '--new-key-file', '--json'],
  'gallery verify': ['--key-file', '--json'],
  'gallery re-extract': ['--images', '--ppi', '--key-file', '--threads', '--json'],
  evaluate: [
    '--ppi',
    '--classical',
    '--turn',
    '--seed',
    '--plot',
    '--calibration',
    '--quality',
    '--quality-plot',
    '--threads',
    '--json',
  ],
  'evaluate-minutiae': ['--classical', '--threads', '--json'],
  convert: [
    '--to',
    '--print',
    '--card',
    '--position',
    '--ppi',
    '--compression',
    '--bit-rate',
    '--max-minutiae',
    '--classical',
    '--json',
  ],
  inspect: ['--png', '--print', '--card', '--ppi', '--json'],
  segment: ['--hand', '--missing', '--ten-print', '--output', '--overlay', '--print', '--ppi', '--json'],
  'station init': ['--id', '--own-centre', '--json'],
  'station add-peer': ['--relation', '--vouches', '--key', '--json'],
  'station enrol': ['--key', '--threads', '--json'],
  'station records': ['--transport', '--centre', '--limit', '--after', '--zone', '--key', '--json'],
  'station show': ['--key', '--json'],
  'station overlay': ['--output', '--key', '--json'],
  'station changes': ['--after', '--limit', '--zone', '--key', '--json'],
  'station check': ['--target-fpir', '--population', '--key', '--threads', '--json'],
  'station recheck': ['--target-fpir', '--population', '--operator', '--reason', '--key', '--threads', '--json'],
  'station adjudications': ['--zone', '--key', '--json'],
  'station adjudicate': ['--verdict', '--operator', '--reason', '--key', '--json'],
  'station decide': ['--state', '--duplicate-of', '--note', '--unchecked', '--operator', '--key', '--json'],
  'station import-decisions': ['--format', '--unchecked', '--operator', '--key', '--json'],
  'station correct': ['--operator', '--reason', '--key', '--threads', '--json'],
  'station withdraw': ['--operator', '--reason', '--key', '--json'],
  'station drafts list': ['--zone', '--key', '--json'],
  'station drafts show': ['--key', '--json'],
  'station drafts discard': ['--key', '--json'],
  'station sync': ['--bytes-per-second', '--now', '--zone', '--key', '--json'],
  'station serve': ['--port', '--host', '--tls-cert', '--tls-key', '--threads', '--zone', '--key', '--json'],
  'station export': ['--to', '--part-mib', '--key', '--json'],
  'station import': ['--key', '--json'],
  'station refusals': ['--retry', '--dismiss', '--operator', '--reason', '--key', '--json'],
  'station status': ['--zone', '--key', '--json'],
  'station override': ['--days', '--operator', '--reason', '--key', '--json'],
  'station raise-quota': ['--amount', '--days', '--operator', '--reason', '--key', '--json'],
  'station revoke': ['--from', '--operator', '--reason', '--key', '--json'],
  'station trust': ['--behind', '--vouches', '--operator', '--reason', '--key', '--json'],
  'station verify': ['--key', '--json'],
  'station rekey': ['--reseal', '--json'],
  'stock list': ['--station', '--key', '--json'],
  'stock receive': ['--shipment', '--from', '--rules', '--note', '--operator', '--key', '--json'],
  'stock announce': ['--to', '--shipment', '--from', '--rules', '--key', '--json'],
  'stock send': ['--to', '--shipment', '--operator', '--key', '--json'],
  'stock return': ['--to', '--shipment', '--reason', '--operator', '--key', '--json'],
  'stock spoil': ['--reason', '--operator', '--key', '--json'],
  'stock count': ['--operator', '--witness', '--key', '--json'],
  'stock correct': ['--found', '--missing', '--reason', '--operator', '--witness', '--key', '--json'],
  'stock install': ['--operator', '--key', '--json'],
  'stock remove': ['--outcome', '--reason', '--operator', '--key', '--json'],
  'stock forecast': ['--days', '--key', '--json'],
  'stock moves': ['--station', '--from', '--to', '--lot', '--limit', '--key', '--json'],
  'stock discrepancies': ['--station', '--from', '--to', '--key', '--json'],
  'print request': ['--replacement', '--reason', '--urgent', '--by', '--at', '--operator', '--key', '--json'],
  'print cancel': ['--reason', '--operator', '--key', '--json'],
  'print queue': ['--state', '--record', '--limit', '--key', '--json'],
  'print plan': ['--policy', '--limit', '--printer', '--key', '--json'],
  'print run': ['--printer', '--name', '--limit', '--policy', '--template', '--key', '--json'],
  'print uncertain': ['--key', '--json'],
  'print resolve': ['--found', '--chip-written', '--operator', '--note', '--key', '--json'],
  'print spoil': ['--reason', '--operator', '--key', '--json'],
  'print send': ['--to', '--shipment', '--operator', '--key', '--json'],
  'print receive': ['--shipment', '--operator', '--note', '--key', '--json'],
  'print hand-over': ['--to', '--operator', '--note', '--key', '--json'],
  'print card': ['--output', '--dpi', '--template', '--key', '--json'],
  'print letter': [
    '--output',
    '--office',
    '--number',
    '--until',
    '--dpi',
    '--template',
    '--operator',
    '--key',
    '--json',
  ],
  'print letters': ['--state', '--record', '--key', '--json'],
  'print revoke': ['--reason', '--operator', '--key', '--json'],
  'print verify-letter': ['--key', '--json'],
  'print report': [
    '--from',
    '--to',
    '--station',
    '--utc-offset',
    '--format',
    '--table',
    '--language',
    '--dpi',
    '--output',
    '--key',
    '--json',
  ],
  synthesize: [
    '--fingers',
    '--impressions',
    '--seed',
    '--output',
    '--truth',
    '--clean',
    '--templates',
    '--probes',
    '--threads',
    '--json',
  ],
  'simulate outage': ['--kiosks', '--days', '--records', '--seed', '--folder', '--keep', '--json'],
  'simulate shortage': ['--days', '--offices', '--seed', '--folder', '--keep', '--json'],
  'bench search': ['--fingers', '--probes', '--seed', '--prints', '--galleries', '--plot', '--threads', '--json'],
  demo: ['--output', '--prints', '--threads', '--json'],
}

describe('help', () => {
  it('lists every command and documents the exit codes', async () => {
    const { exitCode, stdout, stderr } = await cli('--help')
    expect([exitCode, stderr]).toEqual([0, ''])
    const listed = [...stdout.matchAll(/^ {2}([a-z-]+)(?: \[| {2,})/gm)].map(([, name]) => name)
    expect(listed).toEqual([...new Set(Object.keys(COMMANDS).map(name => name.split(' ')[0])), 'help'])
    for (const code of [0, 1, 2, 3, 4, 130]) expect(stdout).toMatch(new RegExp(`^ {2}${code} +\\w`, 'm'))
  })

  it.each(Object.entries(COMMANDS))('of %s lists exactly its options', async (name, options) => {
    const { exitCode, stdout } = await cli(...name.split(' '), '--help')
    expect(exitCode).toBe(0)
    const listed = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option)
    expect(listed.sort()).toEqual([...options, '--help'].sort())
  })

  it('goes to stderr with exit code 2 where a command is missing', async () => {
    for (const args of [[], ['gallery'], ['station'], ['stock'], ['print'], ['simulate'], ['bench']]) {
      const { exitCode, stdout, stderr } = await cli(...args)
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toContain('Usage: sidik')
    }
  })
})

describe('bad usage', () => {
  it.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['extract', 'x.png', '--frobnicate']],
    ['a missing argument', ['match', 'x.png']],
    ['one argument too many', ['extract', 'x.png', 'y.png']],
    ['a missing required option', ['identify', 'x.png']],
    ['a resolution that is no number', ['extract', 'x.png', '--ppi', 'high']],
    ['an empty number', ['extract', 'x.png', '--ppi', '']],
    ['a limit of none', ['identify', 'x.png', '--gallery', 'g', '--limit', '0']],
    ['a false match rate of 0', ['match', 'x.png', 'y.png', '--target-fmr', '0']],
    ['a false match rate above 1', ['match', 'x.png', 'y.png', '--target-fmr', '1.01']],
    ['a score that none has', ['match', 'x.png', 'y.png', '--min-score', '-1']],
    ['a score and a rate', ['match', 'x.png', 'y.png', '--min-score', '40', '--target-fmr', '1e-4']],
    [
      'a score and a rate to search by',
      ['identify', 'x.png', '--gallery', 'g', '--min-score', '4', '--target-fmr', '1'],
    ],
    ['two rates', ['identify', 'x.png', '--gallery', 'g', '--target-fmr', '1e-4', '--target-fpir', '0.01']],
    ['a share of no searches', ['identify', 'x.png', '--gallery', 'g', '--target-fpir', '0']],
    ['a score and false pairs', ['gallery', 'dedupe', 'g', '--min-score', '4', '--target-false-pairs', '1']],
    ['no false pair at all', ['gallery', 'dedupe', 'g', '--target-false-pairs', '0']],
    ['half a thread', ['evaluate', 'd', '--threads', '1.5']],
    ['no angle', ['evaluate', 'd', '--turn', '90,']],
    ['three angles', ['evaluate', 'd', '--turn', '0,90,180']],
    ['a negative seed', ['synthesize', '-o', 'd', '--seed', '-1']],
    ['templates of prints', ['synthesize', '-o', 'g', '--templates', '5', '--fingers', '2']],
    ['probes of nothing', ['synthesize', '-o', 'g', '--probes', '5']],
    ['more probes than templates', ['synthesize', '-o', 'g', '--templates', '4', '--probes', '5']],
    ['an outage without kiosks', ['simulate', 'outage', '--kiosks', '0']],
    ['a shortage without offices', ['simulate', 'shortage', '--offices', '0']],
    ['an absurd number of fingers', ['synthesize', '-o', 'd', '--fingers', '1e12']],
  ])('exits with 2 and one line for %s', async (_, args) => {
    const { exitCode, stdout, stderr } = await cli(...args)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^sidik: USAGE: [^\n]+\n$/)
  })

  it('is a JSON document on stdout too when JSON is asked for', async () => {
    const { exitCode, json, stderr } = await cliJson('match', 'x.png')
    expect(exitCode).toBe(2)
    expect(json.error.code).toBe('USAGE')
    expect(stderr).toBe(`sidik: USAGE: ${json.error.message}\n`)
    expect(Object.keys(ERROR_CODES)).not.toContain('USAGE')
  })

  it('suggests what may have been meant', async () => {
    expect((await cli('extrct', 'x.png')).stderr).toContain('extract')
  })
})
