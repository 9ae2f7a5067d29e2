import type * as z from 'zod'
import { SidikError } from '../../../errors.js'
import { type OnDeviation, readingOf } from '../../adapter-options.js'
import { framesOfFile } from '../../frames-of-file.js'
import type { CaptureFrame } from '../../source.js'
import { bytesOfBase64Url } from './base64.js'
import { type AskedCapture, PURPOSE, SPEC_VERSION } from './capture-request.js'
import { checkFingers } from './captured-fingers.js'
import { deviceError, isError, throwReported } from './device-error.js'
import { identityOf, readDigitalId } from './digital-id.js'
import { fingerOfName } from './fingers.js'
import { chainedHash } from './hash-chain.js'
import { printable } from './json.js'
import { BIOMETRIC, CAPTURED, checked, LIST } from './messages.js'
import type { SbiSettings } from './options.js'
import { readStatement } from './statement.js'
import { checkedTime } from './time.js'

type Biometric = z.output<typeof BIOMETRIC>
type Captured = z.output<typeof CAPTURED>

/** What one biometric of an answer shows, checked; not decoded. */
interface CheckedPrint {
  readonly finger: number
  readonly record: Uint8Array
  /** What the frame is to say of it. */
  readonly stated: Pick<CaptureFrame, 'device' | 'capturedAt' | 'statedQuality' | 'evidence'>
}

/**
 * The frames of an answer to RCAPTURE, one a biometric. All are checked, and then all decoded, before one is given.
 *
 * @returns also the hash of the last, which the next capture follows
 * @throws SidikError CAPTURE_TAMPERED, CAPTURE_INCOMPLETE, DEVICE_PROTOCOL, what the device reports, and what decoding throws
 */
export async function framesOfAnswer(
  answer: unknown,
  asked: AskedCapture,
  settings: SbiSettings,
): Promise<{ readonly frames: readonly CaptureFrame[]; readonly hash: string }> {
  const biometrics = biometricsOf(answer)
  const at = settings.clock()
  let hash = asked.previousHash
  const prints: CheckedPrint[] = []
  for (const biometric of biometrics) {
    const print = await checkedPrint(biometric, { asked, previousHash: hash, settings, at })
    prints.push(print)
    hash = biometric.hash
  }
  checkFingers(asked.fingers, prints)
  const frames: CaptureFrame[] = []
  for (const print of prints) frames.push(await frameOf(print, asked.transactionId, settings.onDeviation))
  return { frames, hash }
}

/** @throws SidikError what the first one with an error reports */
function biometricsOf(answer: unknown): Biometric[] {
  if (typeof answer !== 'object' || answer === null || !('biometrics' in answer)) {
    throwReported(answer)
    throw new SidikError('DEVICE_PROTOCOL', 'the answer of the device has no biometrics')
  }
  const list = checked(LIST, answer.biometrics, 'the biometrics')
  const biometrics = list.map((biometric, i) => checked(BIOMETRIC, biometric, `biometric ${i + 1}`))
  for (const { error } of biometrics) if (isError(error)) throw deviceError(error)
  return biometrics
}

async function checkedPrint(
  { data, hash, specVersion }: Biometric,
  { asked, previousHash, settings, at }: CheckContext,
): Promise<CheckedPrint> {
  if (data == null || data === '') throw new SidikError('DEVICE_PROTOCOL', 'a biometric has no data')
  const { deviceCertificates, digitalIdCertificates } = settings
  const statement = await readStatement(data, 'what was captured', { certificates: deviceCertificates, at })
  const captured = checked(CAPTURED, statement.payload, 'what was captured')
  const { digitalId, identity } = await readDigitalId(captured.digitalId, { certificates: digitalIdCertificates, at })
  checkOrigin(captured, digitalId.serialNo, asked)
  checkSame('the version of the specification', specVersion, SPEC_VERSION)
  const record = bytesOfBase64Url(captured.bioValue, 'the image')
  if (hash !== chainedHash(previousHash, record)) {
    throw tampered('the hash of what was captured does not follow from the image and the hash before')
  }
  const finger = fingerOfName(captured.bioSubType)
  if (finger === undefined) {
    throw new SidikError('DEVICE_PROTOCOL', `'${printable(captured.bioSubType, 40)}' is no finger`)
  }
  return {
    finger,
    record,
    stated: {
      device: identityOf(digitalId),
      capturedAt: checkedTime(captured.timestamp, at),
      statedQuality: captured.qualityScore,
      evidence: {
        signature: statement.signature,
        identity,
        ...(statement.signedBy !== undefined && { signedBy: statement.signedBy }),
        statement: data,
        previousHash,
        hash,
      },
    },
  }
}

interface CheckContext {
  readonly asked: AskedCapture
  readonly previousHash: string
  readonly settings: SbiSettings
  readonly at: Date
}

/** That it answers this request and comes from the device that was asked. */
function checkOrigin(captured: Captured, serialNo: string, { transactionId, env, device }: AskedCapture): void {
  if (captured.transactionId.toLowerCase() !== transactionId.toLowerCase()) {
    throw tampered('what was captured is of another transaction')
  }
  if (captured.deviceCode !== device.deviceCode || serialNo !== device.digitalId.serialNo) {
    throw tampered('what was captured is of another device than the one that was asked')
  }
  checkSame('the kind', captured.bioType, 'Finger')
  checkSame('the purpose', captured.purpose, PURPOSE)
  checkSame('the environment', captured.env, env)
}

function checkSame(what: string, is: string, wanted: string): void {
  if (is.toLowerCase() === wanted.toLowerCase()) return
  throw new SidikError(
    'DEVICE_PROTOCOL',
    `${what} of what was captured is '${printable(is, 40)}', asked was '${wanted}'`,
  )
}

/** @throws SidikError as framesOfFile, DEVICE_PROTOCOL for what is no record of one image, CAPTURE_INCOMPLETE for another finger's */
async function frameOf(
  { finger, record, stated }: CheckedPrint,
  label: string,
  onDeviation: OnDeviation | undefined,
): Promise<CaptureFrame> {
  // ISO/IEC 19794-4 begins so.
  if (Buffer.compare(record.subarray(0, 4), Buffer.from('FIR\0')) !== 0) {
    throw new SidikError('DEVICE_PROTOCOL', 'what was captured is no finger image record (ISO/IEC 19794-4)')
  }
  const { device, capturedAt, ...signed } = stated
  const [frame, ...more] = await framesOfFile(record, { device, capturedAt, label }, readingOf(label, onDeviation))
  if (more.length > 0)
    throw new SidikError('CAPTURE_INCOMPLETE', 'a record holds several images, where one was asked for')
  const { position = finger } = frame
  if (finger !== 0 && position !== finger) {
    throw new SidikError(
      'CAPTURE_INCOMPLETE',
      `a record says that it is of position ${position}, the device of ${finger}`,
    )
  }
  return { ...frame, ...signed, ...(finger !== 0 && { position: finger }) }
}

function tampered(message: string): SidikError {
  return new SidikError('CAPTURE_TAMPERED', `${message}: do not use it`)
}
