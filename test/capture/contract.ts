import type { GrayImage } from 'sidik'
import type { CaptureFrame, CaptureRequest, CaptureSource, DeviceState } from 'sidik/capture'
import { FRICTION_RIDGE_POSITIONS } from 'sidik/formats'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Random } from '../../dist/random.js'

/** A source and what a test does to its device. Made anew for every test. */
export interface Rig {
  readonly source: CaptureSource
  /** What a capture has to ask for to get the finger that is presented. */
  readonly request?: CaptureRequest
  /** Puts a finger down: what the device now gives, or goes on giving, shows this image. */
  present(image: GrayImage): Promise<void>
  /**
   * Whether the device is at a capture, as the device sees it: one behind a connection hears a moment later that it was let go. Absent
   * where there is no device that could be.
   */
  engaged?(): boolean
  /** Puts the device into a state other than ready. */
  enter?(status: Exclude<DeviceState['status'], 'ready'>): Promise<void>
  /** The device or its service goes away, in the middle of whatever runs, and stays away. */
  disconnect?(): Promise<void>
  /** After `disconnect`: it is there again. */
  reconnect?(): Promise<void>
  close(): Promise<void>
}

export interface ContractTraits {
  /** Whether pixels come out as they were put in: not of lossy compression. */
  readonly exact: boolean
  /** Whether its device can be busy or not ready (`Rig.enter`), and go away (`Rig.disconnect`, `Rig.reconnect`). */
  readonly states: boolean
  readonly disconnects: boolean
}

/** A picture of a size that no two tests share by chance, of at least 64 pixels a side. */
export function picture(seed: number, widthPx = 200, heightPx = 240, ppi = 500): GrayImage {
  const random = new Random(seed)
  const phase = random.uniform() * 6
  const data = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => {
    const [x, y] = [i % widthPx, Math.floor(i / widthPx)]
    return Math.round(
      128 + 90 * Math.sin(Math.hypot(x - widthPx / 2, y - heightPx / 2) * 0.7 + phase) + 30 * random.uniform(),
    )
  })
  return { data, widthPx, heightPx, ppi }
}

/** Waits until something holds; a test's own time limit ends it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 5))
}

async function first(rig: Rig, request: CaptureRequest = {}): Promise<CaptureFrame> {
  for await (const frame of rig.source.capture({ ...rig.request, ...request })) return frame
  throw new Error('the capture ended without a frame')
}

/** What every source of prints promises (src/capture/source.ts), for one adapter. */
export function contractSuite(name: string, setup: () => Promise<Rig>, traits: ContractTraits): void {
  describe(`${name} keeps the contract of sources`, () => {
    let rig: Rig

    beforeEach(async () => {
      rig = await setup()
    })

    afterEach(async () => {
      await rig.source.close()
      await rig.close()
    })

    it('says that its device is ready', async () => {
      const { status, message } = await rig.source.state()
      expect(status).toBe('ready')
      expect(message).not.toBe('')
      expect(rig.source.adapter).not.toBe('')
    })

    it('gives the frame of a finger that is put down, with what is known of it', async () => {
      const image = picture(1)
      const before = Date.now()
      await rig.present(image)
      const frame = await first(rig)
      expect(frame).toMatchObject({ widthPx: image.widthPx, heightPx: image.heightPx, ppi: image.ppi })
      expect(frame.data).toBeInstanceOf(Uint8Array)
      expect(frame.data.length).toBe(image.data.length)
      if (traits.exact) expect(Buffer.compare(frame.data, image.data)).toBe(0)
      expect(frame.device.adapter).toBe(rig.source.adapter)
      expect(frame.capturedAt.getTime()).toBeGreaterThan(before - 60_000)
      expect(frame.capturedAt.getTime()).toBeLessThanOrEqual(Date.now() + 1_000)
      if (frame.position !== undefined) expect(FRICTION_RIDGE_POSITIONS.has(frame.position)).toBe(true)
      if (frame.statedQuality !== undefined) expect(frame.statedQuality).toBeGreaterThanOrEqual(0)
    })

    it('gives plain data that may be sent to a worker', async () => {
      await rig.present(picture(2))
      const frame = await first(rig)
      expect(structuredClone(frame)).toEqual(frame)
    })

    it('refuses a request that is none', () => {
      const { source } = rig
      expect(() => source.capture({ positon: 3 } as CaptureRequest)).toThrow(/did you mean 'position'/)
      expect(() => source.capture({ position: 0 })).toThrow(RangeError)
      expect(() => source.capture({ position: 21 })).toThrow(/no code of a finger/)
      expect(() => source.capture({ missing: [11] })).toThrow(/missing\[0\]/)
      expect(() => source.capture({ timeoutMs: 0 })).toThrow(/timeoutMs/)
      expect(() => source.capture({ signal: 'now' as unknown as AbortSignal })).toThrow(TypeError)
    })

    it('gives up when no finger comes, and captures afterwards', async () => {
      const begun = performance.now()
      await expect(first(rig, { timeoutMs: 120 })).rejects.toMatchObject({ code: 'CAPTURE_TIMEOUT' })
      expect(performance.now() - begun).toBeGreaterThan(100)
      if (rig.engaged !== undefined) await until(() => !rig.engaged?.())
      await rig.present(picture(3))
      expect(await first(rig)).toMatchObject({ widthPx: 200 })
    })

    it('ends with the reason of its signal, before and in the middle of a capture', async () => {
      const reason = new Error('the operator went home')
      await expect(first(rig, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      const controller = new AbortController()
      const waiting = first(rig, { signal: controller.signal })
      waiting.catch(() => {})
      await (rig.engaged === undefined ? new Promise(resolve => setTimeout(resolve, 30)) : until(rig.engaged.bind(rig)))
      controller.abort(reason)
      await expect(waiting).rejects.toBe(reason)
      if (rig.engaged !== undefined) await until(() => !rig.engaged?.())
      await rig.present(picture(4))
      expect(await first(rig)).toMatchObject({ heightPx: 240 })
    })

    it('is at one capture at a time', async () => {
      const running = rig.source.capture(rig.request)
      const frame = running.next()
      frame.catch(() => {})
      await expect(first(rig)).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
      await rig.present(picture(5))
      expect((await frame).done).toBe(false)
      await running.return()
      expect(await running.next()).toEqual({ done: true, value: undefined })
    })

    it('lets the device go when a capture is left while it waits', async () => {
      const running = rig.source.capture(rig.request)
      const waiting = running.next()
      if (rig.engaged !== undefined) await until(rig.engaged.bind(rig))
      await running.return()
      expect(await waiting).toEqual({ done: true, value: undefined })
      if (rig.engaged !== undefined) await until(() => !rig.engaged?.())
      await rig.present(picture(6))
      expect(await first(rig)).toMatchObject({ widthPx: 200 })
    })

    it('captures again and again by one signal, without a listener left on it', async () => {
      const { signal } = new AbortController()
      const warnings: Error[] = []
      const warned = (warning: Error) => warnings.push(warning)
      process.on('warning', warned)
      for (let i = 0; i < 12; i++) {
        await rig.present(picture(10 + i, 100 + i, 120))
        expect((await first(rig, { signal })).heightPx).toBe(120)
      }
      await new Promise(resolve => setImmediate(resolve))
      process.off('warning', warned)
      expect(warnings).toEqual([])
    })

    it('ends its captures when it is closed, for good', async () => {
      const { source } = rig
      const waiting = first(rig)
      waiting.catch(() => {})
      if (rig.engaged !== undefined) await until(rig.engaged.bind(rig))
      else await new Promise(resolve => setImmediate(resolve))
      await source.close()
      await expect(waiting).rejects.toMatchObject({ code: 'SOURCE_CLOSED' })
      if (rig.engaged !== undefined) await until(() => !rig.engaged?.())
      await source.close()
      await expect(source.state()).rejects.toMatchObject({ code: 'SOURCE_CLOSED' })
      expect(() => source.capture(rig.request)).toThrow(expect.objectContaining({ code: 'SOURCE_CLOSED' }))
    })

    it.runIf(traits.states)('tells states of its device apart, and ends a capture that they forbid', async () => {
      for (const status of ['busy', 'not-ready'] as const) {
        await rig.enter!(status)
        const state = await rig.source.state()
        expect(state).toMatchObject({ status })
        expect(state.message).not.toBe('')
        const code = status === 'busy' ? 'DEVICE_BUSY' : 'DEVICE_NOT_READY'
        await expect(first(rig)).rejects.toMatchObject({ code })
      }
    })

    it.runIf(traits.disconnects)('sees its device go away in a capture, and works when it is back', async () => {
      const waiting = first(rig)
      waiting.catch(() => {})
      if (rig.engaged !== undefined) await until(rig.engaged.bind(rig))
      await rig.disconnect!()
      await expect(waiting).rejects.toMatchObject({ code: 'DEVICE_DISCONNECTED' })
      expect(await rig.source.state()).toMatchObject({ status: 'unreachable' })
      await expect(first(rig)).rejects.toMatchObject({ code: 'DEVICE_UNREACHABLE' })
      await rig.reconnect!()
      await rig.present(picture(7))
      expect(await first(rig)).toMatchObject({ widthPx: 200 })
    })
  })
}
