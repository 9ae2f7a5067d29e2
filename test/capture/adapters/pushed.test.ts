import { Readable } from 'node:stream'
import type { GrayImage } from 'sidik'
import type { CaptureFrame } from 'sidik/capture'
import { type PushedFrame, type PushedSource, type PushedSourceOptions, pushedSource } from 'sidik/capture/pushed'
import { describe, expect, it } from 'vitest'
import { contractSuite, picture, type Rig, until } from '../contract.js'

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** A library that calls back with a frame now and then while it is started, out of one buffer that it uses again. */
async function liveRig(): Promise<Rig> {
  let shown: GrayImage | undefined
  let timer: NodeJS.Timeout | undefined
  const buffer = new Uint8Array(1_000_000)
  const pushed = pushedSource({
    onBegin: () => {
      timer = setInterval(() => {
        if (shown === undefined) return
        buffer.set(shown.data)
        pushed.push({ ...shown, data: buffer.subarray(0, shown.data.length) })
        buffer.fill(0)
      }, 5)
    },
    onEnd: () => clearInterval(timer),
  })
  return {
    source: pushed.source,
    present: async image => {
      shown = image
    },
    engaged: () => pushed.capturing,
    enter: async status => pushed.setState({ status, message: `it is ${status}` }),
    disconnect: async () => pushed.setState({ status: 'unreachable', message: 'the cable was pulled' }),
    reconnect: async () => pushed.setState({ status: 'ready', message: 'it is back' }),
    close: async () => clearInterval(timer),
  }
}

contractSuite('frames of a library', liveRig, { exact: true, states: true, disconnects: true })

/** A stream of frames, as of a camera. */
async function streamRig(): Promise<Rig> {
  let shown: GrayImage | undefined
  let isOver = false
  async function* frames(): AsyncGenerator<PushedFrame> {
    while (!isOver) {
      await sleep(5)
      if (shown !== undefined) yield shown
    }
  }
  const pushed = pushedSource()
  const fed = pushed.feed(Readable.from(frames(), { highWaterMark: 1 })).catch(error => error)
  return {
    source: pushed.source,
    present: async image => {
      shown = image
    },
    engaged: () => pushed.capturing,
    close: async () => {
      isOver = true
      if (shown === undefined) expect(await fed).toBeUndefined()
      else expect(await fed).toMatchObject({ code: 'SOURCE_CLOSED' })
    },
  }
}

contractSuite('a stream of frames', streamRig, { exact: true, states: false, disconnects: false })

/** A source at a capture whose frames are kept. */
function capturing(options: PushedSourceOptions = {}) {
  const pushed = pushedSource(options)
  const capture = pushed.source.capture()
  const frames: CaptureFrame[] = []
  const first = capture.next()
  const done = (async () => {
    for (let next = await first; !next.done; next = await capture.next()) frames.push(next.value)
  })()
  done.catch(() => {})
  return { pushed, frames, done }
}

const push = (pushed: PushedSource, ...widths: number[]) => widths.map(width => pushed.push(picture(width, width, 64)))

describe('pushedSource', () => {
  it('gives frames with what is said of them, and ends when the device has no more', async () => {
    const { pushed, frames, done } = capturing({ device: { make: 'V', model: '2' }, ppi: 512 })
    await until(() => pushed.capturing)
    const capturedAt = new Date(5)
    const known = { position: 7, impression: 'rolled' as const, label: 'shot', statedQuality: 80, capturedAt }
    pushed.push({ ...picture(1), ...known })
    pushed.end()
    await done
    expect(frames).toEqual([
      { ...picture(1), ...known, ppi: 512, device: { adapter: 'pushed', make: 'V', model: '2' } },
    ])
    expect(pushed.capturing).toBe(false)
    expect(pushed.push(picture(2))).toBe(false)
  })

  it('takes 16 bits a pixel, and copies', async () => {
    const { pushed, frames, done } = capturing()
    await until(() => pushed.capturing)
    const data = Uint16Array.from({ length: 64 * 64 }, (_, i) => i % 1024)
    pushed.push({ data, widthPx: 64, heightPx: 64, ppi: 500 })
    data.fill(0)
    pushed.end()
    await done
    expect([0, 512, 1023].map(i => frames[0].data[i])).toEqual([0, 128, 255])
  })

  it('drops the oldest of more frames than may wait, and those that nobody wants, and counts them', async () => {
    const pushed = pushedSource({ maxQueued: 2 })
    expect(push(pushed, 64, 65)).toEqual([false, false])
    const capture = pushed.source.capture()
    const first = capture.next()
    await until(() => pushed.capturing)
    expect(push(pushed, 66, 67, 68, 69)).toEqual([true, true, true, true])
    expect((await first).value).toMatchObject({ widthPx: 68 })
    expect((await capture.next()).value).toMatchObject({ widthPx: 69 })
    expect(pushed.dropped).toBe(4)
    push(pushed, 70)
    await capture.return()
    expect(pushed.dropped).toBe(5)
  })

  it('drops nothing of a stream, whoever captures', async () => {
    const pushed = pushedSource({ maxQueued: 1 })
    const fed = pushed.feed(Array.from({ length: 9 }, (_, i) => picture(i, 64 + i, 64)))
    const widths: number[] = []
    for (let i = 0; i < 3; i++) {
      for await (const { widthPx } of pushed.source.capture()) {
        widths.push(widthPx)
        if (widths.length % 3 === 0) break
        await sleep(widths.length)
      }
      await sleep(5)
    }
    await fed
    expect(widths).toEqual([64, 65, 66, 67, 68, 69, 70, 71, 72])
    expect(pushed.dropped).toBe(0)
    await expect(pushed.feed([{ ...picture(1), ppi: 20 }])).rejects.toMatchObject({ code: 'PPI_OUT_OF_RANGE' })
  })

  it('fails a capture after the frames that were there, and not the next', async () => {
    const { pushed, frames, done } = capturing()
    await until(() => pushed.capturing)
    push(pushed, 64)
    pushed.fail(new Error('the sensor is dirty'))
    pushed.fail(new Error('and hot'))
    expect(push(pushed, 65)).toEqual([false])
    await expect(done).rejects.toThrow('the sensor is dirty')
    expect(frames).toHaveLength(1)
    pushed.fail(new Error('of no capture'))
    pushed.end()
    const next = pushed.source.capture().next()
    await until(() => pushed.capturing)
    push(pushed, 66)
    expect((await next).value).toMatchObject({ widthPx: 66 })
  })

  it('starts and stops the device, and passes on that it does not start', async () => {
    const calls: unknown[] = []
    const { pushed, done } = capturing({
      onBegin: async request => {
        calls.push(request)
        throw new Error('no driver')
      },
      onEnd: async () => void calls.push('end'),
    })
    await expect(done).rejects.toThrow('no driver')
    expect(calls).toEqual([{ missing: [], timeoutMs: 30_000 }, 'end'])
    expect(pushed.capturing).toBe(false)
    const slow = pushedSource({ onBegin: () => new Promise(() => {}) })
    await expect(slow.source.capture({ timeoutMs: 30 }).next()).rejects.toMatchObject({ code: 'CAPTURE_TIMEOUT' })
  })

  it('refuses frames that are none, also while nobody captures', () => {
    const pushed = pushedSource()
    const good = picture(1, 64, 64)
    const refusing = (frame: object) => expect(() => pushed.push({ ...good, ...frame } as PushedFrame))
    refusing({ data: [1, 2, 3] }).toThrow(TypeError)
    refusing({ widthPx: 65 }).toThrow(RangeError)
    refusing({ data: new Uint8Array(0) }).toThrow(/no pixels/)
    refusing({ data: new Uint8Array(16 * 16), widthPx: 16, heightPx: 16 }).toThrow(/too few/)
    refusing({ ppi: undefined }).toThrow(/no resolution/)
    refusing({ ppi: 72 }).toThrow(/72 ppi/)
    refusing({ position: 'thumb' }).toThrow(TypeError)
    refusing({ quality: 3 }).toThrow(/no option 'quality'/)
    refusing({ capturedAt: 5 }).toThrow(/capturedAt/)
    refusing({ statedQuality: 101 }).toThrow(/statedQuality/)
    expect(pushed.dropped).toBe(0)
    expect(() => pushedSource({ maxQueued: 0 })).toThrow(RangeError)
    expect(() => pushed.setState({ status: 'broken' as 'busy', message: '' })).toThrow(TypeError)
    expect(() => pushed.fail('no' as unknown as Error)).toThrow(TypeError)
  })
})
