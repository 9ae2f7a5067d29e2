import { SidikError } from '../../../errors.js'
import type { DeviceState } from '../../source.js'
import type { SbiDevice, SbiDeviceStatus } from './device.js'
import { identityOf } from './digital-id.js'
import { discoverSbi, type SbiDiscovery } from './discover.js'
import type { SbiSettings } from './options.js'

const STATES: Record<SbiDeviceStatus, readonly [DeviceState['status'], string]> = {
  Ready: ['ready', 'is ready'],
  Busy: ['busy', 'is at a capture: wait, or end that one'],
  'Not Ready': ['not-ready', 'is not ready: see whether it is attached'],
  'Not Registered': ['not-ready', 'is not registered: register it with its provider'],
}

/** Finds the device of a source, first where it was the last time. */
export class DeviceFinder {
  readonly #settings: Pick<SbiSettings, 'ports' | 'serialNumber'>
  #port: number | undefined

  constructor(settings: Pick<SbiSettings, 'ports' | 'serialNumber'>) {
    this.#settings = settings
  }

  /**
   * @throws the signal's reason
   * @throws SidikError DEVICE_UNREACHABLE where there is none, DEVICE_NOT_READY where there are several, or it is not registered
   */
  async find(signal: AbortSignal): Promise<SbiDevice> {
    const device = await this.#find(signal)
    if (device.status === 'Not Registered') throw new SidikError('DEVICE_NOT_READY', stateOf(device).message)
    return device
  }

  /** @throws the signal's reason */
  async state(signal: AbortSignal): Promise<DeviceState> {
    try {
      return stateOf(await this.#find(signal))
    } catch (error) {
      if (!(error instanceof SidikError) || signal.aborted) throw error
      return { status: error.code === 'DEVICE_UNREACHABLE' ? 'unreachable' : 'not-ready', message: error.message }
    }
  }

  async #find(signal: AbortSignal): Promise<SbiDevice> {
    if (this.#port !== undefined) {
      const known = this.#chosen(await discoverSbi({ ports: [this.#port], signal }))
      if (known.length === 1) return known[0]
    }
    this.#port = undefined
    const discovery = await discoverSbi({ ports: this.#settings.ports, signal })
    const devices = this.#chosen(discovery)
    if (devices.length === 0) throw this.#notFound(discovery)
    if (devices.length > 1) throw severalError(devices)
    this.#port = devices[0].port
    return devices[0]
  }

  /** A device that is not registered has no purpose yet. */
  #chosen({ devices }: SbiDiscovery): SbiDevice[] {
    const { serialNumber } = this.#settings
    return devices.filter(
      ({ digitalId, purpose }) =>
        digitalId.type === 'Finger' &&
        (purpose === 'Registration' || purpose === '') &&
        (serialNumber === undefined || digitalId.serialNo === serialNumber),
    )
  }

  #notFound({ devices, failures }: SbiDiscovery): SidikError {
    const { serialNumber } = this.#settings
    const which = serialNumber === undefined ? 'for registration' : `for registration of serial number ${serialNumber}`
    const others = devices.map(({ port, digitalId, purpose }) => `${nameOf(digitalId)} (${purpose}) at port ${port}`)
    const found = [...others, ...failures.map(({ port, message }) => `port ${port}: ${message}`)]
    return new SidikError(
      'DEVICE_UNREACHABLE',
      `there is no finger scanner ${which}: see whether it is attached and its service runs` +
        (found.length === 0 ? '' : `; found instead: ${found.slice(0, 5).join('; ')}`),
    )
  }
}

function stateOf(device: SbiDevice): DeviceState {
  const [status, message] = STATES[device.status]
  const { digitalId } = device
  return { status, message: `${nameOf(digitalId)} ${message}`, device: identityOf(digitalId) }
}

function severalError(devices: readonly SbiDevice[]): SidikError {
  const list = devices.map(({ digitalId }) => nameOf(digitalId)).join('; ')
  const message = `there are ${devices.length} finger scanners (${list}): say which one (serialNumber)`
  return new SidikError('DEVICE_NOT_READY', message)
}

function nameOf({ make, model, serialNo }: SbiDevice['digitalId']): string {
  return `${make} ${model} (${serialNo})`
}
