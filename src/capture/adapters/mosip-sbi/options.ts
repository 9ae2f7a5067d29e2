import type { X509Certificate } from 'node:crypto'
import { callback, oneOf, readOptions, wholeNumber } from '../../../options.js'
import type { OnDeviation } from '../../adapter-options.js'
import { certificatesOfPem } from './certificates.js'
import { sbiPorts } from './discover.js'
import { SbiHashChain } from './hash-chain.js'

const ENVIRONMENTS = ['Production', 'Pre-Production', 'Staging', 'Developer'] as const

/** Whom to trust: certificates in PEM, each of which may have issued a device's certificate, or the one that issued that, or be it. */
export interface SbiTrust {
  /** Of the keys that sign captures: the device provider's, or the one that issued that. */
  readonly device: string | readonly string[]
  /**
   * Of the keys that sign what a device is: the provider's of the secure chip for L1 devices, the same as `device` for L0 ones, both
   * where there are both. Unless given, digital ids stay unverified.
   */
  readonly digitalId?: string | readonly string[]
}

/** Which device. */
export interface SbiDeviceOptions {
  /** Where to look for it; 4501 to 4600 unless given. */
  readonly ports?: readonly number[]
  /** Which of several: `digitalId.serialNo`. */
  readonly serialNumber?: string
}

export interface SbiOptions extends SbiDeviceOptions {
  /** For which the device is registered; 'Production' unless given. */
  readonly env?: (typeof ENVIRONMENTS)[number]
  /** Quality (NFIQ 2, of a slap the mean) at which the device need not wait for a better image, 1 to 100; 40 unless given. */
  readonly requestedScore?: number
  /** Unless given nothing signed is checked, and frames say so (`evidence`). */
  readonly trust?: SbiTrust
  /** The captures of one person, over all sources; one of its own unless given. */
  readonly chain?: SbiHashChain
  /** Parameters of the vendor's. */
  readonly customOpts?: Readonly<Record<string, unknown>>
  /** Called where a record (of the transaction named) deviates from its standard, and is read all the same; such a capture fails without it. */
  readonly onDeviation?: OnDeviation
  /** What time it is, for the validity of certificates; the system's unless given. */
  readonly clock?: () => Date
}

/** Options as they are used. */
export interface SbiSettings {
  readonly ports: readonly number[]
  readonly serialNumber: string | undefined
  readonly env: string
  readonly requestedScore: number
  readonly deviceCertificates: readonly X509Certificate[] | undefined
  readonly digitalIdCertificates: readonly X509Certificate[] | undefined
  readonly chain: SbiHashChain
  readonly customOpts: Readonly<Record<string, unknown>> | null
  readonly onDeviation: OnDeviation | undefined
  readonly clock: () => Date
}

const NAMES: readonly (keyof SbiOptions)[] = [
  'ports',
  'serialNumber',
  'env',
  'requestedScore',
  'trust',
  'chain',
  'customOpts',
  'onDeviation',
  'clock',
]

/** @throws TypeError, RangeError */
export function sbiSettings(options: SbiOptions | undefined): SbiSettings {
  const { env, requestedScore, trust, chain, customOpts, onDeviation, clock, ...which } = readOptions(
    'mosipSbiSource',
    options,
    NAMES,
  )
  if (chain !== undefined && !(chain instanceof SbiHashChain)) throw new TypeError('chain must be a SbiHashChain')
  if (customOpts !== undefined && (typeof customOpts !== 'object' || customOpts === null)) {
    throw new TypeError('customOpts must be an object')
  }
  return {
    ...deviceSettings(which),
    env: oneOf('env', env ?? 'Production', ENVIRONMENTS),
    requestedScore: wholeNumber('requestedScore', requestedScore ?? 40, 1, 100),
    ...trustSettings(trust),
    chain: chain ?? new SbiHashChain(),
    customOpts: customOpts ?? null,
    onDeviation: callback('onDeviation', onDeviation),
    clock: callback('clock', clock) ?? (() => new Date()),
  }
}

/** @throws TypeError, RangeError */
export function deviceSettings({ ports, serialNumber }: SbiDeviceOptions): Pick<SbiSettings, 'ports' | 'serialNumber'> {
  if (serialNumber !== undefined && typeof serialNumber !== 'string') {
    throw new TypeError('serialNumber must be a string')
  }
  return { ports: sbiPorts(ports), serialNumber }
}

/** @throws TypeError */
export function trustSettings(
  trust: SbiTrust | undefined,
): Pick<SbiSettings, 'deviceCertificates' | 'digitalIdCertificates'> {
  if (trust === undefined) return { deviceCertificates: undefined, digitalIdCertificates: undefined }
  const { device, digitalId } = readOptions('trust', trust, ['device', 'digitalId'])
  return {
    deviceCertificates: certificatesOfPem('trust.device', device),
    digitalIdCertificates: digitalId === undefined ? undefined : certificatesOfPem('trust.digitalId', digitalId),
  }
}
