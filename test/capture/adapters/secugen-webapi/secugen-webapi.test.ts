import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { createEngine } from 'sidik'
import type { CaptureFrame, CaptureSource } from 'sidik/capture'
import { type SecugenOptions, secugenSource } from 'sidik/capture/secugen-webapi'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { decodeImage } from '../../../../dist/image/decode.js'
import { encodeWsq } from '../../../../dist/image/wsq/encode.js'
import { grayBmp } from '../../../support/bmp.js'
import { contractSuite, picture, until } from '../../contract.js'
import { capturedAnswer, SecugenService, type ServiceOptions } from './service.js'

const PRINT = new Uint8Array(readFileSync(new URL('../../../../fixtures/prints/101_1.png', import.meta.url)))

for (const https of [true, false]) {
  contractSuite(
    `secugen-webapi (${https ? 'HTTPS' : 'HTTP'})`,
    async () => {
      const service = new SecugenService({ https })
      await service.start()
      const source = secugenSource({ url: service.url, ...(https && { ca: service.ca }) })
      return {
        source,
        present: async image => service.put(image),
        engaged: () => service.engaged,
        disconnect: () => service.stop(),
        reconnect: () => service.start(),
        close: () => service.stop(),
      }
    },
    // The service has no call that tells the reader's state.
    { exact: true, states: false, disconnects: true },
  )
}

describe('secugenSource', () => {
  const open: { close(): Promise<void> }[] = []

  afterEach(async () => {
    for (const one of open.splice(0)) await one.close()
  })

  async function rig(options: SecugenOptions = {}, service: ServiceOptions = {}) {
    const running = new SecugenService(service)
    await running.start()
    const source = secugenSource({ url: running.url, ...options })
    open.push(source, { close: () => running.stop() })
    return { service: running, source }
  }

  async function first(source: CaptureSource, timeoutMs = 5_000): Promise<CaptureFrame> {
    for await (const frame of source.capture({ timeoutMs })) return frame
    throw new Error('the capture ended without a frame')
  }

  it('gives a print that can be enrolled, with what the service says of it and the bitmap as it came', async () => {
    const { service, source } = await rig()
    const print = await decodeImage(PRINT)
    service.put(print)
    const frame = await first(source)
    expect(frame).toMatchObject({
      device: { adapter: 'secugen-webapi', make: 'SecuGen Corp', model: 'HU20', serialNumber: 'H58170604521' },
      statedQuality: 78,
      ppi: print.ppi,
    })
    expect(frame.position).toBeUndefined()
    expect(Buffer.compare(frame.received!, grayBmp(print))).toBe(0)
    const engine = await createEngine({ threads: 1 })
    try {
      const [captured, given] = await Promise.all([engine.extract(frame), engine.extract(print)])
      expect(Buffer.compare(captured.template, given.template)).toBe(0)
    } finally {
      await engine.close()
    }
  })

  it('sends the form of the documentation, in milliseconds', async () => {
    const { service, source } = await rig({ licenceKey: 'a+b/c=', quality: 60, fakeDetection: 3 })
    service.put(picture(1))
    await first(source, 2_000)
    expect(service.forms).toEqual([
      {
        Timeout: '2000',
        Quality: '60',
        licstr: 'a+b/c=',
        templateFormat: 'ISO',
        imageWSQRate: '2.25',
        fakeDetection: '3',
      },
    ])
  })

  it('ends after the one print that a capture takes', async () => {
    const { service, source } = await rig()
    service.put(picture(1))
    service.put(picture(2))
    const frames: CaptureFrame[] = []
    for await (const frame of source.capture()) frames.push(frame)
    expect(frames).toHaveLength(1)
  })

  it('asks again while there is time, so that a capture that was left keeps the reader for 5 s and no longer', async () => {
    const { service, source } = await rig({}, { noticesHangUp: false })
    const capture = source.capture({ timeoutMs: 3_600_000 })
    const waiting = capture.next()
    await until(() => service.engaged)
    expect(Number(service.forms[0].Timeout)).toBe(5_000)
    await capture.return()
    await waiting
    await expect(first(source)).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
    service.put(picture(1))
    await until(() => !service.engaged)

    // A service that sooner says that the time is over than it is.
    service.trouble = 54
    await expect(first(source)).rejects.toMatchObject({ code: 'CAPTURE_TIMEOUT' })
    expect(service.forms).toHaveLength(3)
  })

  it('asks again when a wait is over, for the rest of its time', async () => {
    const { service, source } = await rig()
    let clockMs = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => clockMs)
    try {
      service.answer = response => {
        clockMs += Number(service.forms.at(-1)!.Timeout)
        response.end('{"ErrorCode":54}')
      }
      await expect(first(source, 12_000)).rejects.toMatchObject({ code: 'CAPTURE_TIMEOUT' })
      expect(service.forms.map(({ Timeout }) => Timeout)).toEqual(['5000', '5000', '2000'])
    } finally {
      clock.mockRestore()
    }
  })

  it.each([
    [51, 'DEVICE_NOT_READY', /install/],
    [52, 'DEVICE_NOT_READY', /unplug/],
    [53, 'DEVICE_NOT_READY', /plug it in/],
    [54, 'CAPTURE_TIMEOUT', /finger/],
    [55, 'DEVICE_NOT_READY', /plug it in/],
    [56, 'DEVICE_NOT_READY', /driver/],
    [57, 'DEVICE_REFUSED', /again/],
    [59, 'DEVICE_BUSY', /another capture/],
    [63, 'DEVICE_NOT_READY', /capture again/],
    [101, 'DEVICE_REFUSED', /minutiae/],
    [777, 'DEVICE_REFUSED', /777.*manual/],
    [-3, 'DEVICE_REFUSED', /-3/],
    [10_001, 'DEVICE_REFUSED', /licenceKey/],
    [10_002, 'DEVICE_REFUSED', /another domain.*origin/],
    [10_003, 'DEVICE_REFUSED', /expired.*licenceKey/],
    [10_004, 'DEVICE_REFUSED', /origin/],
    [12_345, 'DEVICE_REFUSED', /12345.*licence/],
  ])('says what ErrorCode %i means and what to do, and captures afterwards', async (trouble, code, message) => {
    const { service, source } = await rig()
    service.trouble = trouble
    await expect(first(source)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    service.trouble = undefined
    service.put(picture(1))
    expect((await first(source)).widthPx).toBe(200)
  })

  it('sends the domain of the licence, and says in its state when that does not hold', async () => {
    const licence = { key: 'secret', domain: 'kiosk.example' }
    const { service, source } = await rig({ licenceKey: 'secret', origin: 'https://kiosk.example' }, { licence })
    expect(await source.state()).toMatchObject({ status: 'ready' })
    service.put(picture(1))
    expect((await first(source)).widthPx).toBe(200)
    const { source: elsewhere } = await rig({ licenceKey: 'secret' }, { licence })
    expect(await elsewhere.state()).toMatchObject({ status: 'not-ready', message: expect.stringMatching(/origin/) })
    await expect(first(elsewhere)).rejects.toMatchObject({ code: 'DEVICE_REFUSED' })
  })

  it('trusts the certificate that it is given, and no other', async () => {
    const { service } = await rig({}, { https: true })
    const { service: another } = await rig({}, { https: true })
    for (const ca of [undefined, another.ca]) {
      const source = secugenSource({ url: service.url, ...(ca && { ca }) })
      open.push(source)
      expect(await source.state()).toMatchObject({ status: 'unreachable', message: expect.stringMatching(/\(ca\)/) })
      await expect(first(source)).rejects.toMatchObject({ code: 'DEVICE_UNREACHABLE' })
    }
    expect(service.forms).toEqual([])
    // It is for localhost: the same server by its number is another.
    const byNumber = secugenSource({ url: service.url.replace('localhost', '127.0.0.1'), ca: service.ca })
    open.push(byNumber)
    expect(await byNumber.state()).toMatchObject({ status: 'unreachable' })
  })

  it('keeps to the resolution that is given over the one that is stated, and to 500 where none is', async () => {
    const fine = { ...picture(1), ppi: 1_000 }
    const { service, source } = await rig()
    service.put(fine)
    expect((await first(source)).ppi).toBe(1_000)
    const { service: told, source: teller } = await rig({ ppi: 512 })
    told.put(fine)
    expect((await first(teller)).ppi).toBe(512)
    for (const ImageDPI of [undefined, null, 0]) {
      service.answer = response => response.end(JSON.stringify({ ...capturedAnswer(fine), ImageDPI }))
      expect((await first(source)).ppi).toBe(500)
    }
    service.answer = response => response.end(JSON.stringify({ ...capturedAnswer(fine), ImageDPI: 96 }))
    await expect(first(source)).rejects.toMatchObject({ code: 'PPI_OUT_OF_RANGE' })
  })

  it('takes the WSQ where there is no bitmap', async () => {
    const { service, source } = await rig()
    const image = await decodeImage(PRINT)
    const wsq = await encodeWsq(image, { bitRate: 2.25 })
    const answer = { ...capturedAnswer(image), BMPBase64: '', WSQImage: Buffer.from(wsq).toString('base64') }
    service.answer = response => response.end(JSON.stringify(answer))
    const frame = await first(source)
    expect(frame).toMatchObject({ widthPx: image.widthPx, heightPx: image.heightPx })
    expect(Buffer.compare(frame.received!, wsq)).toBe(0)
  })

  const image = picture(9)
  const good = capturedAnswer(image)
  const bitmap = grayBmp(image)
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  const says = (changes: object) => (response: ServerResponse) => response.end(JSON.stringify({ ...good, ...changes }))
  const lying = (offset: number, value: number) => {
    const bytes = bitmap.slice()
    new DataView(bytes.buffer).setUint32(offset, value, true)
    return base64(bytes)
  }

  it.each<[string, string, (response: ServerResponse) => void]>([
    ['a page', 'DEVICE_PROTOCOL', response => response.end('<html>It works!</html>')],
    ['nothing', 'DEVICE_PROTOCOL', response => response.end()],
    ['another status', 'DEVICE_PROTOCOL', response => response.writeHead(500).end('{"ErrorCode":0}')],
    ['no object', 'DEVICE_PROTOCOL', response => response.end('[]')],
    ['bytes that are no UTF-8', 'DEVICE_PROTOCOL', response => response.end(Buffer.of(0x22, 0xff, 0x22))],
    ['no code', 'DEVICE_PROTOCOL', says({ ErrorCode: undefined })],
    ['a code that is none', 'DEVICE_PROTOCOL', says({ ErrorCode: 'none' })],
    ['half a code', 'DEVICE_PROTOCOL', says({ ErrorCode: 0.5 })],
    ['no image', 'DEVICE_PROTOCOL', says({ BMPBase64: null })],
    ['an image that is a number', 'DEVICE_PROTOCOL', says({ BMPBase64: 7 })],
    ['base64 that is none', 'DEVICE_PROTOCOL', says({ BMPBase64: `${good.BMPBase64}!` })],
    ['another kind of file', 'DEVICE_PROTOCOL', says({ BMPBase64: base64(PRINT) })],
    ['a width that is not that of the image', 'DEVICE_PROTOCOL', says({ ImageWidth: 300 })],
    ['a height that is not that of the image', 'DEVICE_PROTOCOL', says({ ImageHeight: '300' })],
    ['a serial number that is none', 'DEVICE_PROTOCOL', says({ SerialNumber: {} })],
    ['half a bitmap', 'IMAGE_CORRUPT', says({ BMPBase64: base64(bitmap.subarray(0, bitmap.length / 2)) })],
    ['a bitmap that lies about its height', 'IMAGE_CORRUPT', says({ BMPBase64: lying(22, 4_000) })],
    ['a bitmap of a billion pixels', 'IMAGE_TOO_LARGE', says({ BMPBase64: lying(18, 0x7ffffff) })],
    ['a connection that breaks', 'DEVICE_DISCONNECTED', response => response.destroy()],
    [
      'half an answer',
      'DEVICE_DISCONNECTED',
      response => {
        const text = JSON.stringify(good)
        response.writeHead(200, { 'content-length': text.length })
        response.write(text.slice(0, 1_000), () => response.destroy())
      },
    ],
  ])('refuses %s', async (_, code, answer) => {
    const { service, source } = await rig()
    service.answer = answer
    await expect(first(source)).rejects.toMatchObject({ name: 'SidikError', code })
    service.answer = undefined
    service.put(image)
    expect(Buffer.compare((await first(source)).data, image.data)).toBe(0)
  })

  it('refuses an answer that has no end', async () => {
    const { service, source } = await rig()
    const block = Buffer.alloc(4 * 1024 * 1024, 0x20)
    service.answer = response => {
      const more = () => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    }
    await expect(first(source, 30_000)).rejects.toMatchObject({
      code: 'DEVICE_PROTOCOL',
      message: expect.stringMatching(/134217728 bytes/),
    })
  })

  it('takes numbers that are written as text, and leaves out a quality that is on no scale', async () => {
    const { service, source } = await rig()
    service.answer = says({ ErrorCode: '0', ImageWidth: '200', ImageDPI: '500', ImageQuality: -1, Model: null })
    const frame = await first(source)
    expect(frame.ppi).toBe(500)
    expect(frame.statedQuality).toBeUndefined()
    expect(frame.device.model).toBeUndefined()
  })

  it('says that what answers is no such service', async () => {
    const pages = new SecugenService()
    await pages.start()
    open.push({ close: () => pages.stop() })
    const { port } = new URL(pages.url)
    const silent = createServer(socket =>
      socket
        .on('error', () => {})
        .resume()
        .end('SSH-2.0-OpenSSH_9.6\r\n'),
    )
    await new Promise<void>(resolve => silent.listen(0, 'localhost', resolve))
    open.push({ close: () => new Promise(resolve => silent.close(() => resolve())) })
    const { port: other } = silent.address() as { port: number }
    for (const url of [`https://localhost:${port}`, `http://localhost:${other}`, `https://localhost:${other}`]) {
      const source = secugenSource({ url })
      open.push(source)
      expect(await source.state()).toMatchObject({ status: 'unreachable', message: expect.stringMatching(/localhost/) })
      await expect(first(source)).rejects.toMatchObject({ code: expect.stringMatching(/^DEVICE_/) })
    }
  })

  it('says what is wrong with its options', () => {
    expect(() => secugenSource({ url: 'localhost:8443' })).toThrow(/url/)
    expect(() => secugenSource({ url: 'ftp://localhost' })).toThrow(/https/)
    expect(() => secugenSource({ origin: 'kiosk' })).toThrow(/origin/)
    expect(() => secugenSource({ quality: 0 })).toThrow(RangeError)
    expect(() => secugenSource({ fakeDetection: 10 })).toThrow(/fakeDetection/)
    expect(() => secugenSource({ ppi: 100 })).toThrow(/ppi/)
    expect(() => secugenSource({ ca: '' })).toThrow(/ca/)
    expect(() => secugenSource({ ca: '/etc/ssl/secugen.pem' })).toThrow(/ca must be a certificate/)
    expect(() => secugenSource({ licenseKey: 'x' } as SecugenOptions)).toThrow(/did you mean 'licenceKey'/)
  })
})
