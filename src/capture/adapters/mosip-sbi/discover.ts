import { SidikError } from '../../../errors.js'
import { abortSignal, oneOf, readOptions, wholeNumber } from '../../../options.js'
import { within } from '../../../within.js'
import { askSbi, MAX_INFO_BYTES, SBI_PORTS, sbiCall, serviceAt } from './call.js'
import { deviceOf, type SbiDevice } from './device.js'
import { throwReported } from './device-error.js'
import { checked, DISCOVERED, LIST } from './messages.js'

export { SBI_PORTS } from './call.js'

const TYPES = ['Finger', 'Iris', 'Face', 'Biometric Device'] as const

export interface DiscoverSbiOptions {
  /** Ports to ask, all of SBI_PORTS unless given. A device may name no other as its own. */
  readonly ports?: readonly number[]
  /** 'Finger' unless given; 'Biometric Device' is any. */
  readonly type?: (typeof TYPES)[number]
  /** Longest wait for all of them, milliseconds, 1 to 60,000; 2,000 unless given. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** What answered, port by port. A port where nothing listens is in neither list. */
export interface SbiDiscovery {
  readonly devices: readonly SbiDevice[]
  /** Services without a device of the type, and what answered as no such service does. */
  readonly failures: readonly { readonly port: number; readonly message: string }[]
}

/**
 * Asks all ports of this machine at once for devices (MOSIPDISC).
 *
 * @throws TypeError, RangeError for options that are not what their type says
 * @throws the signal's reason when it is aborted
 */
export async function discoverSbi(options?: DiscoverSbiOptions): Promise<SbiDiscovery> {
  const asked = readOptions('discoverSbi', options, ['ports', 'type', 'timeoutMs', 'signal'])
  const ports = sbiPorts(asked.ports)
  const type = oneOf('type', asked.type ?? 'Finger', TYPES)
  const timeoutMs = wholeNumber('timeoutMs', asked.timeoutMs ?? 2_000, 1, 60_000)
  const signal = abortSignal('signal', asked.signal)
  const late = new SidikError('DEVICE_UNREACHABLE', `no answer in ${timeoutMs} ms`)
  const found = await within({ timeoutMs, signal, late }, limited =>
    Promise.all(ports.map(port => devicesAt(port, ports, type, limited))),
  )
  return { devices: found.flatMap(({ devices }) => devices), failures: found.flatMap(({ failures }) => failures) }
}

/** @throws TypeError, RangeError */
export function sbiPorts(ports: readonly number[] | undefined): readonly number[] {
  if (ports === undefined) return SBI_PORTS
  if (!Array.isArray(ports) || ports.length === 0) throw new TypeError('ports must be an array of port numbers')
  return [...new Set(ports.map((port, i) => wholeNumber(`ports[${i}]`, port, 1, 65_535)))]
}

async function devicesAt(
  port: number,
  ports: readonly number[],
  type: string,
  signal: AbortSignal,
): Promise<SbiDiscovery> {
  const devices: SbiDevice[] = []
  const failures: { port: number; message: string }[] = []
  try {
    const call = sbiCall('discover', { service: serviceAt(port), body: { type }, signal })
    const answer = await askSbi({ ...call, maxBytes: MAX_INFO_BYTES })
    for (const piece of checked(LIST, answer, 'the list of devices')) {
      try {
        if (!isDevice(piece)) throwReported(piece)
        devices.push(deviceOf(port, ports, checked(DISCOVERED, piece, 'a device of the list')))
      } catch (error) {
        failures.push({ port, message: messageOf(error) })
      }
    }
  } catch (error) {
    if (!isRefused(error)) failures.push({ port, message: messageOf(error) })
  }
  return { devices, failures }
}

/** Services that have none of the type say so in a list of one error. */
function isDevice(piece: unknown): boolean {
  return typeof piece === 'object' && piece !== null && 'deviceStatus' in piece
}

/** Nothing listens there. */
function isRefused(error: unknown): boolean {
  const cause = error instanceof SidikError ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED'
}

/** What is no SidikError is the reason of the caller's signal, who hears it when all ports are done. */
function messageOf(error: unknown): string {
  return error instanceof SidikError ? error.message : 'was not waited for'
}
