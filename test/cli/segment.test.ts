import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { synthesizeSlap } from 'sidik/synthesize'
import { beforeAll, describe, expect, it } from 'vitest'
import { execute } from '../../dist/cli/execute.js'
import { writeFiles } from '../../dist/cli/output-folder.js'
import { decodeImage } from '../../dist/image/decode.js'
import { encodeImage } from '../../dist/image/encode-image.js'
import { slapTouches } from '../support/slap-touches.js'
import { cli, cliJson, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  const draw = { ppi: 250, strength: [0.8, 0.8, 0.8, 0.8], residue: 0.05, code: 14 }
  writeFileSync(at('slap.png'), await encodeImage(synthesizeSlap(slapTouches(), 1, draw).image, 'png'))
})

describe('sidik segment', () => {
  it('writes a file for each finger, and an overlay', async () => {
    const args = ['--hand', 'left', '-o', at('fingers'), '--overlay', at('overlay.png')]
    const { exitCode, json } = await cliJson('segment', at('slap.png'), ...args)
    expect(exitCode).toBe(0)
    const names = ['10-left-little-finger', '9-left-ring-finger', '8-left-middle-finger', '7-left-index-finger']
    expect(json.fingers.map(({ file }: { file: string }) => file)).toEqual(names.map(name => `${name}.png`))
    expect(readdirSync(at('fingers')).sort()).toEqual(names.map(name => `${name}.png`).sort())
    const image = await decodeImage(readFileSync(at('fingers/8-left-middle-finger.png')))
    expect([image.ppi, image.widthPx, image.heightPx]).toEqual([250, json.fingers[2].widthPx, json.fingers[2].heightPx])
    expect((await decodeImage(readFileSync(at('overlay.png')), { ppi: 500 })).widthPx).toBeGreaterThan(1000)
  })

  it('tells the hand', async () => {
    const { exitCode, stdout } = await cli('segment', at('slap.png'))
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/4 fingers: plain left four fingers by how they lie/)
  })

  it('writes no finger of a wrong count', async () => {
    const { exitCode, stdout } = await cli(
      'segment',
      at('slap.png'),
      '--hand',
      'left',
      '--missing',
      '9',
      '-o',
      at('none'),
    )
    expect(exitCode).toBe(1)
    expect(stdout).toContain('4 fingers found where 3 were expected')
    expect(existsSync(at('none'))).toBe(false)
  })

  it('takes no slap for a card', async () => {
    const { exitCode, stderr } = await cli('segment', at('slap.png'), '--ten-print')
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/image shows .* inches, the layout has 8 x /)])
  })

  it.each([
    ['a finger that there is not', ['--missing', '11']],
    ['a finger twice', ['--missing', '7,7']],
    ['no list', ['--missing', 'ring']],
    ['all of the slap', ['--hand', 'left-thumb', '--missing', '6']],
    ['an unknown hand', ['--hand', 'both']],
    ['a card of one hand', ['--hand', 'left', '--ten-print']],
  ])('refuses %s', async (_, args) => {
    expect((await cli('segment', at('slap.png'), ...args)).exitCode).toBe(2)
  })

  it('leaves nothing when it is interrupted', async () => {
    const startProgress = () => ({ update() {}, stop() {} })
    const context = { signal: AbortSignal.abort(), startProgress } as unknown as Parameters<typeof execute>[1]
    const report = await execute(['segment', at('slap.png'), '--hand', 'left', '-o', at('stopped')], context)
    expect(report.exitCode).toBe(130)
    expect(existsSync(at('stopped'))).toBe(false)
  })
})

describe('files of a folder', () => {
  it('are written all or none', async () => {
    const { signal } = new AbortController()
    await writeFiles(at('kept'), new Map([['a', new Uint8Array([1])]]), signal)
    // The second name is taken by a folder.
    await writeFiles(at('kept/b'), new Map([['c', new Uint8Array([2])]]), signal)
    const both = new Map([
      ['x', new Uint8Array([3])],
      ['b', new Uint8Array([4])],
    ])
    await expect(writeFiles(at('kept'), both, signal)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(readdirSync(at('kept')).sort()).toEqual(['a', 'b'])
  })
})
