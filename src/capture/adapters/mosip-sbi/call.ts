/** Calls of a device's service. It listens on this machine alone, at 127.0.0.1 (specification: not at localhost). */
import { SidikError } from '../../../errors.js'
import { callDevice, type DeviceCall } from '../../device-http.js'
import { jsonOfBytes } from './json.js'

/** Verb and path of each call. */
const CALLS = {
  discover: ['MOSIPDISC', 'device'],
  info: ['MOSIPDINFO', 'info'],
  capture: ['RCAPTURE', 'capture'],
  stream: ['STREAM', 'stream'],
} as const

/** What a service says of its devices is some kilobytes. */
export const MAX_INFO_BYTES = 1024 * 1024

export function serviceAt(port: number): URL {
  return new URL(`http://127.0.0.1:${port}/`)
}

/** Where services of devices may be: 4501 to 4600. */
export const SBI_PORTS: readonly number[] = Object.freeze(Array.from({ length: 100 }, (_, i) => 4501 + i))

/** Form of a callback id in the specification: a port of this machine, and no path. */
const CALLBACK_ID = /^http:\/\/(?:127\.0\.0\.1|localhost):([1-9]\d{0,4})\/?$/

/**
 * The service that a device names as its own, or that where it was found if it names none.
 *
 * @param ports that it may name beside the one where it was found: other services listen on this
 *   machine too, and a device is to have none of them asked
 * @throws SidikError DEVICE_PROTOCOL for another
 */
export function serviceOf(callbackId: string, foundAt: number, ports: readonly number[]): URL {
  if (callbackId === '') return serviceAt(foundAt)
  const port = Number(CALLBACK_ID.exec(callbackId)?.[1] ?? 0)
  if (port !== 0 && (port === foundAt || ports.includes(port))) return serviceAt(port)
  const why =
    port === 0
      ? 'is no HTTP address of this machine with a port and no path'
      : `names port ${port}, where no device may be`
  throw new SidikError('DEVICE_PROTOCOL', `the callback id of the device ${why}`)
}

export function sbiCall(
  call: keyof typeof CALLS,
  { service, body, signal }: { readonly service: URL; readonly body?: object; readonly signal: AbortSignal },
): DeviceCall {
  const [method, path] = CALLS[call]
  return {
    url: new URL(path, service),
    method,
    headers: { 'content-type': 'application/json', ext: 'sidik' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
  }
}

/**
 * The answer, whatever its status: errors are said in JSON too.
 *
 * @throws as callDevice, and SidikError DEVICE_PROTOCOL for what is not JSON
 */
export async function askSbi(call: DeviceCall): Promise<unknown> {
  const { status, bytes } = await callDevice(call)
  return jsonOfBytes(bytes, `the answer (status ${status}) of ${call.url.origin}`)
}
