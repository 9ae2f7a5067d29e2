/** What devices send, checked where it comes in (MOSIP Device Service specification 0.9.5). Names are the specification's. */
import * as z from 'zod'
import { SidikError } from '../../../errors.js'

/** Texts for people and names of things; none is longer in practice than a line. */
const text = z.string().max(1_000)
/** Devices write numbers as texts and as numbers. */
const code = z.union([text, z.number()]).transform(String)
const optionalText = text.nullish().transform(value => value ?? '')
const optionalCode = code.nullish().transform(value => value ?? '')

/** Some write its members in small letters throughout. */
const error = z
  .object({ errorCode: optionalCode, errorInfo: optionalText, errorcode: optionalCode, errorinfo: optionalText })
  .nullish()
  .transform(value => ({
    errorCode: value?.errorCode || value?.errorcode || '0',
    errorInfo: value?.errorInfo || value?.errorinfo || '',
  }))

export const ERROR_MESSAGE = z.object({ error })

export const DIGITAL_ID = z.object({
  serialNo: text,
  make: text,
  model: text,
  type: text,
  deviceSubType: optionalText,
  deviceProvider: optionalText,
  deviceProviderId: optionalCode,
  dateTime: optionalText,
})

const device = z.object({
  deviceId: optionalCode,
  deviceStatus: text,
  certification: optionalText,
  serviceVersion: optionalText,
  deviceSubId: shortArray(code).transform(ids => ids.map(Number)),
  callbackId: optionalText,
  digitalId: z.string().max(65_536),
  deviceCode: optionalCode,
  specVersion: shortArray(text),
  purpose: optionalText,
})

export const DISCOVERED = device.extend({ error })

export const INFO = z.object({ deviceInfo: z.string().max(262_144).nullish(), error })

export const INFO_PAYLOAD = device.extend({ firmware: optionalText, env: optionalText })

export const BIOMETRIC = z.object({
  specVersion: optionalText,
  data: z.string().nullish(),
  hash: optionalText,
  error,
})

export const CAPTURED = z.object({
  digitalId: z.string().max(65_536),
  deviceCode: optionalCode,
  bioType: text,
  bioSubType: optionalText,
  purpose: text,
  env: text,
  bioValue: z.string(),
  transactionId: text,
  timestamp: text,
  qualityScore: code.transform(Number).pipe(z.number().min(0).max(100)),
})

/** A list is looked at piece by piece, after it is known to be short: a million wrong pieces would be a million complaints. */
export const LIST = z.array(z.unknown()).max(64)

function shortArray<T extends z.ZodType>(item: T) {
  return z
    .array(z.unknown())
    .max(16)
    .nullish()
    .transform(items => items ?? [])
    .pipe(z.array(item))
}

/** @throws SidikError DEVICE_PROTOCOL naming the member that is not as specified */
export function checked<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [{ path, message }] = result.error.issues
  const member = path.length === 0 ? '' : `, ${path.join('.')}`
  throw new SidikError('DEVICE_PROTOCOL', `${what}${member}: ${message}`)
}
