import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syntheticId, syntheticProbe, syntheticTemplate, writeSyntheticGallery } from 'sidik/synthesize'
import { afterAll, describe, expect, it } from 'vitest'
import { readGalleryFile } from '../../dist/node/gallery-file.js'

const folder = mkdtempSync(join(tmpdir(), 'sidik-synthetic-gallery-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function entriesOf(path: string) {
  const all = new Map<string, Uint8Array>()
  for await (const block of readGalleryFile(path)) for (const { id, template } of block) all.set(id, template.slice())
  return all
}

describe('writeSyntheticGallery', () => {
  it('writes templates and probes under ids that tell finger and difficulty', async () => {
    const path = join(folder, 'gallery')
    const probesPath = join(folder, 'probes')
    const progress: string[] = []
    const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`)
    await writeSyntheticGallery(path, { templates: 300, probes: 4, probesPath, seed: 5, onProgress })
    const gallery = await entriesOf(path)
    expect([...gallery.keys()]).toEqual(Array.from({ length: 300 }, (_, i) => syntheticId(5, i)))
    expect(gallery.get('synthetic-5/123')).toEqual(syntheticTemplate(5, 123))
    const probes = await entriesOf(probesPath)
    expect([...probes.keys()]).toEqual([
      'synthetic-5/0/clean',
      'synthetic-5/75/typical',
      'synthetic-5/150/poor',
      'synthetic-5/225/clean',
    ])
    expect(probes.get('synthetic-5/150/poor')).toEqual(syntheticProbe(5, 150, 'poor'))
    expect(progress).toEqual(['4/304', '304/304'])
  })

  it('writes the same bytes by any number of threads', async () => {
    const files = await Promise.all(
      [1, 2, 3].map(async threads => {
        const path = join(folder, `by-${threads}`)
        await writeSyntheticGallery(path, { templates: 2_500, seed: 6, threads })
        return readFileSync(path)
      }),
    )
    // Not toEqual, which looks at each of the millions of bytes as at a property.
    expect(files.map(file => file.equals(files[0]))).toEqual([true, true, true])
    const gallery = await entriesOf(join(folder, 'by-2'))
    expect([...gallery.keys()]).toEqual(Array.from({ length: 2_500 }, (_, i) => syntheticId(6, i)))
    expect(gallery.get('synthetic-6/2499')).toEqual(syntheticTemplate(6, 2_499))
  })

  it('leaves what was there when it is stopped', async () => {
    const path = join(folder, 'stopped')
    writeFileSync(path, 'before')
    const stop = new AbortController()
    const onProgress = (done: number) => done >= 2_000 && stop.abort()
    const run = writeSyntheticGallery(path, { templates: 1_000_000, seed: 5, onProgress, signal: stop.signal })
    await expect(run).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
    expect(readdirSync(folder).filter(name => name.includes('stopped'))).toEqual(['stopped'])
  })

  it('names what it cannot write', async () => {
    const run = writeSyntheticGallery(join(folder, 'absent', 'g'), { templates: 1, seed: 1 })
    await expect(run).rejects.toThrow(expect.objectContaining({ code: 'FILE_UNWRITABLE' }))
  })

  it.each([
    ['templates', { templates: 0, seed: 1 }],
    ['templates', { templates: 1.5, seed: 1 }],
    ['probes', { templates: 2, probes: 3, probesPath: 'p', seed: 1 }],
    ['probesPath', { templates: 2, probes: 1, seed: 1 }],
    ['seed', { templates: 2, seed: -1 }],
    ['threads', { templates: 2, seed: 1, threads: 0 }],
  ])('refuses bad %s', async (name, options) => {
    await expect(writeSyntheticGallery(join(folder, 'bad'), options)).rejects.toThrow(RangeError)
    await expect(writeSyntheticGallery(join(folder, 'bad'), options)).rejects.toThrow(name)
  })
})
