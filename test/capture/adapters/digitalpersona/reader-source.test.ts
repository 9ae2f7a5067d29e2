import { readFileSync } from 'node:fs'
import { createEngine } from 'sidik'
import type { CaptureFrame, CaptureSource } from 'sidik/capture'
import {
  type DigitalPersonaFeedback,
  type DigitalPersonaOptions,
  type DigitalPersonaReader,
  digitalPersonaSource,
} from 'sidik/capture/digitalpersona'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../../../dist/image/decode.js'
import { contractSuite, picture, until } from '../../contract.js'
import { Agent, READER } from './agent.js'

const PRINT = new Uint8Array(readFileSync(new URL('../../../../fixtures/prints/101_1.png', import.meta.url)))
const OTHER = 'A2C6F0C2-0000-4B4D-9E2B-3C7C3B9E0001'

for (const sampleFormat of ['raw', 'png', 'compressed'] as const) {
  contractSuite(
    `digitalpersona (${sampleFormat}, by the vendor's client)`,
    async () => {
      const agent = new Agent()
      return {
        source: digitalPersonaSource(agent.client(), { sampleFormat }),
        present: image => agent.put(image),
        engaged: () => agent.acquiring !== undefined,
        disconnect: async () => agent.stop(),
        reconnect: async () => {
          agent.runs = true
        },
        close: async () => {},
      }
    },
    // Whether another program uses a reader is nothing that the agent says.
    { exact: sampleFormat !== 'compressed', states: false, disconnects: true },
  )
}

describe('digitalPersonaSource', () => {
  function rig(options?: DigitalPersonaOptions) {
    const agent = new Agent()
    const client = agent.client()
    return { agent, client, source: digitalPersonaSource(client, options) }
  }

  async function first(source: CaptureSource): Promise<CaptureFrame> {
    for await (const frame of source.capture({ timeoutMs: 5_000 })) return frame
    throw new Error('the capture ended without a frame')
  }

  const running = async (agent: Agent, source: CaptureSource) => {
    const capture = source.capture({ timeoutMs: 5_000 })
    const waiting = capture.next()
    waiting.catch(() => {})
    await until(() => agent.acquiring !== undefined)
    return { capture, waiting }
  }

  it('gives a print that can be enrolled, from the reader that it came from', async () => {
    const { agent, source } = rig()
    const print = await decodeImage(PRINT)
    await agent.put(print)
    const frame = await first(source)
    expect(frame.device).toEqual({ adapter: 'digitalpersona', serialNumber: READER })
    const engine = await createEngine({ threads: 1 })
    try {
      const [captured, given] = await Promise.all([engine.extract(frame), engine.extract(print)])
      expect(Buffer.compare(captured.template, given.template)).toBe(0)
    } finally {
      await engine.close()
    }
  })

  it('gives frame after frame until it is left, and stops the reader then', async () => {
    const { agent, source } = rig({ deviceUid: READER })
    for (let i = 0; i < 3; i++) await agent.put(picture(i, 64 + i, 64))
    const widths: number[] = []
    for await (const { widthPx } of source.capture()) if (widths.push(widthPx) === 3) break
    expect(widths).toEqual([64, 65, 66])
    expect(agent.calls).toEqual(['EnumerateDevices', `StartAcquisition ${READER} 1`, `StopAcquisition ${READER}`])
  })

  it('asks any reader unless one is named, in the format that is wanted', async () => {
    const { agent, source } = rig({ sampleFormat: 'png' })
    await agent.put(picture(1))
    await first(source)
    expect(agent.calls).toEqual(['EnumerateDevices', 'StartAcquisition any 5', 'StopAcquisition any'])
  })

  it('says what a person should do differently, while it waits on', async () => {
    const heard: DigitalPersonaFeedback[] = []
    const { agent, source } = rig({ onFeedback: feedback => heard.push(feedback) })
    const { capture, waiting } = await running(agent, source)
    for (const Quality of [0, 2, 21]) agent.notify('quality', { Quality })
    await until(() => heard.length === 2)
    expect(heard).toMatchObject([{ code: 'too-light' }, { code: 'wet-finger', message: expect.stringMatching(/dry/) }])
    await agent.put(picture(1))
    expect((await waiting).done).toBe(false)
    await capture.return()
  })

  it('ends a capture by what its listener throws', async () => {
    const bug = new Error('a mistake in the page')
    const { agent, source } = rig({
      onFeedback: () => {
        throw bug
      },
    })
    const { waiting } = await running(agent, source)
    agent.notify('quality', { Quality: 1 })
    await expect(waiting).rejects.toBe(bug)
    expect(agent.acquiring).toBeUndefined()
  })

  it('ends when its reader is unplugged, and says so in its state', async () => {
    const { agent, source } = rig({ deviceUid: READER.toLowerCase() })
    const { waiting } = await running(agent, source)
    agent.readers.length = 0
    agent.notify('disconnected')
    await expect(waiting).rejects.toMatchObject({ code: 'DEVICE_DISCONNECTED', message: expect.stringMatching(/plug/) })
    expect(await source.state()).toMatchObject({ status: 'not-ready', message: expect.stringMatching(/plug/) })
    await expect(first(source)).rejects.toMatchObject({ code: 'DEVICE_NOT_READY' })
    agent.readers.push(READER)
    await agent.put(picture(1))
    expect((await first(source)).widthPx).toBe(200)
    expect(await source.state()).toMatchObject({ status: 'ready', device: { serialNumber: READER } })
  })

  it('hears nothing of readers other than its own', async () => {
    const { agent, source } = rig({ deviceUid: READER })
    agent.readers.push(OTHER)
    const { capture, waiting } = await running(agent, source)
    agent.notify('disconnected', {}, OTHER)
    agent.notify('error', { uError: 5 }, OTHER)
    await agent.put(picture(1))
    expect((await waiting).done).toBe(false)
    await capture.return()
    const { source: lost } = rig({ deviceUid: OTHER })
    expect(await lost.state()).toMatchObject({ status: 'not-ready', message: expect.stringContaining(OTHER) })
  })

  it('passes on an error of the reader by its number', async () => {
    const { agent, source } = rig()
    const { waiting } = await running(agent, source)
    agent.notify('error', { uError: 0x8007001f })
    await expect(waiting).rejects.toMatchObject({
      code: 'DEVICE_REFUSED',
      message: expect.stringMatching(/0x8007001f/),
    })
    expect(agent.acquiring).toBeUndefined()
  })

  it('says that the agent refuses, with what it says', async () => {
    const { agent, source } = rig()
    agent.refused.add('StartAcquisition')
    await expect(first(source)).rejects.toMatchObject({
      code: 'DEVICE_REFUSED',
      message: expect.stringMatching(/StartAcquisition: 80070005/),
    })
    agent.refused.add('EnumerateDevices')
    expect(await source.state()).toMatchObject({ status: 'not-ready', message: expect.stringMatching(/80070005/) })
  })

  it('is not kept by an agent that does not answer', async () => {
    const { agent: silent, source: deaf } = rig()
    silent.mute.add('EnumerateDevices')
    await expect(deaf.capture({ timeoutMs: 50 }).next()).rejects.toMatchObject({ code: 'CAPTURE_TIMEOUT' })
    expect(await deaf.state({ timeoutMs: 50 })).toMatchObject({ status: 'unreachable' })
    const { agent, source } = rig()
    agent.mute.add('StopAcquisition')
    await agent.put(picture(1))
    const begun = performance.now()
    await first(source)
    expect(performance.now() - begun).toBeGreaterThan(1_900)
    expect(performance.now() - begun).toBeLessThan(10_000)
  })

  it('gives up when more comes than is taken', async () => {
    const { agent, source } = rig()
    const { capture, waiting } = await running(agent, source)
    await agent.put(picture(0))
    expect((await waiting).done).toBe(false)
    for (let i = 0; i < 33; i++) agent.notify('quality', { Quality: 1 })
    await new Promise(resolve => setTimeout(resolve, 20))
    await expect(capture.next()).rejects.toMatchObject({ code: 'CAPTURE_INCOMPLETE' })
  })

  it('leaves no handlers behind, and those of others alone', async () => {
    const { agent, client, source } = rig()
    const own: unknown[] = []
    client.on('SamplesAcquired', event => own.push(event))
    for (let i = 0; i < 3; i++) {
      await agent.put(picture(i))
      await first(source)
      await source.state()
    }
    expect(own).toHaveLength(3)
    const { SamplesAcquired, ...rest } = client.handlers
    expect(SamplesAcquired).toHaveLength(1)
    expect(Object.values(rest).flat()).toEqual([])
  })

  it('refuses samples that are none, and captures afterwards', async () => {
    const { agent, source } = rig()
    const { waiting } = await running(agent, source)
    agent.notify('completed', { SampleFormat: 2, Samples: '[{"Data":"AA"}]' })
    await expect(waiting).rejects.toMatchObject({ code: 'NO_IMAGE' })
    await agent.put(picture(1))
    expect((await first(source)).widthPx).toBe(200)
  })

  it('says of a reader that is none what it gives', async () => {
    const odd = {
      ...{ on: () => {}, off: () => {}, stopAcquisition: async () => {} },
      startAcquisition: async () => {},
    }
    for (const ids of [undefined, 'one', [7]]) {
      const enumerateDevices = async () => ids as unknown as string[]
      const source = digitalPersonaSource({ ...odd, enumerateDevices })
      await expect(first(source)).rejects.toMatchObject({ code: 'DEVICE_PROTOCOL' })
    }
    const throwing = () => {
      throw new ReferenceError('WebSdk is not defined')
    }
    const source = digitalPersonaSource({ ...odd, enumerateDevices: throwing })
    expect(await source.state()).toMatchObject({ status: 'not-ready', message: expect.stringMatching(/WebSdk/) })
  })

  it('says what is wrong with its arguments', () => {
    const { client } = rig()
    expect(() => digitalPersonaSource(undefined as unknown as DigitalPersonaReader)).toThrow(/enumerateDevices/)
    expect(() => digitalPersonaSource({} as DigitalPersonaReader)).toThrow(TypeError)
    expect(() => digitalPersonaSource(client, { deviceUid: '' })).toThrow(/deviceUid/)
    expect(() => digitalPersonaSource(client, { ppi: 72 })).toThrow(/ppi/)
    expect(() => digitalPersonaSource(client, { sampleFormat: 'wsq' as 'raw' })).toThrow(/sampleFormat/)
    expect(() => digitalPersonaSource(client, { onfeedback: 1 } as DigitalPersonaOptions)).toThrow(/onFeedback/)
  })
})
