import type { GrayImage } from 'sidik'
import { SidikError } from 'sidik'
import { type Adapter, type CaptureFrame, createSource } from 'sidik/capture'
import { describe, expect, it } from 'vitest'
import { contractSuite, picture, type Rig, until } from './contract.js'

/** A device in memory that does all that an adapter may do. */
function memoryRig(): Rig & { readonly accepted: CaptureFrame[]; calls: number } {
  const queue: GrayImage[] = []
  let engaged = false
  let status: 'ready' | 'busy' | 'not-ready' | 'unreachable' = 'ready'
  let wake = () => {}
  const accepted: CaptureFrame[] = []
  const device = { adapter: 'memory' }
  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      wake = resolve
      signal.addEventListener('abort', () => reject(new Error('the wait was aborted')), { once: true })
    })
  const fail = (code: 'DEVICE_BUSY' | 'DEVICE_NOT_READY' | 'DEVICE_UNREACHABLE' | 'DEVICE_DISCONNECTED') =>
    new SidikError(code, `the device is ${status}`)
  const adapter: Adapter = {
    name: 'memory',
    state: async () => ({ status, message: `it is ${status}`, device }),
    async *frames(_, signal) {
      if (status === 'busy') throw fail('DEVICE_BUSY')
      if (status === 'not-ready') throw fail('DEVICE_NOT_READY')
      if (status === 'unreachable') throw fail('DEVICE_UNREACHABLE')
      engaged = true
      try {
        for (;;) {
          const image = queue.shift()
          if (image !== undefined) yield { ...image, device, capturedAt: new Date() }
          else await wait(signal)
          if ((status as string) === 'unreachable') throw fail('DEVICE_DISCONNECTED')
        }
      } finally {
        engaged = false
        rig.calls++
      }
    },
    accept: async frame => void accepted.push(frame),
  }
  const rig = {
    accepted,
    calls: 0,
    source: createSource(adapter),
    present: async (image: GrayImage) => {
      queue.push(image)
      wake()
    },
    engaged: () => engaged,
    enter: async (entered: 'busy' | 'not-ready' | 'unreachable') => {
      status = entered
    },
    disconnect: async () => {
      status = 'unreachable'
      wake()
    },
    reconnect: async () => {
      status = 'ready'
    },
    close: async () => {},
  }
  return rig
}

contractSuite('a source in memory', async () => memoryRig(), { exact: true, states: true, disconnects: true })

describe('createSource', () => {
  it('accepts a frame when the next one is asked for, and not when its capture is left', async () => {
    const rig = memoryRig()
    for (let i = 0; i < 3; i++) await rig.present(picture(i, 64 + i, 64))
    const widths: number[] = []
    for await (const { widthPx } of rig.source.capture()) {
      widths.push(widthPx)
      if (widths.length === 3) break
    }
    expect(widths).toEqual([64, 65, 66])
    expect(rig.accepted.map(({ widthPx }) => widthPx)).toEqual([64, 65])
  })

  it('accepts a frame that it is told of', async () => {
    const rig = memoryRig()
    await rig.present(picture(1))
    for await (const frame of rig.source.capture()) {
      await rig.source.accept(frame)
      break
    }
    expect(rig.accepted).toHaveLength(1)
    await expect(rig.source.accept(undefined as unknown as CaptureFrame)).rejects.toThrow(TypeError)
    await rig.source.close()
    await expect(rig.source.accept(rig.accepted[0])).rejects.toMatchObject({ code: 'SOURCE_CLOSED' })
    expect(rig.accepted).toHaveLength(1)
  })

  it('answers calls of next one after the other, whoever waits for them', async () => {
    const rig = memoryRig()
    const capture = rig.source.capture()
    const asked = [capture.next(), capture.next(), capture.next()]
    for (let i = 0; i < 3; i++) await rig.present(picture(i, 64 + i, 64))
    expect((await Promise.all(asked)).map(({ value }) => value?.widthPx)).toEqual([64, 65, 66])
    await capture.return()
  })

  it('lets the device go at once when its signal is aborted while the caller is busy with a frame, and says so next', async () => {
    const rig = memoryRig()
    const controller = new AbortController()
    const capture = rig.source.capture({ signal: controller.signal })
    await rig.present(picture(1))
    expect((await capture.next()).done).toBe(false)
    expect(rig.engaged?.()).toBe(true)
    const reason = new Error('enough')
    controller.abort(reason)
    await until(() => !rig.engaged?.())
    await expect(capture.next()).rejects.toBe(reason)
    expect(await capture.next()).toEqual({ done: true, value: undefined })
    expect(rig.accepted).toEqual([])
  })

  it('closes while the caller holds a frame', async () => {
    const rig = memoryRig()
    const capture = rig.source.capture()
    await rig.present(picture(1))
    await capture.next()
    await rig.source.close()
    expect(rig.engaged?.()).toBe(false)
    await expect(capture.next()).rejects.toMatchObject({ code: 'SOURCE_CLOSED' })
  })

  it('engages no device for a capture that is never asked for a frame', async () => {
    const rig = memoryRig()
    const unused = rig.source.capture()
    await rig.present(picture(1))
    expect((await rig.source.capture().next()).done).toBe(false)
    await unused.return()
    expect(await unused.next()).toEqual({ done: true, value: undefined })
    expect(rig.calls).toBe(0)
  })

  it('says that a device is unreachable that does not answer when it is asked for its state', async () => {
    const source = createSource({
      name: 'mute',
      state: signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      async *frames() {
        yield* []
      },
    })
    expect(await source.state({ timeoutMs: 30 })).toMatchObject({ status: 'unreachable' })
    const controller = new AbortController()
    const asked = source.state({ signal: controller.signal })
    controller.abort(new Error('no time'))
    await expect(asked).rejects.toThrow('no time')
    const waiting = source.state()
    await source.close()
    await expect(waiting).rejects.toMatchObject({ code: 'SOURCE_CLOSED' })
  })

  it('engages no device for a frame that was asked for and not waited for', async () => {
    const rig = memoryRig()
    const capture = rig.source.capture()
    const asked = capture.next()
    expect(await capture.return()).toEqual({ done: true, value: undefined })
    expect(await asked).toEqual({ done: true, value: undefined })
    expect(rig.calls).toBe(0)
  })

  it('passes on what an adapter throws, and is free again', async () => {
    let turns = 0
    const source = createSource({
      name: 'failing',
      state: async () => ({ status: 'ready', message: 'ready' }),
      async *frames() {
        turns++
        if (turns === 1) throw new SidikError('DEVICE_REFUSED', 'error 54')
        yield* []
      },
    })
    await expect(source.capture().next()).rejects.toMatchObject({ code: 'DEVICE_REFUSED' })
    expect(await source.capture().next()).toEqual({ done: true, value: undefined })
  })
})
