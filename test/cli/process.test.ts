import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { PRINTS, printFile, spawnCli, temporaryFolder } from './run.js'

const folder = temporaryFolder()

describe('the process', () => {
  it.each([
    [0, ['match', printFile('104_1'), printFile('104_3'), '--json']],
    [1, ['match', printFile('104_1'), printFile('102_2'), '--json']],
    [2, ['match', printFile('104_1'), '--json']],
    [3, ['match', printFile('104_1'), 'no-such-file', '--json']],
  ])('returns %i with one JSON document on stdout', async (expected, args) => {
    const { exitCode, stdout, stderr } = await spawnCli(args)
    expect(exitCode).toBe(expected)
    expect(Object.keys(JSON.parse(stdout))).toContain(expected < 2 ? 'score' : 'error')
    if (expected < 2) expect(stderr).toBe('')
    else expect(stderr).toMatch(/^sidik: [A-Z_]+: .+\n$/)
  })

  it('draws no progress where there is no terminal', async () => {
    const { exitCode, stderr } = await spawnCli(['identify', printFile('104_3'), '--gallery', PRINTS])
    expect([exitCode, stderr]).toEqual([0, ''])
  })

  it('stops at an interrupt with 130 and leaves no half-written file', async () => {
    const set = join(folder, 'set')
    const { exitCode, stdout, stderr } = await spawnCli(
      ['synthesize', '--fingers', '50', '-o', set, '--json'],
      async child => {
        while (!existsSync(join(set, '101_1.png'))) await new Promise(resolve => setTimeout(resolve, 20))
        child.kill('SIGINT')
      },
    )
    expect(exitCode).toBe(130)
    expect(stderr).toMatch(/^sidik: INTERRUPTED: .+\n$/)
    expect(JSON.parse(stdout).error.code).toBe('INTERRUPTED')
    for (const name of readdirSync(set)) await expect(sharp(join(set, name)).stats()).resolves.toBeDefined()
  })

  it('is quiet when the reader of its output goes away', async () => {
    const command = `"${process.execPath}" dist/cli/main.js extract "${printFile('101_1')}" --json | true; echo "\${PIPESTATUS[0]}"`
    const child = spawn('bash', ['-c', command], { cwd: join(PRINTS, '..', '..') })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', chunk => {
      stdout += chunk
    })
    child.stderr.on('data', chunk => {
      stderr += chunk
    })
    await new Promise(resolve => child.on('close', resolve))
    expect([stdout.trim(), stderr]).toEqual(['0', ''])
  })
})
