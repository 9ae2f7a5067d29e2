import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { cli, cliJson, temporaryFolder } from './run.js'

const folder = join(temporaryFolder(), 'out', 'demo')

describe('sidik demo', () => {
  let report: Awaited<ReturnType<typeof cliJson>>

  beforeAll(async () => {
    report = await cliJson('demo', '-o', folder)
  })

  it('finds who returns under a new name, and nobody for who is new', () => {
    expect(report.exitCode).toBe(0)
    const { enrolled, visitors } = report.json
    expect(enrolled.length).toBe(7)
    expect(visitors.map(({ asExpected }: { asExpected: boolean }) => asExpected)).toEqual([true, true])
    const [returning, stranger] = visitors
    const owner = enrolled.find(({ finger }: { finger: string }) => finger === returning.enrolledFinger)
    expect(returning.enrolledAs).toBe(owner.nik)
    expect(returning.name).not.toBe(owner.name)
    expect(stranger.enrolledAs).toBeNull()
  })

  it('writes an overlay for each print and one page that shows them', () => {
    const files = readdirSync(folder).sort()
    expect(files.filter(name => name.endsWith('.png')).length).toBe(9)
    const html = readFileSync(join(folder, 'report.html'), 'utf8')
    expect(html.match(/<img src="data:image\/jpeg;base64,/g)?.length).toBe(9)
    expect(html).not.toMatch(/https?:/)
    expect(html).toContain('enrolled before, as')
  })

  it('names the file that is in the way of its folder', async () => {
    const blocked = join(folder, 'blocked')
    writeFileSync(blocked, '')
    const { exitCode, json } = await cliJson('demo', '-o', join(blocked, 'demo'))
    expect([exitCode, json.error.code]).toEqual([3, 'FILE_UNWRITABLE'])
  })

  it('names the print that is missing', async () => {
    const { exitCode, stderr } = await cli('demo', '--prints', folder, '-o', folder)
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^sidik: FILE_UNREADABLE: .*10\d_1\.png/)
  })
})
