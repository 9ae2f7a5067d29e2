import { SidikError } from 'sidik'
import type { CaptureFrame } from 'sidik/capture'
import { discoverSbi, SbiHashChain, sbiDeviceInfo } from 'sidik/capture/mosip-sbi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { framesOfAnswer } from '../../../../dist/capture/adapters/mosip-sbi/capture-answer.js'
import { jsonOfBytes } from '../../../../dist/capture/adapters/mosip-sbi/json.js'
import { sbiSettings } from '../../../../dist/capture/adapters/mosip-sbi/options.js'
import { Random } from '../../../../dist/random.js'
import { picture } from '../../contract.js'
import { TestDevice } from './device.js'
import { FINGERS, hashOf, recordOf } from './device-parts.js'
import { base64url, jws, testPki } from './pki.js'
import { respond, serve, type WireServer } from './wire.js'

/** Changed answers; SIDIK_FUZZ_RUNS=100000 for a long run. */
const RUNS = Number(process.env.SIDIK_FUZZ_RUNS ?? 200)

const TRANSACTION = '0a1b-2c3d'

const pki = await testPki()
const trust = { device: pki.root.pem, digitalId: pki.chipProvider.pem }

const DIGITAL_ID = { serialNo: '1', make: 'Sidik', model: 'Slap', type: 'Finger', deviceSubType: 'Slap' }

const asked = {
  deviceSubId: 3,
  fingers: [6, 1],
  excluded: [],
  env: 'Staging',
  transactionId: TRANSACTION,
  previousHash: new SbiHashChain().hash,
  device: { deviceCode: '1', digitalId: DIGITAL_ID },
} as unknown as Parameters<typeof framesOfAnswer>[1]

/** Values that have surprised programs. */
const VALUES: unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  'x',
  '__proto__',
  'A'.repeat(5_000),
  [],
  {},
  [[[[]]]],
  { toString: 1, length: -1 },
  '\ud800',
  '.',
  '..',
  'a.b.c',
  '0',
  '111',
  'UNKNOWN',
  'FIR\0',
]

/** A copy with one place in it changed: taken away, doubled, or something else. */
function changed(value: unknown, random: Random): unknown {
  const copy = structuredClone(value)
  const places: [Record<string, unknown>, string][] = []
  const visit = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key])
      visit((node as Record<string, unknown>)[key])
    }
  }
  visit(copy)
  const [node, key] = places[random.below(places.length)]
  const was = node[key]
  const kind = random.below(4)
  if (kind === 0) delete node[key]
  else if (kind === 1 && typeof was === 'string') node[key] = changedText(was, random)
  else node[key] = VALUES[random.below(VALUES.length)]
  return copy
}

function changedText(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const kind = random.below(3)
  if (kind === 0) return text.slice(0, at)
  return text.slice(0, at) + String.fromCharCode(33 + random.below(90)) + text.slice(at + kind - 1)
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Any byte, or, as most of an answer is base64, a letter of that: what is wrong is then found further in. */
function anyByte(random: Random): number {
  return random.chance(0.3) ? random.below(256) : LETTERS.charCodeAt(random.below(LETTERS.length))
}

const records = new Map<number, Uint8Array>()

async function answerWith(change: (what: 'answer' | 'data' | 'digitalId' | 'header', value: object) => object) {
  const biometrics: object[] = []
  let previousHash = asked.previousHash
  for (const finger of asked.fingers) {
    const record = records.get(finger) ?? (await recordOf(picture(finger, 64, 64), finger, 'png'))
    records.set(finger, record)
    const data = {
      digitalId: jws(change('digitalId', DIGITAL_ID), pki.chip),
      deviceCode: '1',
      bioType: 'Finger',
      bioSubType: FINGERS[finger],
      purpose: 'Registration',
      env: 'Staging',
      bioValue: base64url(record),
      transactionId: TRANSACTION,
      timestamp: new Date().toISOString(),
      qualityScore: '60',
    }
    previousHash = hashOf(previousHash, record)
    const header = change('header', { alg: 'ES256', x5c: [pki.device.der, pki.provider.der] })
    biometrics.push({
      specVersion: '0.9.5',
      data: jws(change('data', data), pki.device, { header }),
      hash: previousHash,
      error: { errorCode: '0', errorInfo: 'Success' },
    })
  }
  return change('answer', { biometrics })
}

type Outcome = readonly CaptureFrame[] | SidikError

/** Anything else that is thrown fails the test. */
async function outcome(answer: Uint8Array, options: Parameters<typeof sbiSettings>[0]): Promise<Outcome> {
  try {
    return (await framesOfAnswer(jsonOfBytes(answer, 'the answer'), asked, sbiSettings(options))).frames
  } catch (error) {
    if (error instanceof SidikError) return error
    throw error
  }
}

describe('answers that were changed', () => {
  let good: Uint8Array
  let frames: readonly CaptureFrame[]
  const counts: Record<string, number> = {}
  const count = (result: Outcome) => {
    const name = result instanceof SidikError ? result.code : 'taken'
    counts[name] = (counts[name] ?? 0) + 1
  }

  beforeAll(async () => {
    good = Buffer.from(JSON.stringify(await answerWith((_, value) => value)))
    frames = (await outcome(good, { trust })) as readonly CaptureFrame[]
    expect(frames).toHaveLength(2)
  })

  afterAll(() => {
    if (process.env.SIDIK_FUZZ_RUNS) console.log('MOSIP answers', counts)
  })

  it('in their bytes give a SidikError, or, where nobody but those trusted signs, the same prints', async () => {
    const random = new Random(1)
    for (let run = 0; run < RUNS; run++) {
      const bytes = Buffer.from(good)
      for (let i = 0; i <= random.below(3); i++) bytes[random.below(bytes.length)] = anyByte(random)
      const cut = random.below(10) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes
      const result = await outcome(cut, { trust })
      count(result)
      if (!(result instanceof SidikError)) {
        expect(result.map(({ data }) => Buffer.from(data))).toEqual(frames.map(({ data }) => Buffer.from(data)))
        expect(result.map(({ position }) => position)).toEqual(frames.map(({ position }) => position))
      }
      count(await outcome(cut, {}))
    }
  })

  it('by the device itself, which signs them, give a SidikError or prints', async () => {
    const random = new Random(2)
    for (let run = 0; run < RUNS / 2; run++) {
      const target = (['answer', 'data', 'digitalId', 'header'] as const)[run % 4]
      const answer = await answerWith((what, value) => (what === target ? (changed(value, random) as object) : value))
      const bytes = Buffer.from(JSON.stringify(answer))
      count(await outcome(bytes, { trust }))
      count(await outcome(bytes, {}))
    }
  })
})

describe('lists of devices that were changed', () => {
  let device: TestDevice
  let service: WireServer
  let answer = ''

  beforeAll(async () => {
    device = await TestDevice.start({ pki })
    service = await serve(({ socket }) => respond(socket, answer))
  })

  afterAll(async () => {
    await device.disconnect()
    await service.disconnect()
  })

  it('are devices or failures, never thrown', async () => {
    const random = new Random(3)
    let listed: unknown
    device.faults.discovery = list => {
      listed = list
      return list
    }
    await discoverSbi({ ports: [device.port] })
    for (let run = 0; run < RUNS / 2; run++) {
      answer = JSON.stringify(changed(listed, random))
      const { devices, failures } = await discoverSbi({ ports: [service.port] })
      expect(devices.length + failures.length).toBeLessThanOrEqual(1)
    }
  })

  it('and what devices say of themselves is that, or a SidikError', async () => {
    const random = new Random(4)
    const info = {
      ...DIGITAL_ID,
      deviceStatus: 'Ready',
      deviceId: '2',
      deviceCode: '1',
      specVersion: ['0.9.5'],
      env: 'Staging',
    }
    for (let run = 0; run < RUNS / 2; run++) {
      const digitalId = jws(run % 2 === 0 ? DIGITAL_ID : (changed(DIGITAL_ID, random) as object), pki.chip)
      const payload = run % 2 === 0 ? (changed({ ...info, digitalId }, random) as object) : { ...info, digitalId }
      answer = JSON.stringify([{ deviceInfo: jws(payload, pki.device), error: { errorCode: '0' } }])
      await sbiDeviceInfo({ port: service.port }).catch(error => expect(error).toBeInstanceOf(SidikError))
    }
  })
})
