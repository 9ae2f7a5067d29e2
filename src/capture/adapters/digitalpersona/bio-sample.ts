/**
 * One sample as the vendor's agent packs it, read to its image: base64url of JSON within JSON (DigitalPersona Access Management API,
 * classes BioSample and FpImage).
 *
 *     {                                       BioSample
 *       "Version": 1,
 *       "Header": {
 *         "Factor": 8,                        fingerprint
 *         "Format": { "FormatOwner": 51, "FormatID": 0 },
 *         "Type": 1,
 *         "Purpose": 0, "Quality": -1,
 *         "Encryption": 0                     1: XTEA
 *       },
 *       "Data": "..."                         base64url of JSON:
 *     }
 *       {                                     FpImage
 *         "Version": 1,
 *         "Header": { "uDataType": 1, "DeviceId": 0, "DeviceType": 0, "iDataAcquisitionProgress": 100 },
 *         "Format": {
 *           "uDataType": 1,                   2D image
 *           "uImageType": 2,                  0 unknown, 1 black and white, 2 gray, 3 colour
 *           "iWidth": 400, "iHeight": 400,    pixels
 *           "iXdpi": 500, "iYdpi": 500,
 *           "uBPP": 8, "uSignificantBpp": 8,  bits a pixel
 *           "uPadding": 2,                    where bits that are not significant lie: 0 nowhere, 1 left, 2 right
 *           "uPolarity": 2,                   0 unknown, 1 negative (ridges bright), 2 positive (ridges dark)
 *           "uRGBcolorRepresentation": 0,
 *           "uPlanes": 1
 *         },
 *         "Compression": 0,                   0 none, 1 JPEG 2000 (Jasper), 2 WSQ
 *         "Data": "..."                       base64url: gray values row by row, or the WSQ file
 *       }
 */
import { z } from 'zod'
import { SidikError } from '../../../errors.js'
import { bytesOfBase64 } from '../../../formats/cbeff/base64.js'

const BioSample = z.object({
  Header: z.object({ Encryption: z.number().nullish() }).nullish(),
  Data: z.string(),
})

const size = z.int().min(1)
const count = z.int().min(0)

const FpImage = z.object({
  Format: z.object({
    iWidth: size,
    iHeight: size,
    iXdpi: count,
    iYdpi: count,
    uBPP: count,
    uSignificantBpp: count.nullish(),
    uImageType: count.nullish(),
    uPlanes: count.nullish(),
    uPolarity: count.nullish(),
  }),
  Compression: count.nullish(),
  Data: z.string(),
})

export interface SampleImage {
  readonly widthPx: number
  readonly heightPx: number
  /** 0 where it is unknown. */
  readonly xPpi: number
  readonly yPpi: number
  /** Whether ridges are bright. */
  readonly negative: boolean
  /** 0 none, 1 JPEG 2000, 2 WSQ; absent where the sample does not say. */
  readonly compression?: number
  readonly bytes: Uint8Array
}

const GRAY_TYPES = [0, 2]
const NEGATIVE = 1

/** @throws SidikError DEVICE_PROTOCOL for what is no such sample, or holds an image of another kind than 8-bit gray */
export function readBioSample(sample: unknown, where: string): SampleImage {
  const { Header, Data } = checked(BioSample, sample, where)
  if (Header?.Encryption) throw protocolError(`${where} is encrypted: the agent must be set up to give it as it is`)
  const inside = bytesFrom(Data, `${where}.Data`)
  const { Format, Compression, Data: data } = checked(FpImage, jsonOf(textOf(inside, where), `${where}.Data`), where)
  const { uBPP, uSignificantBpp, uImageType, uPlanes } = Format
  const bits = uSignificantBpp ?? uBPP
  if (uBPP !== 8 || bits !== 8 || (uPlanes ?? 1) !== 1 || !GRAY_TYPES.includes(uImageType ?? 0)) {
    throw protocolError(
      `${where} has ${bits} bits in ${uBPP} a pixel, ${uPlanes ?? 1} planes and uImageType ${uImageType ?? 0}: gray of 8 bits is read`,
    )
  }
  return {
    widthPx: Format.iWidth,
    heightPx: Format.iHeight,
    xPpi: Format.iXdpi,
    yPpi: Format.iYdpi,
    negative: Format.uPolarity === NEGATIVE,
    ...(typeof Compression === 'number' && { compression: Compression }),
    bytes: bytesFrom(data, `${where}.Data.Data`),
  }
}

/** @throws SidikError DEVICE_PROTOCOL */
export function checked<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  const [issue] = error.issues
  throw protocolError(`${[where, ...issue.path].join('.')} is not what it should be (${issue.message})`)
}

/** @throws SidikError DEVICE_PROTOCOL */
export function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw protocolError(`${where} is no JSON`, cause)
  }
}

/** @throws SidikError DEVICE_PROTOCOL */
export function bytesFrom(base64url: string, where: string): Uint8Array {
  const bytes = bytesOfBase64(base64url)
  if (bytes === undefined || bytes.length === 0) throw protocolError(`${where} holds no base64url`)
  return bytes
}

export function protocolError(what: string, cause?: unknown): SidikError {
  return new SidikError(
    'DEVICE_PROTOCOL',
    `this is not what a DigitalPersona reader gives: ${what}`,
    cause === undefined ? undefined : { cause },
  )
}

function textOf(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw protocolError(`${where}.Data is no text`, cause)
  }
}
