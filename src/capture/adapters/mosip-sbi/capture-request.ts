import { randomUUID } from 'node:crypto'
import type { SbiDevice } from './device.js'
import { type AskedFingers, fingerName, UNKNOWN_FINGER } from './fingers.js'
import type { SbiSettings } from './options.js'

export const SPEC_VERSION = '0.9.5'
export const PURPOSE = 'Registration'

/** What an answer is compared with. */
export interface AskedCapture extends AskedFingers {
  readonly device: SbiDevice
  readonly env: string
  /** 4 to 50 letters, digits and hyphens; another one for each request. */
  readonly transactionId: string
  readonly previousHash: string
}

/**
 * What an answer may take on its way, milliseconds, and the part of a short wait: a device that answers when the time is over, as it
 * may with the best that it has, must be heard.
 */
const TRANSFER_MS = 1_000
const TRANSFER_PART = 0.1

export function askedCapture(device: SbiDevice, fingers: AskedFingers, { env, chain }: SbiSettings): AskedCapture {
  return { ...fingers, device, env, transactionId: randomUUID(), previousHash: chain.hash }
}

/** The body of an RCAPTURE request. Numbers are texts, as the specification's example and its tests of devices have them. */
export function captureRequest(asked: AskedCapture, timeoutMs: number, settings: SbiSettings): object {
  const { requestedScore, customOpts, clock } = settings
  const { device, fingers, excluded, deviceSubId, env, transactionId, previousHash } = asked
  const names = fingers.length === 0 ? [UNKNOWN_FINGER] : fingers.map(fingerName)
  return {
    env,
    purpose: PURPOSE,
    specVersion: SPEC_VERSION,
    timeout: String(deviceTimeoutMs(timeoutMs)),
    // To the second, UTC.
    captureTime: clock()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z'),
    transactionId,
    bio: [
      {
        type: 'Finger',
        count: String(names.length),
        bioSubType: names,
        exception: excluded.map(fingerName),
        requestedScore: String(requestedScore),
        deviceId: device.deviceId,
        deviceSubId: String(deviceSubId),
        previousHash,
      },
    ],
    customOpts,
  }
}

function deviceTimeoutMs(timeoutMs: number): number {
  return Math.max(1, Math.floor(timeoutMs - Math.min(TRANSFER_MS, timeoutMs * TRANSFER_PART)))
}
