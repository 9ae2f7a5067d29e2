import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as station from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { peopleOf } from '../station/check/fingers.js'
import { KEY, newPath, somebody } from '../station/enrol/support.js'
import { engineForTests } from '../support/engine.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/station-check.md'), 'utf8')

const engine = await engineForTests()

const { firstOf, againOf } = peopleOf(83, [1, 2, 3, 6, 7])

describe('docs/station-check.md', () => {
  it('has an index that is whole, and a station that compares by it as written', async () => {
    const [, section] = page.split('\n## The index\n')
    const [give, whole] = [...section.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code)
    // Where the package finds itself by its name.
    mkdirSync(join(ROOT, 'out'), { recursive: true })
    const file = join(ROOT, 'out', 'docs-station-check-index.mjs')
    writeFileSync(file, whole)
    const { memoryIndex } = await import(pathToFileURL(file).href)

    const given = { path: newPath(), key: KEY, identity: await station.createIdentity('hub'), engine }
    const index = memoryIndex(engine)
    const work = async (hub: station.Station) => {
      const found = await station.enrol(hub, somebody(1, firstOf(1)))
      const again = await station.enrol(hub, somebody(2, againOf(1)))
      const record = (found as station.Recorded).recordId
      const { preCheck } = again as station.Recorded
      expect(preCheck).toMatchObject({ decision: 'duplicate', persons: 1, candidates: [{ record }] })
      station.withdraw(hub, record, { operator: 'operator-7', reason: 'recorded twice' })
      expect(await station.recheck(hub, { operator: 'operator-7', reason: 'to be sure' })).toMatchObject({
        duplicates: 0,
      })
      expect((await index.versions().next()).value.length).toBe(1)
    }
    const names = ['openStation', 'path', 'key', 'identity', 'engine', 'index', 'work']
    const run = Object.getPrototypeOf(async () => {}).constructor(
      ...names,
      give.replace('// ... work', 'await work(hub)'),
    )
    await run(station.openStation, given.path, given.key, given.identity, engine, index, work)
    // The station has left it open, and the snippet closed it.
    await expect(index.identify(firstOf(1))).rejects.toMatchObject({ code: 'GALLERY_CLOSED' })
  })
})
