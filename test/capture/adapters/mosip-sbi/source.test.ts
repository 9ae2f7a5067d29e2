import { readFile } from 'node:fs/promises'
import { createEngine, type GrayImage } from 'sidik'
import type { CaptureFrame, CaptureRequest, CaptureSource } from 'sidik/capture'
import { mosipSbiSource, SbiHashChain, type SbiOptions } from 'sidik/capture/mosip-sbi'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeImage } from '../../../../dist/image/decode.js'
import { picture } from '../../contract.js'
import { type DeviceOptions, TestDevice } from './device.js'
import { hashOf } from './device-parts.js'
import { testPki } from './pki.js'

const FIRST_HASH = 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855'

const pki = await testPki()
const devices: TestDevice[] = []

afterEach(async () => {
  for (const device of devices.splice(0)) await device.disconnect()
})

async function started(options: Partial<DeviceOptions> = {}): Promise<TestDevice> {
  const device = await TestDevice.start({ pki, ...options })
  devices.push(device)
  return device
}

function sourceOf(device: TestDevice, options: SbiOptions = {}): CaptureSource {
  return mosipSbiSource({ ports: [device.port], env: 'Staging', ...options })
}

async function captured(source: CaptureSource, request: CaptureRequest): Promise<CaptureFrame[]> {
  const frames: CaptureFrame[] = []
  for await (const frame of source.capture(request)) frames.push(frame)
  return frames
}

describe('mosipSbiSource', () => {
  it('captures a slap as its fingers, each with what the device says and signs of it', async () => {
    const device = await started()
    const trust = { device: pki.root.pem, digitalId: pki.chipProvider.pem }
    device.present(picture(1))
    const frames = await captured(sourceOf(device, { trust }), { position: 13 })
    expect(frames.map(({ position }) => position)).toEqual([2, 3, 4, 5])
    expect(frames.map(({ statedQuality }) => statedQuality)).toEqual([62, 63, 64, 65])
    let previousHash = FIRST_HASH
    for (const { label, device: from, received, evidence, impression } of frames) {
      const { transactionId } = device.requests.at(-1)!.body
      expect({ label, from, impression }).toEqual({
        label: transactionId,
        from: { adapter: 'mosip-sbi', make: 'Sidik', model: 'Test slap', serialNumber: '654321098765' },
        impression: 'plain',
      })
      const hash = hashOf(previousHash, received!)
      expect(evidence).toMatchObject({ signature: 'verified', identity: 'verified', previousHash, hash })
      expect(evidence!.signedBy).toContain('CN=Device')
      const payload = JSON.parse(Buffer.from(evidence!.statement.split('.')[1], 'base64url').toString())
      expect(Buffer.from(payload.bioValue, 'base64url').equals(received!)).toBe(true)
      previousHash = hash
    }
  })

  it('asks as the specification has it: all in texts, the time to the second, fingers and exceptions by name', async () => {
    const device = await started()
    const customOpts = { light: 'blue' }
    device.present(picture(2))
    const clock = () => new Date()
    const source = sourceOf(device, { requestedScore: 55, customOpts, clock })
    await captured(source, { position: 14, missing: [9], timeoutMs: 20_000 })
    const { method, headers, body } = device.requests.at(-1)!
    expect(method).toBe('RCAPTURE')
    expect(headers).toMatchObject({ 'content-type': 'application/json', ext: 'sidik' })
    expect(body).toEqual({
      env: 'Staging',
      purpose: 'Registration',
      specVersion: '0.9.5',
      timeout: '19000',
      captureTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      transactionId: expect.stringMatching(/^[A-Za-z0-9-]{4,50}$/),
      bio: [
        {
          type: 'Finger',
          count: '3',
          bioSubType: ['Left LittleFinger', 'Left MiddleFinger', 'Left IndexFinger'],
          exception: ['Left RingFinger'],
          requestedScore: '55',
          deviceId: '2',
          deviceSubId: '1',
          previousHash: FIRST_HASH,
        },
      ],
      customOpts,
    })
  })

  it('captures thumbs, single fingers and parts of slaps, each by the sensor that sees them', async () => {
    const device = await started()
    const source = sourceOf(device)
    const asked = async (request: CaptureRequest) => {
      device.present(picture(3, 64, 64))
      const frames = await captured(source, request)
      const [{ deviceSubId, count }] = device.requests.at(-1)!.body.bio
      return [deviceSubId, count, frames.map(({ position }) => position)]
    }
    expect(await asked({ position: 15 })).toEqual(['3', '2', [6, 1]])
    expect(await asked({ position: 15, missing: [1] })).toEqual(['3', '1', [6]])
    expect(await asked({ position: 11 })).toEqual(['3', '1', [1]])
    expect(await asked({ position: 10 })).toEqual(['1', '1', [10]])
    expect(await asked({ position: 40 })).toEqual(['2', '2', [2, 3]])
  })

  it('says what its device cannot capture at a time', async () => {
    const slap = sourceOf(await started())
    const single = sourceOf(await started({ deviceSubType: 'Single' }))
    await expect(captured(slap, { position: 46 })).rejects.toMatchObject({ code: 'DEVICE_REFUSED' })
    await expect(captured(slap, { position: 51 })).rejects.toMatchObject({ code: 'DEVICE_REFUSED' })
    await expect(captured(slap, {})).rejects.toMatchObject({ code: 'DEVICE_REFUSED' })
    await expect(captured(single, { position: 13 })).rejects.toMatchObject({ code: 'DEVICE_REFUSED' })
    await expect(captured(slap, { position: 15, missing: [1, 6] })).rejects.toThrow(RangeError)
  })

  it('captures by a scanner of single fingers, the one that is named or any', async () => {
    const device = await started({ deviceSubType: 'Single' })
    const source = sourceOf(device)
    device.present(picture(4))
    expect(await captured(source, { position: 3 })).toMatchObject([{ position: 3 }])
    expect(device.requests.at(-1)!.body.bio[0]).toMatchObject({ deviceSubId: '0', bioSubType: ['Right MiddleFinger'] })
    device.present(picture(5))
    const [frame] = await captured(source, {})
    expect(frame.position).toBeUndefined()
    expect(device.requests.at(-1)!.body.bio[0]).toMatchObject({ count: '1', bioSubType: ['UNKNOWN'] })
  })

  it('says that nothing was checked where nobody is trusted', async () => {
    const device = await started()
    device.present(picture(6))
    const [{ evidence }] = await captured(sourceOf(device), { position: 7 })
    expect(evidence).toMatchObject({ signature: 'unverified', identity: 'unverified' })
    device.present(picture(6))
    const [half] = await captured(sourceOf(device, { trust: { device: pki.root.pem } }), { position: 7 })
    expect(half.evidence).toMatchObject({ signature: 'verified', identity: 'unverified' })
  })

  it('trusts the device key for the digital id of L0 devices, where it is told to', async () => {
    const device = await started({ certification: 'L0' })
    const both = { device: pki.provider.pem, digitalId: [pki.provider.pem, pki.chipProvider.pem] }
    device.present(picture(7))
    const [{ evidence }] = await captured(sourceOf(device, { trust: both }), { position: 7 })
    expect(evidence).toMatchObject({ signature: 'verified', identity: 'verified' })
    device.present(picture(7))
    const chipsOnly = { device: pki.provider.pem, digitalId: pki.chipProvider.pem }
    const refused = captured(sourceOf(device, { trust: chipsOnly }), { position: 7 })
    await expect(refused).rejects.toMatchObject({ code: 'CAPTURE_TAMPERED' })
  })

  it('goes on with the chain of hashes over captures and sources, and not over what failed', async () => {
    const chain = new SbiHashChain()
    const [one, other] = [await started(), await started({ deviceSubType: 'Single' })]
    one.present(picture(8))
    const thumbs = await captured(sourceOf(one, { chain }), { position: 15 })
    expect(chain.hash).toBe(thumbs[1].evidence!.hash)
    expect(thumbs[1].evidence!.previousHash).toBe(thumbs[0].evidence!.hash)
    other.faults.captured = data => ({ ...data, transactionId: 'another-one' })
    other.present(picture(9))
    await expect(captured(sourceOf(other, { chain }), { position: 2 })).rejects.toMatchObject({
      code: 'CAPTURE_TAMPERED',
    })
    expect(chain.hash).toBe(thumbs[1].evidence!.hash)
    other.faults = {}
    other.present(picture(9))
    const [finger] = await captured(sourceOf(other, { chain }), { position: 2 })
    expect(finger.evidence!.previousHash).toBe(thumbs[1].evidence!.hash)
    expect(chain.hash).toBe(finger.evidence!.hash)
  })

  it.each(['raw', 'wsq', 'jpeg2000-lossless'] as const)('takes records of %s', async compression => {
    const device = await started({ compression })
    const image: GrayImage = await decodeImage(await readFile('fixtures/prints/101_1.png'), { ppi: 500 })
    device.present(image)
    const [frame] = await captured(sourceOf(device), { position: 7 })
    expect(frame).toMatchObject({ widthPx: image.widthPx, heightPx: image.heightPx, ppi: 500 })
    if (compression !== 'wsq') expect(Buffer.compare(frame.data, image.data)).toBe(0)
  })

  it('gives frames that the engine takes as they are', async () => {
    const engine = await createEngine({ threads: 1 })
    const device = await started()
    device.present(await decodeImage(await readFile('fixtures/prints/101_1.png'), { ppi: 500 }))
    const [frame] = await captured(sourceOf(device), { position: 7 })
    const { template } = await engine.extract(frame)
    const second = await engine.extract(await readFile('fixtures/prints/101_2.png'), { ppi: 500 })
    expect((await engine.match(template, second.template)).score).toBeGreaterThan(25)
    await engine.close()
  })

  it('finds its device by serial number where there are several, and asks for one where none is named', async () => {
    const [one, other] = [await started({ serialNo: '111111111111' }), await started({ serialNo: '222222222222' })]
    const ports = [one.port, other.port]
    other.present(picture(10))
    const named = mosipSbiSource({ ports, env: 'Staging', serialNumber: '222222222222' })
    const [{ device }] = await captured(named, { position: 7 })
    expect(device.serialNumber).toBe('222222222222')
    expect(one.requests.every(({ method }) => method === 'MOSIPDISC')).toBe(true)
    const any = mosipSbiSource({ ports })
    const state = await any.state()
    expect(state.status).toBe('not-ready')
    expect(state.message).toMatch(/2 finger scanners.*111111111111.*222222222222.*serialNumber/)
    await expect(captured(any, { position: 7 })).rejects.toMatchObject({ code: 'DEVICE_NOT_READY' })
    const absent = mosipSbiSource({ ports, serialNumber: '333333333333' })
    expect(await absent.state()).toMatchObject({ status: 'unreachable' })
  })

  it('finds its device again at another port', async () => {
    const [gone, back] = [await started({ serialNo: '1' }), await started({ serialNo: '1' })]
    back.status = 'Not Ready'
    const source = mosipSbiSource({ ports: [gone.port, back.port], env: 'Staging', serialNumber: '1' })
    await back.disconnect()
    gone.present(picture(11))
    expect(await captured(source, { position: 7 })).toHaveLength(1)
    await gone.disconnect()
    await back.reconnect()
    devices.splice(devices.indexOf(gone), 1)
    expect(await source.state()).toMatchObject({ status: 'not-ready' })
  })

  it('tells states apart', async () => {
    const device = await started()
    const source = sourceOf(device)
    const states: Record<string, string> = {}
    for (const status of ['Ready', 'Busy', 'Not Ready', 'Not Registered']) {
      device.status = status
      states[status] = (await source.state()).status
    }
    expect(states).toEqual({ Ready: 'ready', Busy: 'busy', 'Not Ready': 'not-ready', 'Not Registered': 'not-ready' })
    await expect(captured(source, { position: 7 })).rejects.toMatchObject({
      code: 'DEVICE_NOT_READY',
      message: expect.stringContaining('register it'),
    })
    device.status = 'Ready'
    expect(await source.state()).toMatchObject({ device: { make: 'Sidik', serialNumber: '654321098765' } })
  })

  it('does not take a device for authentication, whose captures are encrypted', async () => {
    const device = await started({ purpose: 'Auth' })
    const state = await sourceOf(device).state()
    expect(state).toMatchObject({ status: 'unreachable', message: expect.stringContaining('(Auth)') })
  })

  it('refuses options that are none', () => {
    expect(() => mosipSbiSource({ prots: [1] } as SbiOptions)).toThrow(/did you mean 'ports'/)
    expect(() => mosipSbiSource({ ports: [] })).toThrow(TypeError)
    expect(() => mosipSbiSource({ ports: [70_000] })).toThrow(RangeError)
    expect(() => mosipSbiSource({ env: 'Test' as 'Staging' })).toThrow(/env/)
    expect(() => mosipSbiSource({ requestedScore: 101 })).toThrow(RangeError)
    expect(() => mosipSbiSource({ trust: { device: 'no certificate' } })).toThrow(/trust.device/)
    expect(() => mosipSbiSource({ trust: { device: BROKEN_PEM } })).toThrow(/certificate 1 of trust.device/)
    expect(() => mosipSbiSource({ trust: {} as { device: string } })).toThrow(/trust.device/)
    expect(() => mosipSbiSource({ chain: {} as SbiHashChain })).toThrow(/chain/)
    expect(() => mosipSbiSource({ serialNumber: 7 as unknown as string })).toThrow(/serialNumber/)
    expect(() => mosipSbiSource({ customOpts: 'x' as never })).toThrow(/customOpts/)
    expect(() => mosipSbiSource({ clock: 5 as unknown as () => Date })).toThrow(/clock/)
  })
})

const BROKEN_PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'

describe('SbiHashChain', () => {
  it('begins with the hash of nothing', () => {
    expect(new SbiHashChain().hash).toBe(FIRST_HASH)
    expect(() => new SbiHashChain('abc')).toThrow(TypeError)
    expect(() => new SbiHashChain().moveTo(FIRST_HASH.toLowerCase())).toThrow(TypeError)
  })
})
