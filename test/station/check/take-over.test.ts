/** The process that has the index of a hub ends, and another one has the hub open. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { adjudications, createIdentity, status } from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { localGalleryOf } from '../../../dist/station/check/local-gallery.js'
import { engineForTests } from '../../support/engine.js'
import { newPath, newStation } from '../enrol/support.js'
import { KEY } from '../files.ts'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { recorded } from './network.ts'

const HOLDER = fileURLToPath(new URL('index-holder.js', import.meta.url))
const WAIT = { timeout: 30_000, interval: 100 }

it.each(['is killed', 'closes the station'])(
  'the records that come when it %s are checked all the same',
  async end => {
    const given = { path: newPath(), identity: await createIdentity('hub') }
    const holder = spawn(process.execPath, [
      HOLDER,
      JSON.stringify({ ...given, key: Buffer.from(KEY).toString('hex') }),
    ])
    holder.stderr.pipe(process.stderr)
    await once(holder.stdout, 'data')
    const hub = await newStation({ ...given, key: KEY, engine: await engineForTests() })
    const gallery = localGalleryOf(hub)!
    await gallery.whenOpen()
    expect(gallery.isElsewhere).toBe(true)
    const ended = once(holder, 'exit')
    if (end === 'is killed') holder.kill('SIGKILL')
    else holder.stdin.write('\n')
    await ended

    const { firstOf, againOf } = peopleOf(107, [1])
    const [one, two] = [await below(hub, 'kiosk-1'), await below(hub, 'kiosk-2')]
    await recorded(one.station, 1, firstOf(1))
    await recorded(two.station, 2, againOf(1))
    for (const { meet } of [one, two]) await meet()
    await vi.waitFor(() => expect(status(hub).check.unchecked).toBe(0), WAIT)
    expect(adjudications(hub)).toHaveLength(1)
    expect(gallery.isElsewhere).toBe(false)
  },
  60_000,
)
