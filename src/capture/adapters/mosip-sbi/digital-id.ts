import { SidikError } from '../../../errors.js'
import type { DeviceIdentity } from '../../source.js'
import { jsonOfBase64Url } from './json.js'
import { checked, DIGITAL_ID } from './messages.js'
import { readStatement, type Statement, type Trust } from './statement.js'

/** Name of the adapter. */
export const MOSIP_SBI = 'mosip-sbi'

/** What a device says it is; texts are empty where it does not say. */
export interface SbiDigitalId {
  readonly serialNo: string
  readonly make: string
  readonly model: string
  /** 'Finger', 'Iris' or 'Face'. */
  readonly type: string
  /** Of finger scanners 'Slap', 'Single' or 'Touchless'. */
  readonly deviceSubType: string
  readonly deviceProvider: string
  readonly deviceProviderId: string
  /** When it said so, ISO 8601. */
  readonly dateTime: string
}

const WHAT = 'the digital id'

/** Of devices that are not registered, and in discovery, which has all of them unsigned. */
export function unsignedDigitalId(text: string): SbiDigitalId {
  // Some sign it there, too.
  const [first, second] = text.split('.', 2)
  return checked(DIGITAL_ID, jsonOfBase64Url(second ?? first, WHAT), WHAT)
}

/** @throws SidikError CAPTURE_TAMPERED, DEVICE_PROTOCOL */
export async function readDigitalId(
  text: string,
  trust: Trust,
): Promise<{ readonly digitalId: SbiDigitalId; readonly identity: Statement['signature'] }> {
  if (!text.includes('.')) {
    if (trust.certificates !== undefined) {
      throw new SidikError('CAPTURE_TAMPERED', `${WHAT} is not signed: do not use the device`)
    }
    return { digitalId: unsignedDigitalId(text), identity: 'unverified' }
  }
  const { payload, signature } = await readStatement(text, WHAT, trust)
  return { digitalId: checked(DIGITAL_ID, payload, WHAT), identity: signature }
}

export function identityOf({ make, model, serialNo }: SbiDigitalId): DeviceIdentity {
  return { adapter: MOSIP_SBI, make, model, serialNumber: serialNo }
}
