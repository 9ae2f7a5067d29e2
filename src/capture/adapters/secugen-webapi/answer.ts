/**
 * What SecuGen's WebAPI answers to SGIFPCapture: JSON of which these members are read.
 *
 *     ErrorCode                          0, or what is wrong (error-codes.ts)
 *     BMPBase64                          the image, 8 bits a pixel, as it was captured
 *     WSQImage                           the same, compressed with loss; taken where there is no BMP
 *     ImageWidth ImageHeight ImageDPI    pixels, pixels, pixels per inch
 *     ImageQuality                       1 to 100
 *     Manufacturer Model SerialNumber
 */
import { z } from 'zod'
import { SidikError } from '../../../errors.js'
import { bytesOfBase64 } from '../../../formats/cbeff/base64.js'
import { decodeImage } from '../../../image/decode.js'
import type { DeviceAnswer } from '../../device-http.js'
import type { CaptureFrame } from '../../source.js'
import { errorOfCode } from './error-codes.js'

/** A number, which some services write as text. */
const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
])
const text = z.string().max(1_000)

const Answer = z.object({ ErrorCode: number.refine(Number.isSafeInteger, 'must be a whole number') })

const Captured = z.object({
  BMPBase64: z.string().nullish(),
  WSQImage: z.string().nullish(),
  ImageWidth: number.nullish(),
  ImageHeight: number.nullish(),
  ImageDPI: number.nullish(),
  ImageQuality: number.nullish(),
  Manufacturer: text.nullish(),
  Model: text.nullish(),
  SerialNumber: text.nullish(),
})

/** The vendor's readers have it unless they state another (FDx SDK Pro manual). */
const READERS_PPI = 500

/** How the two kinds of files begin. */
const BMP = 'BM'
const WSQ = '\xff\xa0'

/** @throws SidikError DEVICE_PROTOCOL */
export function readAnswer(answer: DeviceAnswer): { readonly code: number; readonly json: unknown } {
  if (answer.status !== 200) throw protocolError(`it answers with status ${answer.status} of HTTP`)
  const json = parsed(answer.bytes)
  return { code: checked(Answer, json).ErrorCode, json }
}

/**
 * @param json of an answer with ErrorCode 0
 * @param ppi over what the answer says
 * @throws SidikError DEVICE_PROTOCOL, and what decoding an image throws
 */
export async function frameOfAnswer(json: unknown, adapter: string, ppi: number | undefined): Promise<CaptureFrame> {
  const captured = checked(Captured, json)
  const received = captured.BMPBase64
    ? fileOf('BMPBase64', captured.BMPBase64, BMP)
    : fileOf('WSQImage', captured.WSQImage ?? '', WSQ)
  const image = await decodeImage(received, { ppi: ppi ?? (captured.ImageDPI || READERS_PPI) })
  checkSide('ImageWidth', captured.ImageWidth, image.widthPx)
  checkSide('ImageHeight', captured.ImageHeight, image.heightPx)
  const { Manufacturer: make, Model: model, SerialNumber: serialNumber, ImageQuality: quality } = captured
  return {
    ...image,
    device: {
      adapter,
      ...(make && { make }),
      ...(model && { model }),
      ...(serialNumber && { serialNumber }),
    },
    capturedAt: new Date(),
    ...(typeof quality === 'number' && quality >= 0 && quality <= 100 && { statedQuality: quality }),
    received,
  }
}

/** @throws SidikError for ErrorCode but 0 */
export function checkCode(code: number): void {
  if (code !== 0) throw errorOfCode(code)
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw protocolError(bytes.length === 0 ? 'it answers nothing' : 'its answer is no JSON', cause)
  }
}

function checked<T>(schema: z.ZodType<T>, json: unknown): T {
  const { success, data, error } = schema.safeParse(json)
  if (success) return data
  const [issue] = error.issues
  throw protocolError(`${issue.path.join('.') || 'its answer'} is not what it should be (${issue.message})`)
}

function fileOf(member: string, base64: string, beginning: string): Uint8Array {
  const bytes = bytesOfBase64(base64)
  if (bytes === undefined) throw protocolError(`${member} is no base64`)
  if (bytes.length === 0) throw protocolError('it reports a capture without an image')
  if (String.fromCharCode(...bytes.subarray(0, beginning.length)) === beginning) return bytes
  throw protocolError(`${member} does not begin as such a file does`)
}

function checkSide(member: string, stated: number | null | undefined, px: number): void {
  if (stated == null || stated === px) return
  throw protocolError(`${member} is ${stated}, but the image has ${px}`)
}

function protocolError(what: string, cause?: unknown): SidikError {
  return new SidikError(
    'DEVICE_PROTOCOL',
    `this is not how SecuGen's WebAPI answers: ${what}`,
    cause === undefined ? undefined : { cause },
  )
}
