/**
 * Images of an enrolment are decoded and compressed in the engine's threads: the one that asks goes
 * on.
 */
import sharp from 'sharp'
import { createEngine, type Engine } from 'sidik'
import { encodeWsq } from 'sidik/formats'
import { candidateOverlay, enrol, type Recorded } from 'sidik/station'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { WsqCore } from '../../../dist/core/wsq-core.js'
import { decodeImage } from '../../../dist/image/decode.js'
import { encodeJp2 } from '../../../dist/image/jp2/encode.js'
import { withOpenJpeg } from '../../../dist/image/jp2/openjpeg.js'
import { newStation, print, somebody } from './support.js'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine({ threads: 1 })
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => engine.close())

it('calls no codec on the thread that asks, for fingers, photo, signature and the overlay', async () => {
  const station = await newStation({ engine })
  const grays = await Promise.all(['101_1', '102_1', '103_1'].map(name => decodeImage(print(name), { ppi: 500 })))
  const photo = await encodeJp2(grays[2])
  const fingers = async (impression: number) => [
    { position: 2, image: await encodeWsq(await decodeImage(print(`101_${impression}`), { ppi: 500 })) },
    { position: 3, image: await encodeJp2(await decodeImage(print(`102_${impression}`), { ppi: 500 })), ppi: 500 },
    { position: 4, image: print(`103_${impression}`) },
  ]
  const [first, second] = [
    somebody(1, await fingers(1), { photo, signature: print('104_2') }),
    somebody(2, await fingers(2)),
  ]
  const codec = await withOpenJpeg(each => each)
  const calls = [
    vi.spyOn(WsqCore.prototype, 'open'),
    vi.spyOn(codec, 'J2KDecoder'),
    vi.spyOn(sharp.prototype, 'metadata'),
  ]
  const one = (await enrol(station, first)) as Recorded
  const two = (await enrol(station, second)) as Recorded
  expect([one, two]).toMatchObject([{ recorded: true }, { recorded: true }])
  expect(await candidateOverlay(station, two.recordId, one.recordId, { position: 2 })).toMatchObject({ position: 2 })
  for (const call of calls) expect(call).not.toHaveBeenCalled()
})
