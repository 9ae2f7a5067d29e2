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

/**
 * The service that a device names as its own, `unlessGiven` where it names none.
 *
 * @throws SidikError DEVICE_PROTOCOL for one that is not of this machine: prints are asked of no other
 */
export function serviceOf(callbackId: string, unlessGiven: URL): URL {
  if (callbackId === '') return unlessGiven
  const url = URL.canParse(callbackId) ? new URL(callbackId) : undefined
  if (url?.protocol !== 'http:' || !['127.0.0.1', 'localhost'].includes(url.hostname)) {
    throw new SidikError('DEVICE_PROTOCOL', 'the callback id of the device is no HTTP address of this machine')
  }
  return new URL(url.pathname.replace(/\/*$/, '/'), serviceAt(Number(url.port || 80)))
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
