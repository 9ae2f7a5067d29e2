import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { mosipSbiSource, type SbiOptions } from 'sidik/capture/mosip-sbi'
import { describe, expect, it } from 'vitest'
import { picture } from '../../contract.js'
import { deviatingRecord } from '../files.js'
import { type Faults, TestDevice } from './device.js'
import { errorAnswer, FINGERS, recordOf } from './device-parts.js'
import { testPki } from './pki.js'
import { refusal, second, thumbs } from './thumbs.js'
import { respond } from './wire.js'

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

describe('a record that deviates from its standard', () => {
  it('is refused, unless somebody listens', async () => {
    const device = await TestDevice.start({ pki: await testPki() })
    const deviating = await deviatingRecord([picture(1, 64, 64)])
    device.faults.record = () => deviating
    const capture = (onDeviation?: SbiOptions['onDeviation']) => {
      device.present(picture(1, 64, 64))
      const options = { ports: [device.port], env: 'Staging' as const }
      return mosipSbiSource({ ...options, ...(onDeviation && { onDeviation }) })
        .capture({ position: 1 })
        .next()
    }
    await expect(capture()).rejects.toMatchObject({ code: 'RECORD_CORRUPT' })
    const heard: number[] = []
    expect((await capture((_, { offset }) => heard.push(offset))).value).toMatchObject({ position: 1, widthPx: 64 })
    expect(heard).toEqual([40])
    await device.disconnect()
  })
})
