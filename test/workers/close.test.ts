import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { loadAssets } from '../../dist/node/assets.js'

/**
 * Engines closed 45 to 109 ms after their first task, while their threads load. It is a matter of chance: with an ES module as
 * what threads load, 4 of 6 such programs were aborted, each within 150 closes (the crash came 69 to 93 ms in).
 */
const PROGRAM = `
  import { createEngine } from 'sidik'
  const frame = { data: new Uint8Array(10000).fill(255), widthPx: 100, heightPx: 100, ppi: 500 }
  for (let i = 0; i < 150; i++) {
    const engine = await createEngine({ threads: 4 })
    const work = engine.extract(frame).catch(() => {})
    await new Promise(resolve => setTimeout(resolve, 45 + (i * 7) % 65))
    await engine.close()
    await work
  }
  console.log('closed all')
`

it('may be closed while its threads start: the process lives', () => {
  // A process of its own, because what this guards against aborts the process (src/workers/entry.cts).
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    encoding: 'utf8',
    timeout: 55_000,
  })
  expect({ status, stdout: stdout.trim(), stderr }).toEqual({ status: 0, stdout: 'closed all', stderr: '' })
})

it('has threads load a CommonJS file, the one kind that may be stopped while it loads', () => {
  expect(loadAssets(undefined).workerFile).toMatch(/entry\.cjs$/)
})
