import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from 'sidik'
import { afterAll, describe, expect, it } from 'vitest'
import { readGalleryFile } from '../../dist/node/gallery-file.js'
import { cli, cliJson, spawnCli, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const engine = await createEngine({ threads: 1 })
afterAll(() => engine.close())

describe('sidik synthesize --templates', () => {
  it('makes a gallery in which the probes are found', async () => {
    const output = join(folder, 'gallery.sidik')
    const { exitCode, json } = await cliJson(
      ...['synthesize', '--templates', '1500', '--probes', '30', '--seed', '9', '-o', output],
    )
    expect(exitCode).toBe(0)
    const probesGallery = join(folder, 'gallery.probes.sidik')
    expect(json).toMatchObject({ gallery: output, templates: 1500, probes: 30, probesGallery, seed: 9 })
    const gallery = await engine.openGallery(output)
    expect(gallery.size).toBe(1500)
    let [searched, first] = [0, 0]
    for await (const block of readGalleryFile(probesGallery)) {
      for (const { id, template } of block) {
        const [, finger, difficulty] = id.match(/^(synthetic-9\/\d+)\/(clean|typical|poor)$/)!
        const { candidates } = await gallery.search(template, { minScore: 0 })
        searched++
        if (candidates[0]?.id === finger) first++
        else expect(difficulty).not.toBe('clean')
      }
    }
    expect(searched).toBe(30)
    expect(first).toBeGreaterThan(26)
  })

  it('says what it made, and makes no probes unless asked', async () => {
    const output = join(folder, 'bare')
    const { exitCode, stdout } = await cli('synthesize', '--templates', '3', '-o', output)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^3 templates in .+ a second\): .+bare\n$/)
    expect(existsSync(join(folder, 'bare.probes'))).toBe(false)
  })

  it('names a folder that is not there', async () => {
    const { exitCode, stderr } = await cli('synthesize', '--templates', '3', '-o', join(folder, 'absent', 'g'))
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^sidik: FILE_UNWRITABLE: /)
  })

  it('stops at an interrupt with 130 and leaves nothing behind', async () => {
    const { exitCode } = await spawnCli(
      ['synthesize', '--templates', '5000000', '-o', join(folder, 'big')],
      async child => {
        while (!readdirSync(folder).some(name => name.startsWith('.big'))) await new Promise(go => setTimeout(go, 20))
        child.kill('SIGINT')
      },
    )
    expect(exitCode).toBe(130)
    expect(readdirSync(folder).filter(name => name.includes('big'))).toEqual([])
  })
})
