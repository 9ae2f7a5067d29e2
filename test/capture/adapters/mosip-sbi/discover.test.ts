import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { type DiscoverSbiOptions, discoverSbi, mosipSbiSource, SBI_PORTS, sbiDeviceInfo } from 'sidik/capture/mosip-sbi'
import { afterEach, describe, expect, it } from 'vitest'
import { type DeviceOptions, TestDevice } from './device.js'
import { base64url, jws, testPki } from './pki.js'
import { respond, serve, type WireServer } from './wire.js'

const pki = await testPki()
const started: { disconnect(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of started.splice(0)) await one.disconnect()
})

async function device(options: Partial<DeviceOptions> = {}): Promise<TestDevice> {
  const one = await TestDevice.start({ pki, ...options })
  started.push(one)
  return one
}

async function service(answer: Parameters<typeof serve>[0]): Promise<WireServer> {
  const one = await serve(answer)
  started.push(one)
  return one
}

describe('discoverSbi', () => {
  it('looks at ports 4501 to 4600 unless told', () => {
    expect(SBI_PORTS).toHaveLength(100)
    expect([SBI_PORTS[0], SBI_PORTS.at(-1)]).toEqual([4501, 4600])
  })

  it('lists devices as their services do, all ports at once, and finds nothing where nothing is', async () => {
    const [slap, single] = [
      await device(),
      await device({ serialNo: '1', deviceSubType: 'Single', certification: 'L0' }),
    ]
    single.status = 'Busy'
    const empty = await freePort()
    const { devices, failures } = await discoverSbi({ ports: [slap.port, empty, single.port] })
    expect(failures).toEqual([])
    expect(devices).toEqual([
      {
        port: slap.port,
        service: `http://127.0.0.1:${slap.port}/`,
        deviceId: '2',
        status: 'Ready',
        deviceSubIds: [1, 2, 3],
        deviceCode: '654321098765',
        digitalId: { ...slap.digitalId(), deviceProviderId: '7', dateTime: expect.any(String) },
        serviceVersion: '0.9.5',
        specVersions: ['0.9.5'],
        certification: 'L1',
        purpose: 'Registration',
      },
      expect.objectContaining({
        status: 'Busy',
        deviceSubIds: [0],
        certification: 'L0',
        error: { errorCode: '111', errorInfo: 'Device is busy' },
      }),
    ])
  })

  it('says port by port what is no such service, and lists the others', async () => {
    const good = await device()
    const other = await device()
    other.faults.discovery = list => [{ ...list[0], deviceStatus: 'Asleep' }, list[0]]
    const html = await service(({ socket }) => respond(socket, '<html>', '404 Not Found'))
    const long = await service(({ socket }) => respond(socket, Buffer.alloc(2_000_000, ' ')))
    const wrong = await service(({ socket }) => respond(socket, '{"devices":[]}'))
    const bare = await service(({ socket }) => respond(socket, '[7,null,{}]'))
    const mute = await service(() => {})
    const ssh = await service(({ socket }) => void socket.end('SSH-2.0-x\r\n'))
    const ports = [good, other, html, long, wrong, bare, mute, ssh].map(({ port }) => port)
    const { devices, failures } = await discoverSbi({ ports, timeoutMs: 1_000 })
    expect(devices.map(({ port }) => port)).toEqual([good.port, other.port])
    const said = (at: { readonly port: number }) =>
      failures.filter(({ port }) => port === at.port).map(({ message }) => message)
    expect(said(other)).toEqual([expect.stringContaining("'Asleep'")])
    expect(said(html)).toEqual([expect.stringMatching(/status 404.*not JSON.*<html>/)])
    expect(said(long)).toEqual([expect.stringContaining('sends more than')])
    expect(said(wrong)).toEqual([expect.stringContaining('list of devices')])
    expect(said(bare)).toHaveLength(3)
    expect(said(mute)).toEqual(['no answer in 1000 ms'])
    expect(said(ssh)).toEqual([expect.stringContaining('does not speak HTTP')])
  })

  it('asks for a type, and says what a service has none of', async () => {
    const one = await device()
    const { devices, failures } = await discoverSbi({ ports: [one.port], type: 'Iris' })
    expect(devices).toEqual([])
    expect(failures).toEqual([{ port: one.port, message: expect.stringContaining('error 503: No device of the type') }])
    expect((await discoverSbi({ ports: [one.port], type: 'Biometric Device' })).devices).toHaveLength(1)
  })

  it('calls a device where its callback id says, on this machine alone', async () => {
    const one = await device()
    const callbacks = {
      '': `http://127.0.0.1:${one.port}/`,
      'http://127.0.0.1:4577': 'http://127.0.0.1:4577/',
      'http://localhost:4600/': 'http://127.0.0.1:4600/',
    }
    for (const [callbackId, service] of Object.entries(callbacks)) {
      one.faults.discovery = list => [{ ...list[0], callbackId }]
      expect((await discoverSbi({ ports: [one.port, 4577, 4600] })).devices[0].service).toBe(service)
    }
    const elsewhere = [
      ...['http://192.0.2.1:4501/', 'https://127.0.0.1/', 'file:///etc/passwd', 'io.sbi.device', 'http://127.0.0.1'],
      ...[
        'http://127.0.0.1:4577/admin',
        'http://127.0.0.1:4577/?x=1',
        'http://127.0.0.1:4577/#x',
        'http://a:b@127.0.0.1:4577/',
      ],
      ...[
        'http://127.0.0.1:4577/../x',
        'http://127.0.0.1:0/',
        'http://127.0.0.1:99999/',
        'http://127.0.0.1.example:4577/',
      ],
      ...['http://[::1]:4577/', 'http://2130706433:4577/', ' http://127.0.0.1:4577/', 'http://127.0.0.1:4577\\@x/'],
    ]
    for (const callbackId of elsewhere) {
      one.faults.discovery = list => [{ ...list[0], callbackId }]
      const { devices, failures } = await discoverSbi({ ports: [one.port, 4577] })
      expect(devices, callbackId).toEqual([])
      expect(failures.map(({ message }) => message).join(), callbackId).toMatch(
        /no HTTP address of this|no device may be/,
      )
    }
  })

  it('has no other service of this machine asked, whatever a device names', async () => {
    const one = await device()
    const asked: string[] = []
    const other = createHttpServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end('{}')
    })
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    try {
      one.faults.discovery = list => [{ ...list[0], callbackId: `http://127.0.0.1:${port}/` }]
      const source = mosipSbiSource({ ports: [one.port] })
      await expect(
        source.capture({ position: 2, timeoutMs: 5_000 })[Symbol.asyncIterator]().next(),
      ).rejects.toMatchObject({ code: 'DEVICE_UNREACHABLE' })
      await source.close()
      expect(asked).toEqual([])
      // A port that the host named itself is none of others.
      const { devices } = await discoverSbi({ ports: [one.port, port] })
      expect(devices[0].service).toBe(`http://127.0.0.1:${port}/`)
    } finally {
      await new Promise(resolve => other.close(resolve))
    }
  })

  it('takes what services write otherwise', async () => {
    const one = await device()
    const signed = jws(one.digitalId(), pki.chip)
    one.faults.discovery = list => [
      { ...list[0], deviceStatus: 'not ready', deviceSubId: [1, 2], deviceId: 5, error: null, digitalId: signed },
    ]
    const { devices } = await discoverSbi({ ports: [one.port] })
    expect(devices).toMatchObject([
      { status: 'Not Ready', deviceSubIds: [1, 2], deviceId: '5', digitalId: { make: 'Sidik' } },
    ])
  })

  it('ends with the reason of its signal', async () => {
    const mute = await service(() => {})
    const controller = new AbortController()
    const asked = discoverSbi({ ports: [mute.port], signal: controller.signal })
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(asked).rejects.toBe(reason)
  })

  it('refuses options that are none', async () => {
    await expect(discoverSbi({ port: 1 } as DiscoverSbiOptions)).rejects.toThrow(/ports/)
    await expect(discoverSbi({ type: 'Toe' as 'Iris' })).rejects.toThrow(TypeError)
    await expect(discoverSbi({ timeoutMs: 0 })).rejects.toThrow(RangeError)
  })
})

describe('sbiDeviceInfo', () => {
  const trust = { device: pki.root.pem, digitalId: pki.chipProvider.pem }

  it('reads what devices sign of themselves', async () => {
    const one = await device()
    const [info] = await sbiDeviceInfo({ port: one.port, trust })
    expect(info).toMatchObject({
      status: 'Ready',
      firmware: '1.0',
      env: 'Staging',
      purpose: 'Registration',
      digitalId: { serialNo: '654321098765' },
      signature: 'verified',
      identity: 'verified',
    })
    expect(one.requests.at(-1)).toMatchObject({ method: 'MOSIPDINFO', headers: { 'content-length': '0' } })
    expect(await sbiDeviceInfo({ port: one.port })).toMatchObject([{ signature: 'unverified', identity: 'unverified' }])
  })

  it('refuses what others signed, and what nobody did', async () => {
    const others = await testPki()
    const one = await device()
    const answers = async (trusted: typeof trust) => sbiDeviceInfo({ port: one.port, trust: trusted })
    await expect(answers({ ...trust, device: others.root.pem })).rejects.toMatchObject({ code: 'CAPTURE_TAMPERED' })
    await expect(answers({ ...trust, digitalId: others.chip.pem })).rejects.toMatchObject({ code: 'CAPTURE_TAMPERED' })
    const clock = () => new Date('2130-01-01T00:00:00Z')
    await expect(sbiDeviceInfo({ port: one.port, trust, clock })).rejects.toMatchObject({ code: 'CAPTURE_TAMPERED' })
    const unsigned = await service(({ socket }) => respond(socket, JSON.stringify([{ deviceInfo: base64url('{}') }])))
    await expect(sbiDeviceInfo({ port: unsigned.port, trust })).rejects.toMatchObject({ code: 'CAPTURE_TAMPERED' })
    await expect(sbiDeviceInfo({ port: unsigned.port })).rejects.toMatchObject({ code: 'DEVICE_PROTOCOL' })
  })

  it('takes a device that is not registered, which cannot sign, as unverified', async () => {
    const one = await device()
    one.status = 'Not Registered'
    const infos = await sbiDeviceInfo({ port: one.port, trust })
    expect(infos).toMatchObject([
      {
        status: 'Not Registered',
        env: 'None',
        signature: 'unverified',
        identity: 'unverified',
        error: { errorCode: '100' },
      },
    ])
  })

  it('says why there is none', async () => {
    const none = await service(({ socket }) => respond(socket, '[{"error":{"errorCode":"106","errorInfo":"none"}}]'))
    await expect(sbiDeviceInfo({ port: none.port })).rejects.toMatchObject({ code: 'DEVICE_NOT_READY' })
    const empty = await service(({ socket }) => respond(socket, '[{}]'))
    await expect(sbiDeviceInfo({ port: empty.port })).rejects.toMatchObject({ code: 'DEVICE_PROTOCOL' })
    const mute = await service(() => {})
    await expect(sbiDeviceInfo({ port: mute.port, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'DEVICE_UNREACHABLE',
    })
    await expect(sbiDeviceInfo({ port: await freePort() })).rejects.toMatchObject({ code: 'DEVICE_UNREACHABLE' })
    const signal = AbortSignal.abort(new Error('no time'))
    await expect(sbiDeviceInfo({ port: mute.port, signal })).rejects.toThrow('no time')
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}
