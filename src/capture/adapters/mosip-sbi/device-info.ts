import { SidikError } from '../../../errors.js'
import { abortSignal, callback, readOptions, wholeNumber } from '../../../options.js'
import { within } from '../../../within.js'
import { askSbi, MAX_INFO_BYTES, SBI_PORTS, sbiCall, serviceAt } from './call.js'
import { deviceOf, type SbiDevice } from './device.js'
import { isError, throwReported } from './device-error.js'
import { readDigitalId } from './digital-id.js'
import { jsonOfBase64Url } from './json.js'
import { checked, INFO, INFO_PAYLOAD, LIST } from './messages.js'
import { type SbiTrust, trustSettings } from './options.js'
import { readStatement, type Statement } from './statement.js'

export interface SbiDeviceInfoOptions {
  readonly port: number
  /** Unless given nothing signed is checked. */
  readonly trust?: SbiTrust
  /** What time it is, for the validity of certificates; the system's unless given. */
  readonly clock?: () => Date
  /** Longest wait, milliseconds, 1 to 60,000; 5,000 unless given. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** What a device says of itself, signed. */
export interface SbiDeviceInfo extends SbiDevice {
  readonly firmware: string
  /** For which it is registered: 'Production', 'Pre-Production', 'Staging', 'Developer'; 'None'. */
  readonly env: string
  /** Of all of this; 'unverified' also of a device that is not registered, which cannot sign. */
  readonly signature: Statement['signature']
  /** Of `digitalId`. */
  readonly identity: Statement['signature']
}

/**
 * Asks the service at a port what its devices are (MOSIPDINFO).
 *
 * @throws TypeError, RangeError for options that are not what their type says
 * @throws the signal's reason when it is aborted
 * @throws SidikError CAPTURE_TAMPERED, DEVICE_UNREACHABLE, DEVICE_DISCONNECTED, DEVICE_PROTOCOL, DEVICE_NOT_READY, DEVICE_REFUSED
 */
export async function sbiDeviceInfo(options: SbiDeviceInfoOptions): Promise<SbiDeviceInfo[]> {
  const asked = readOptions('sbiDeviceInfo', options, ['port', 'trust', 'clock', 'timeoutMs', 'signal'])
  const port = wholeNumber('port', asked.port, 1, 65_535)
  const timeoutMs = wholeNumber('timeoutMs', asked.timeoutMs ?? 5_000, 1, 60_000)
  const signal = abortSignal('signal', asked.signal)
  const trust = trustSettings(asked.trust)
  const clock = callback('clock', asked.clock) ?? (() => new Date())
  const late = new SidikError('DEVICE_UNREACHABLE', `the service at port ${port} does not answer in ${timeoutMs} ms`)
  const answer = await within({ timeoutMs, signal, late }, limited =>
    askSbi({ ...sbiCall('info', { service: serviceAt(port), signal: limited }), maxBytes: MAX_INFO_BYTES }),
  )
  const at = clock()
  const infos: SbiDeviceInfo[] = []
  for (const piece of checked(LIST, answer, 'the list of devices')) {
    const { deviceInfo, error } = checked(INFO, piece, 'a device of the list')
    if (deviceInfo == null || deviceInfo === '') {
      throwReported(piece)
      throw new SidikError('DEVICE_PROTOCOL', 'a device of the list has neither information nor an error')
    }
    const { payload, signature } = deviceInfo.includes('.')
      ? await readStatement(deviceInfo, 'the device information', { certificates: trust.deviceCertificates, at })
      : unsigned(deviceInfo, trust.deviceCertificates !== undefined && error.errorCode !== '100')
    const { firmware, env, ...listed } = checked(INFO_PAYLOAD, payload, 'the device information')
    // That of a device which is not registered is unsigned like all else of it.
    const certificates = signature === 'verified' ? trust.digitalIdCertificates : undefined
    const { digitalId, identity } = await readDigitalId(listed.digitalId, { certificates, at })
    const device = deviceOf(port, SBI_PORTS, { ...listed, error })
    infos.push({ ...device, digitalId, firmware, env, signature, identity, ...(isError(error) && { error }) })
  }
  return infos
}

function unsigned(text: string, isWrong: boolean): Pick<Statement, 'payload' | 'signature'> {
  if (isWrong) throw new SidikError('CAPTURE_TAMPERED', 'the device information is not signed: do not use the device')
  return { payload: jsonOfBase64Url(text, 'the device information'), signature: 'unverified' }
}
