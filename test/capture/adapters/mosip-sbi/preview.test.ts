import type { CaptureFrame } from 'sidik/capture'
import { mosipSbiPreview, mosipSbiSource, type SbiPreviewOptions } from 'sidik/capture/mosip-sbi'
import { afterEach, describe, expect, it } from 'vitest'
import { picture, until } from '../../contract.js'
import { type Faults, TestDevice } from './device.js'
import { testPki } from './pki.js'

const pki = await testPki()
let device: TestDevice | undefined

afterEach(async () => {
  await device?.disconnect()
  device = undefined
})

async function previewed(faults: Faults, count: number, options: SbiPreviewOptions = {}): Promise<CaptureFrame[]> {
  device = await TestDevice.start({ pki })
  device.faults = faults
  device.present(picture(1, 160, 120))
  const frames: CaptureFrame[] = []
  for await (const frame of mosipSbiPreview({ ports: [device.port], ...options }).capture({ position: 13 })) {
    frames.push(frame)
    if (frames.length === count) break
  }
  return frames
}

const head = (boundary: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=${boundary}\r\nConnection: close\r\n\r\n`

describe('mosipSbiPreview', () => {
  it('gives frames until it is left, of the sensor that is asked for', async () => {
    const frames = await previewed({}, 4, { ppi: 300 })
    for (const { widthPx, heightPx, ppi, device: from, evidence, received, capturedAt } of frames) {
      expect({ widthPx, heightPx, ppi, evidence }).toEqual({
        widthPx: 160,
        heightPx: 120,
        ppi: 300,
        evidence: undefined,
      })
      expect(from).toMatchObject({ adapter: 'mosip-sbi', serialNumber: '654321098765' })
      expect([received![0], received![1]]).toEqual([0xff, 0xd8])
      expect(Date.now() - capturedAt.getTime()).toBeLessThan(60_000)
    }
    expect(device!.requests.at(-1)).toMatchObject({
      method: 'STREAM',
      body: { deviceId: '2', deviceSubId: '2', timeout: '300000' },
    })
    await until(() => !device!.engaged())
  })

  it.each<[string, string, (jpeg: Uint8Array) => string[]]>([
    [
      'with hyphens in the parts alone',
      'frame',
      jpeg => ['--frame\r\n', `Content-Length: ${jpeg.length}\r\n\r\n`, '\r\n'],
    ],
    ['without hyphens', 'frame', () => ['frame\r\nContent-Type: image/jpeg\r\n', '\r\n', '\r\n']],
    ['without a length', '"frame"', () => ['--frame\r\nContent-Type: image/jpeg\r\n', '\r\n', '\r\n']],
    ['without a length, with LF alone', '--frame', () => ['--frame\nContent-Type: image/jpeg\n', '\n', '\n']],
  ])('reads streams %s', async (_, boundary, parts) => {
    const part = (jpeg: Uint8Array) => {
      const [first, second, last] = parts(jpeg)
      return Buffer.concat([Buffer.from(first + second), jpeg, Buffer.from(last)])
    }
    const frames = await previewed({ stream: { head: head(boundary), part } }, 3)
    expect(frames.map(({ widthPx }) => widthPx)).toEqual([160, 160, 160])
  })

  it('says what the device says instead of a stream, or in it', async () => {
    device = await TestDevice.start({ pki })
    const source = mosipSbiPreview({ ports: [device.port] })
    device.status = 'Busy'
    await expect(source.capture({ position: 13 }).next()).rejects.toMatchObject({
      code: 'DEVICE_BUSY',
      message: expect.stringContaining('error 111'),
    })
    await device.disconnect()
    const error = JSON.stringify({ error: { errorCode: '202', errorInfo: 'No Device Connected.' } })
    const part = () => Buffer.from(`--f\r\nContent-Length: ${error.length}\r\n\r\n${error}\r\n`)
    await expect(previewed({ stream: { head: head('f'), part } }, 1)).rejects.toMatchObject({
      code: 'DEVICE_NOT_READY',
      message: expect.stringContaining('No Device Connected'),
    })
  })

  it('says what is no stream, and what ends', async () => {
    const json = (body: string) =>
      `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
    const ended = (body: string) => ({ stream: { head: json(body), part: () => Buffer.alloc(0) } })
    await expect(previewed(ended('<html>'), 1)).rejects.toMatchObject({ code: 'DEVICE_PROTOCOL' })
    await device!.disconnect()
    await expect(previewed(ended('{}'), 1)).rejects.toMatchObject({ code: 'DEVICE_PROTOCOL' })
    await device!.disconnect()
    const part = (jpeg: Uint8Array) =>
      Buffer.concat([Buffer.from('--f\r\n\r\n'), jpeg.subarray(0, 200), Buffer.from('\r\n--f\r\n')])
    await expect(previewed({ stream: { head: head('f'), part } }, 1)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' })
    await device!.disconnect()
    device = await TestDevice.start({ pki })
    const waiting = mosipSbiPreview({ ports: [device.port] })
      .capture({ position: 13 })
      .next()
    waiting.catch(() => {})
    await until(() => device!.engaged())
    device.endStreams()
    await expect(waiting).rejects.toMatchObject({ code: 'DEVICE_DISCONNECTED' })
  })

  it('goes on while a capture is made', async () => {
    device = await TestDevice.start({ pki })
    device.present(picture(1, 160, 120))
    const preview = mosipSbiPreview({ ports: [device.port] }).capture({ position: 14 })
    await preview.next()
    device.status = 'Busy'
    device.faults.statusOfCapture = 'Ready'
    const [first] = [
      await mosipSbiSource({ ports: [device.port], env: 'Staging' })
        .capture({ position: 14 })
        .next(),
    ]
    expect(first.value).toMatchObject({ position: 7 })
    expect((await preview.next()).value).toMatchObject({ widthPx: 160 })
    await preview.return()
  })

  it('refuses options that are none', () => {
    expect(() => mosipSbiPreview({ env: 'Staging' } as SbiPreviewOptions)).toThrow(TypeError)
    expect(() => mosipSbiPreview({ ppi: 72 })).toThrow(RangeError)
  })
})
