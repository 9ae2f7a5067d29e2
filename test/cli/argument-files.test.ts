/** Files that arguments name, and that are no files or have no end. */
import { execFileSync } from 'node:child_process'
import { symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { cliJson, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (name: string) => join(folder, name)
const BY = ['--operator', 'o']

beforeAll(async () => {
  await cliJson('station', 'init', at('s'), '--id', 's')
  execFileSync('mkfifo', [at('fifo')])
  symlinkSync('/dev/zero', at('zero'))
  writeFileSync(at('sparse'), '')
  truncateSync(at('sparse'), 2 ** 40)
})

const COMMANDS: Readonly<Record<string, (file: string) => string[]>> = {
  'station enrol': file => ['station', 'enrol', at('s'), file],
  'station correct': file => ['station', 'correct', at('s'), 'r1', file, '--reason', 'wrong', ...BY],
  'station add-peer': file => ['station', 'add-peer', at('s'), file, '--relation', 'upstream'],
  'station trust': file => ['station', 'trust', at('s'), file, '--behind', 'hub', '--reason', 'it moved', ...BY],
  'station --key': file => ['station', 'status', at('s'), '--key', file],
  'station serve --tls-cert': file => ['station', 'serve', at('s'), '--tls-cert', file, '--tls-key', file],
  'stock receive --rules': file => {
    const note = ['--shipment', 'n1', '--from', 'x', '--rules', file]
    return ['stock', 'receive', at('s'), 'blank:L=AB01-AB02', ...note, ...BY]
  },
  'print plan --policy': file => ['print', 'plan', at('s'), '--policy', file],
  'gallery --key-file': file => ['gallery', 'info', at('g'), '--key-file', file],
}

describe.each(Object.entries(COMMANDS))('%s', (_name, args) => {
  it.each([
    ['fifo', 'a FIFO'],
    ['zero', 'a device'],
    ['sparse', '16777216 are the most'],
  ])('refuses %s at once', async (name, why) => {
    const { exitCode, json } = await cliJson(...args(at(name)))
    expect(exitCode).toBe(3)
    expect(json.error).toEqual({ code: 'FILE_UNREADABLE', message: expect.stringContaining(why) })
  })
})

describe('the station itself, where another is meant', () => {
  it.each([
    ['station revoke', ['station', 'revoke', at('s'), 's', '--reason', 'lost', ...BY]],
    [
      'station trust',
      ['station', 'trust', at('s'), join(at('s'), 'public.json'), '--behind', 'hub', '--reason', 'it moved', ...BY],
    ],
    ['stock send', ['stock', 'send', at('s'), 'L=1', '--to', 's', '--shipment', 'n2', ...BY]],
    ['print send', ['print', 'send', at('s'), 'AB1', '--to', 's', '--shipment', 'n3', ...BY]],
    ['an id that cannot be', ['stock', 'send', at('s'), 'L=1', '--to', 'no id', '--shipment', 'n2', ...BY]],
  ])('%s is a mistake in the arguments', async (_name, args) => {
    const { exitCode, json } = await cliJson(...args)
    expect([exitCode, json.error?.code]).toEqual([2, 'USAGE'])
  })
})
