/** What the test's device says, part by part. */
import { createHash } from 'node:crypto'
import { encodeRecordImage, type GrayImage } from 'sidik'
import { type ImageCompression, imageRecordOf, writeImageRecord } from 'sidik/formats'

/** Of the bodies of requests, what the device goes by. */
export interface AskedBody {
  readonly type: string
  readonly env: string
  readonly purpose: string
  readonly specVersion: string
  readonly timeout: string
  readonly captureTime: string
  readonly transactionId: string
  readonly bio: readonly {
    readonly type: string
    readonly count: string
    readonly bioSubType: readonly string[]
    readonly exception: readonly string[]
    readonly requestedScore: string
    readonly deviceId: string
    readonly deviceSubId: string
    readonly previousHash: string
  }[]
  readonly customOpts: unknown
}

export const FINGERS = [
  'UNKNOWN',
  'Right Thumb',
  'Right IndexFinger',
  'Right MiddleFinger',
  'Right RingFinger',
  'Right LittleFinger',
  'Left Thumb',
  'Left IndexFinger',
  'Left MiddleFinger',
  'Left RingFinger',
  'Left LittleFinger',
]

export function errorOf(status: string): { errorCode: string; errorInfo: string } {
  const [errorCode, errorInfo] = {
    'Not Ready': ['110', 'Device is not ready'],
    Busy: ['111', 'Device is busy'],
    'Not Registered': ['100', 'Device not registered'],
  }[status] ?? ['0', 'Success']
  return { errorCode, errorInfo }
}

/** The simulator's boundary has its hyphens in the parameter already. */
export const SIMULATOR_HEAD =
  'HTTP/1.0 200 OK\r\nServer: http://127.0.0.1\r\nConnection: close\r\nCache-Control: no-cache, private\r\n' +
  'Content-Type: multipart/x-mixed-replace; boundary=--BoundaryString\r\n\r\n'

export function simulatorPart(jpeg: Uint8Array): Uint8Array {
  const head = `--BoundaryString\r\nContent-Type:image/jpeg\r\nContent-Length:${jpeg.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n\r\n')])
}

export async function recordOf(image: GrayImage, finger: number, compression: ImageCompression): Promise<Uint8Array> {
  const encoded = await encodeRecordImage(image, { compression, fingerPosition: finger })
  return writeImageRecord(imageRecordOf([encoded], { format: 'iso-19794-4-2011' }))
}

export function hashOf(previousHash: string, record: Uint8Array): string {
  const inner = createHash('sha256').update(record).digest()
  return createHash('sha256').update(Buffer.from(previousHash, 'hex')).update(inner).digest('hex').toUpperCase()
}

export function errorAnswer(error: object): { biometrics: Record<string, unknown>[] } {
  return { biometrics: [{ specVersion: '', data: '', hash: '', error }] }
}

/** To the second. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}
