import { createHmac } from 'node:crypto'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { CaptureFrame } from 'sidik/capture'
import { mosipSbiSource, type SbiOptions } from 'sidik/capture/mosip-sbi'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { picture } from '../../contract.js'
import { errorAnswer, type Faults, FINGERS, recordOf, TestDevice } from './device.js'
import { base64url, issue, jws, publicPem, testPki } from './pki.js'
import { respond } from './wire.js'

const pki = await testPki()
const stranger = await testPki()
let device: TestDevice

beforeAll(async () => {
  device = await TestDevice.start({ pki })
})

afterAll(() => device.disconnect())

beforeEach(() => {
  device.faults = {}
  device.status = 'Ready'
})

const TRUST = { device: pki.root.pem, digitalId: pki.chipProvider.pem }

async function thumbs(faults: Faults, options: SbiOptions = {}): Promise<CaptureFrame[]> {
  device.faults = faults
  device.present(picture(1, 64, 64))
  const source = mosipSbiSource({ ports: [device.port], env: 'Staging', trust: TRUST, ...options })
  const frames: CaptureFrame[] = []
  try {
    for await (const frame of source.capture({ position: 15, timeoutMs: 5_000 })) frames.push(frame)
  } catch (error) {
    // All or nothing.
    expect(frames).toEqual([])
    throw error
  }
  return frames
}

async function refusal(faults: Faults, options?: SbiOptions): Promise<string> {
  return thumbs(faults, options).then(
    () => 'taken',
    error => `${error.code ?? error}: ${error.message}`,
  )
}

const second =
  (change: (data: Record<string, unknown>) => object): Faults['captured'] =>
  (data, i) =>
    i === 1 ? { ...data, ...change(data) } : data

const signedBy = (signer = pki.device, options: Parameters<typeof jws>[2] = { chain: [pki.provider] }): Faults => ({
  statement: payload => jws(payload, signer, options),
})

function replaced(part: number, change: (text: string) => string): Faults {
  const statement: Faults['statement'] = (payload, i) => {
    const parts = jws(payload, pki.device, { chain: [pki.provider] }).split('.')
    if (i === 1) parts[part] = change(parts[part])
    return parts.join('.')
  }
  return { statement }
}

describe('a capture that was tampered with', () => {
  it('is none: the same without a change is taken', async () => {
    expect(await thumbs({})).toHaveLength(2)
    expect(await thumbs(signedBy())).toHaveLength(2)
    expect(await thumbs(replaced(1, text => text))).toHaveLength(2)
  })

  const flipped = (text: string) => (text[20] === 'A' ? 'B' : 'A')
  it.each<[string, Faults]>([
    [
      'a changed payload',
      replaced(1, text => base64url(Buffer.from(text, 'base64url').toString().replace('66', '96'))),
    ],
    ['a changed signature', replaced(2, text => `${text.slice(0, 20)}${flipped(text)}${text.slice(21)}`)],
    ['no signature', replaced(2, () => '')],
    [
      'a signature of another key',
      signedBy(stranger.device, { chain: [pki.provider], header: { x5c: [pki.device.der, pki.provider.der] } }),
    ],
    ['the certificates of others', signedBy(stranger.device, { chain: [stranger.provider] })],
    ['no certificate', signedBy(pki.device, { header: { x5c: [] } })],
    ['no way to a trusted one', signedBy(pki.device, { chain: [] })],
    ['no statement', { statement: payload => base64url(JSON.stringify(payload)) }],
    ['alg none', signedBy(pki.device, { header: { alg: 'none' } })],
    ['a digital id of others', { captured: second(() => ({ digitalId: jws(device.digitalId(), stranger.chip) })) }],
    [
      'an unsigned digital id',
      { captured: second(() => ({ digitalId: base64url(JSON.stringify(device.digitalId())) })) },
    ],
    ['another transaction', { captured: second(() => ({ transactionId: 'abcd-1234' })) }],
    ['another device', { captured: second(() => ({ deviceCode: '0' })) }],
    [
      'another digital id',
      { captured: second(() => ({ digitalId: jws({ ...device.digitalId(), serialNo: '9' }, pki.chip) })) },
    ],
    [
      'a changed hash',
      { biometrics: list => list.map((one, i) => ({ ...one, hash: i === 1 ? 'A'.repeat(64) : one.hash })) },
    ],
    [
      'a hash in small letters',
      { biometrics: list => list.map(one => ({ ...one, hash: String(one.hash).toLowerCase() })) },
    ],
    ['no hash', { biometrics: list => list.map(one => ({ ...one, hash: '' })) }],
    ['prints in another order', { biometrics: list => list.reverse() }],
    ['what the device says', { biometrics: () => errorAnswer({ errorCode: '103' }).biometrics }],
  ])('by %s', async (_, faults) => {
    expect(await refusal(faults)).toMatch(/^CAPTURE_TAMPERED/)
  })

  it('by a signature with what is no secret', async () => {
    const statement = (payload: object) => {
      const head = base64url(JSON.stringify({ alg: 'HS256', x5c: [pki.device.der, pki.provider.der] }))
      const signed = `${head}.${base64url(JSON.stringify(payload))}`
      return `${signed}.${createHmac('sha256', publicPem(pki.device)).update(signed).digest('base64url')}`
    }
    expect(await refusal({ statement })).toMatch(/^CAPTURE_TAMPERED.*anybody could/)
    expect(await refusal({ statement }, { trust: undefined })).toMatch(/^CAPTURE_TAMPERED/)
  })

  it('by certificates that do not hold', async () => {
    const over = await issue('Over', { issuer: pki.provider, notAfter: new Date('2024-01-01T00:00:00Z') })
    const early = await issue('Early', { issuer: pki.provider, notBefore: new Date('2110-01-01T00:00:00Z') })
    const byDevice = await issue('By a device', { issuer: pki.device })
    const oldProvider = await issue('Old', {
      issuer: pki.root,
      mayIssue: true,
      notAfter: new Date('2024-01-01T00:00:00Z'),
    })
    const byOld = await issue('By an old one', { issuer: oldProvider })
    const { name } = pki.provider
    const namesake = await issue('Namesake', { issuer: { ...stranger.provider, name } })
    const options = { chain: [pki.provider] }
    expect(await refusal(signedBy(over, options))).toMatch(/CAPTURE_TAMPERED.*CN=Over.* is valid from/)
    expect(await refusal(signedBy(early, options))).toMatch(/CAPTURE_TAMPERED.*CN=Early.* is valid from/)
    const chain = [pki.device, pki.provider]
    expect(await refusal(signedBy(byDevice, { chain }))).toMatch(/CAPTURE_TAMPERED.*no trusted certificate/)
    expect(await refusal(signedBy(byOld, { chain: [oldProvider] }))).toMatch(/CAPTURE_TAMPERED.*CN=Old.* is valid/)
    expect(await refusal(signedBy(namesake, options))).toMatch(/CAPTURE_TAMPERED.*no trusted certificate/)
    const root = { device: oldProvider.pem }
    expect(await refusal(signedBy(byOld, {}), { trust: root })).toMatch(/CAPTURE_TAMPERED.*CN=Old.* is valid/)
  })

  it('by nothing, where certificates hold at the time of the clock', async () => {
    const shortly = await issue('Shortly', { issuer: pki.provider, notAfter: new Date(Date.now() + 60_000) })
    const faults = signedBy(shortly, { chain: [pki.provider] })
    expect(await thumbs(faults)).toHaveLength(2)
    const clock = () => new Date(Date.now() + 120_000)
    expect(await refusal(faults, { clock })).toMatch(/CAPTURE_TAMPERED.*CN=Shortly/)
  })

  it('by nothing, whatever of the way is trusted', async () => {
    for (const trusted of [pki.root, pki.provider, pki.device]) {
      expect(await thumbs({}, { trust: { device: trusted.pem } })).toHaveLength(2)
    }
    const bundle = `${stranger.root.pem}\n${pki.root.pem}`
    expect(await thumbs({}, { trust: { device: bundle } })).toHaveLength(2)
    expect(await thumbs({}, { trust: { device: [stranger.root.pem, pki.root.pem] } })).toHaveLength(2)
  })

  it('by nothing, where it is signed in another of the good ways', async () => {
    const [rsa, ed25519] = await Promise.all(
      (['RS256', 'EdDSA'] as const).map(algorithm => issue(algorithm, { issuer: pki.provider, algorithm })),
    )
    for (const signer of [rsa, { ...rsa, algorithm: 'PS256' as const }, ed25519]) {
      expect(await thumbs(signedBy(signer, { chain: [pki.provider] }))).toHaveLength(2)
      const wrong = signedBy(signer, { chain: [pki.provider], header: { alg: 'ES256' } })
      expect(await refusal(wrong)).toMatch(/^CAPTURE_TAMPERED/)
    }
  })

  it('by a key that is too short to trust', async () => {
    const short = await issue('Short', { issuer: pki.provider, algorithm: 'RS256', rsaBits: 1024 })
    expect(await refusal(signedBy(short, { chain: [pki.provider] }))).toMatch(/^CAPTURE_TAMPERED/)
  })
})

describe('a capture that is not what was asked for', () => {
  it.each<[string, Faults, RegExp]>([
    ['a finger less', { biometrics: list => list.slice(0, 1) }, /^CAPTURE_INCOMPLETE: Right Thumb did not come:/],
    ['none', { biometrics: () => [] }, /^CAPTURE_INCOMPLETE: Left Thumb, Right Thumb did not come:/],
    [
      'another finger',
      { captured: second(() => ({ bioSubType: FINGERS[2] })) },
      /^CAPTURE_INCOMPLETE: Right Thumb did not come, and Right IndexFinger came/,
    ],
    [
      'a finger twice',
      { captured: second(() => ({ bioSubType: FINGERS[6] })) },
      /^CAPTURE_INCOMPLETE: Right Thumb did not come, and Left Thumb came/,
    ],
    ['an unknown finger', { captured: second(() => ({ bioSubType: 'UNKNOWN' })) }, /^CAPTURE_INCOMPLETE/],
    [
      'no finger',
      { captured: second(() => ({ bioSubType: 'Left Toe' })) },
      /^DEVICE_PROTOCOL: 'Left Toe' is no finger/,
    ],
    ['an eye', { captured: second(() => ({ bioType: 'Iris' })) }, /^DEVICE_PROTOCOL: the kind/],
    ['another purpose', { captured: second(() => ({ purpose: 'Auth' })) }, /^DEVICE_PROTOCOL: the purpose/],
    ['another environment', { captured: second(() => ({ env: 'Developer' })) }, /^DEVICE_PROTOCOL: the environment/],
    [
      'another version',
      { biometrics: list => list.map(one => ({ ...one, specVersion: '0.9.2' })) },
      /^DEVICE_PROTOCOL: the version/,
    ],
    [
      'a time of its own',
      { captured: second(() => ({ timestamp: '2021-01-01T00:00:00Z' })) },
      /^DEVICE_PROTOCOL: the time .* set the clocks/,
    ],
    ['no time', { captured: second(() => ({ timestamp: 'yesterday' })) }, /^DEVICE_PROTOCOL: the time .*'yesterday'/],
    ['a quality beyond all', { captured: second(() => ({ qualityScore: '101' })) }, /^DEVICE_PROTOCOL.*qualityScore/],
    [
      'no data',
      { biometrics: list => list.map(one => ({ ...one, data: '' })) },
      /^DEVICE_PROTOCOL: a biometric has no data/,
    ],
    [
      'base64 of the other kind',
      { captured: second(({ bioValue }) => ({ bioValue: `${String(bioValue).slice(0, -2)}+/` })) },
      /^DEVICE_PROTOCOL: the image is not base64url/,
    ],
    [
      'bits left over in base64',
      { captured: second(() => ({ bioValue: 'QR' })) },
      /^DEVICE_PROTOCOL: the image is not base64url/,
    ],
    ['another file', { record: () => Buffer.from('PNG and so on') }, /^DEVICE_PROTOCOL: .*no finger image record/],
    ['a broken record', { record: bytes => bytes.subarray(0, 100) }, /^RECORD_CORRUPT/],
  ])('%s', async (_, faults, message) => {
    expect(await refusal(faults)).toMatch(message)
  })

  it('records of other fingers than the device says', async () => {
    const other = await recordOf(picture(2, 64, 64), 3, 'png')
    expect(await refusal({ record: () => other })).toMatch(
      /^CAPTURE_INCOMPLETE: a record says that it is of position 3/,
    )
  })

  it('but padded base64 and a time with a zone are taken', async () => {
    const captured: Faults['captured'] = data => ({
      ...data,
      bioValue: Buffer.from(String(data.bioValue), 'base64url')
        .toString('base64')
        .replaceAll('+', '-')
        .replaceAll('/', '_'),
      timestamp: new Date(Date.now() + 7_200_000).toISOString().replace('Z', '+02:00'),
      qualityScore: 61.5,
    })
    expect(await thumbs({ captured })).toMatchObject([{ statedQuality: 61.5 }, {}])
  })
})

describe('an error of the device', () => {
  const CODES = {
    100: 'DEVICE_NOT_READY',
    101: 'CAPTURE_TIMEOUT',
    102: 'DEVICE_REFUSED',
    103: 'CAPTURE_TAMPERED',
    104: 'DEVICE_NOT_READY',
    105: 'DEVICE_REFUSED',
    106: 'DEVICE_NOT_READY',
    107: 'DEVICE_NOT_READY',
    108: 'DEVICE_NOT_READY',
    109: 'DEVICE_REFUSED',
    110: 'DEVICE_NOT_READY',
    111: 'DEVICE_BUSY',
    112: 'DEVICE_PROTOCOL',
    202: 'DEVICE_NOT_READY',
    551: 'DEVICE_REFUSED',
    701: 'DEVICE_REFUSED',
  }

  it.each(Object.entries(CODES))('%s is %s, with what it says', async (errorCode, code) => {
    const error = { errorCode, errorInfo: `Fehler\n\u0000${errorCode}: bitte warten` }
    const message = await refusal({ biometrics: () => errorAnswer(error).biometrics })
    expect(message).toMatch(new RegExp(`^${code}: .*\\(error ${errorCode}: Fehler ${errorCode}: bitte warten\\)$`))
  })

  it('is heard among prints, as a number, in small letters, and without prints', async () => {
    const error = { errorcode: 111, errorinfo: 'busy' }
    const last: Faults = { biometrics: list => [...list, errorAnswer(error).biometrics[0]] }
    expect(await refusal(last)).toMatch(/^DEVICE_BUSY.*error 111: busy/)
    const answers = [[{ error }], { error }, { errorCode: '111', errorInfo: 'busy' }]
    for (const answer of answers) {
      const said = (socket: Socket) => respond(socket, JSON.stringify(answer), '405 OK')
      expect(await refusal({ respond: said })).toMatch(/^DEVICE_BUSY/)
    }
  })
})

describe('an answer that is none', () => {
  const answered = (bytes: string | Uint8Array): Faults => ({ respond: socket => respond(socket, bytes) })
  it.each<[string, Faults, RegExp]>([
    [
      'HTML',
      answered('<html><body>It works!</body></html>'),
      /^DEVICE_PROTOCOL.*status 200.*not JSON \(it begins '<html>/,
    ],
    ['nothing', answered(''), /^DEVICE_PROTOCOL.*not JSON/],
    ['null', answered('null'), /^DEVICE_PROTOCOL.*no biometrics/],
    ['a number', answered('7'), /^DEVICE_PROTOCOL.*no biometrics/],
    ['a list', answered('[]'), /^DEVICE_PROTOCOL.*no biometrics/],
    ['biometrics of another kind', answered('{"biometrics":{}}'), /^DEVICE_PROTOCOL: the biometrics/],
    ['biometrics that are none', answered('{"biometrics":[7]}'), /^DEVICE_PROTOCOL: biometric 1/],
    ['a million biometrics', answered(`{"biometrics":[${'0,'.repeat(1_000_000)}0]}`), /^DEVICE_PROTOCOL.*members/],
    ['depths of brackets', answered('['.repeat(40_000_000)), /^DEVICE_PROTOCOL.*members/],
    [
      'depths of closed brackets',
      answered(`{"biometrics":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      /^DEVICE_PROTOCOL/,
    ],
    ['a hundred biometrics', answered(`{"biometrics":[${'0,'.repeat(100)}0]}`), /^DEVICE_PROTOCOL: the biometrics/],
    ['a text without end', answered(`{"biometrics":"${'\\\\"'.repeat(1_000)}`), /^DEVICE_PROTOCOL.*not JSON/],
    ['compressed', answered(gzipSync('{"biometrics":[]}')), /^DEVICE_PROTOCOL/],
    ['no HTTP', { respond: socket => socket.end('SSH-2.0-OpenSSH_9.6\r\n') }, /^DEVICE_PROTOCOL.*does not speak HTTP/],
    ['too long', { respond: socket => void endless(socket) }, /^DEVICE_PROTOCOL.*sends more than/],
    ['cut in the middle', { respond: (socket, body) => cut(socket, body) }, /^DEVICE_DISCONNECTED/],
    ['cut off', { respond: socket => void socket.resetAndDestroy() }, /^DEVICE_DISCONNECTED/],
    ['closed', { respond: socket => void socket.end() }, /^DEVICE_DISCONNECTED/],
  ])('%s', async (_, faults, message) => {
    expect(await refusal(faults)).toMatch(message)
  })

  it('but slow, in pieces', async () => {
    const slowly = async (socket: Socket, body: string) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`)
      for (let at = 0; at < body.length; at += 2_000) {
        socket.write(body.slice(at, at + 2_000))
        await new Promise(resolve => setTimeout(resolve, 2))
      }
    }
    expect(await thumbs({ respond: slowly })).toHaveLength(2)
  })
})

function cut(socket: Socket, body: string): void {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`)
  socket.end(body.slice(0, body.length / 2))
}

async function endless(socket: Socket): Promise<void> {
  socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n')
  const piece = Buffer.alloc(1024 * 1024, '[')
  while (!socket.destroyed) await new Promise(resolve => socket.write(piece, resolve))
}
