/** Opens a station with an engine, so that it has the index of persons, and says so; closes it when told to. */
import { once } from 'node:events'
import { createEngine } from 'sidik'
import { openStation } from 'sidik/station'
import { localGalleryOf } from '../../../dist/station/check/local-gallery.js'

const { path, key, identity } = JSON.parse(process.argv[2])
const engine = await createEngine({ threads: 1 })
const station = await openStation({ path, key: Buffer.from(key, 'hex'), identity, engine })
await localGalleryOf(station).whenOpen()
process.stdout.write('has the index\n')
await once(process.stdin, 'data')
await station.close()
await engine.close()
process.exit(0)
