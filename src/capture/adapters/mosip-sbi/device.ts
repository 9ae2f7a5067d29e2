import type * as z from 'zod'
import { SidikError } from '../../../errors.js'
import { serviceOf } from './call.js'
import { isError, type SbiReportedError } from './device-error.js'
import { type SbiDigitalId, unsignedDigitalId } from './digital-id.js'
import { printable } from './json.js'
import type { DISCOVERED } from './messages.js'

const STATUSES = ['Ready', 'Busy', 'Not Ready', 'Not Registered'] as const

export type SbiDeviceStatus = (typeof STATUSES)[number]

/** A device as its service lists it. Nothing of it is signed. */
export interface SbiDevice {
  /** Where it was found. */
  readonly port: number
  /** Where it is to be called: its callback id, or where it was found. */
  readonly service: string
  /** What its service calls it; empty of a device that is not registered. */
  readonly deviceId: string
  readonly status: SbiDeviceStatus
  /** 1 left slap, 2 right slap, 3 thumbs; 0, or none, of a device that has one sensor. */
  readonly deviceSubIds: readonly number[]
  readonly deviceCode: string
  readonly digitalId: SbiDigitalId
  readonly serviceVersion: string
  readonly specVersions: readonly string[]
  /** 'L0': signs in software; 'L1': in a secure chip. */
  readonly certification: string
  /** 'Registration' or 'Auth'; empty of a device that is not registered. */
  readonly purpose: string
  /** What it says of its status. */
  readonly error?: SbiReportedError
}

/**
 * @param ports where devices may be, beside the one where it was found
 * @throws SidikError DEVICE_PROTOCOL for a status or address that cannot be
 */
export function deviceOf(port: number, ports: readonly number[], listed: z.output<typeof DISCOVERED>): SbiDevice {
  const { deviceId, deviceCode, serviceVersion, certification, purpose, error } = listed
  return {
    port,
    service: serviceOf(listed.callbackId, port, ports).href,
    deviceId,
    status: statusOf(listed.deviceStatus),
    deviceSubIds: listed.deviceSubId,
    deviceCode,
    digitalId: unsignedDigitalId(listed.digitalId),
    serviceVersion,
    specVersions: listed.specVersion,
    certification,
    purpose,
    ...(isError(error) && { error }),
  }
}

/** Services write it in whatever letters. */
export function statusOf(text: string): SbiDeviceStatus {
  const status = STATUSES.find(known => known.toLowerCase() === text.trim().toLowerCase())
  if (status !== undefined) return status
  throw new SidikError('DEVICE_PROTOCOL', `the status of the device is '${printable(text, 40)}', which is none`)
}
