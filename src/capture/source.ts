/**
 * The one contract of all sources of prints: scanners, services of vendors, folders, frames pushed by a host application.
 * An adapter is a factory, `(options) => CaptureSource`, made by `createSource`; what is written here holds for each of them, and
 * test/capture/contract.ts holds them to it.
 */
import type { GrayImage } from '../types.js'

/** How the finger met the sensor; the standards' lists of impression types, shortened to what scanners do. */
export type Impression = 'plain' | 'rolled' | 'swipe' | 'contactless'

/** Which device a frame came from, as far as its adapter knows. */
export interface DeviceIdentity {
  /** Of the adapter: 'folder', 'mosip-sbi'. */
  readonly adapter: string
  readonly make?: string
  readonly model?: string
  readonly serialNumber?: string
}

/**
 * What a device signed of a frame, and what of that was checked. What was checked and is wrong is CAPTURE_TAMPERED, and no frame.
 */
export interface CaptureEvidence {
  /**
   * `verified`: the signature is that of the certificate, and certificates lead from there to one that the caller trusts.
   * `unverified`: the caller named none to trust, and nothing was checked.
   */
  readonly signature: 'verified' | 'unverified'
  /** The same of what the device says it is (make, model, serial number). */
  readonly identity: 'verified' | 'unverified'
  /** Subject of the certificate, where there is one. */
  readonly signedBy?: string
  /** What was signed with its signature, as it came (a JSON Web Signature, RFC 7515): whoever gets it can check it again. */
  readonly statement: string
  /** Hex, of this frame and all before it in its session: `hash` follows from `previousHash` and what was received. */
  readonly previousHash: string
  readonly hash: string
}

/**
 * One image of one capture: 8-bit gray that `engine.extract`, `segmentSlap` and `chooseFrame` take as it is. Plain data, that may be
 * sent to a worker.
 */
export interface CaptureFrame extends GrayImage {
  /** A code of FRICTION_RIDGE_POSITIONS (`sidik/formats`), one finger or a slap; absent where the source does not say. */
  readonly position?: number
  readonly impression?: Impression
  /** Fingers (1 to 10) of which the source says that a slap is without them. */
  readonly missing?: readonly number[]
  readonly device: DeviceIdentity
  /** When the source says that it was taken, else when it arrived. */
  readonly capturedAt: Date
  /** What the source calls it: a file's name, a transaction's number. */
  readonly label?: string
  /** 0 to 100, as the source measured it; each measures differently. */
  readonly statedQuality?: number
  /** What the frame was decoded from, byte for byte, where it came as a file or record: what was signed, or has to be passed on. */
  readonly received?: Uint8Array
  /** Where the device signs what it captures. */
  readonly evidence?: CaptureEvidence
}

/** How a device is just now. Returned, never thrown: a person can do something about it. */
export interface DeviceState {
  /** `unreachable`: nothing answers, or what answers is no such device. */
  readonly status: 'ready' | 'busy' | 'not-ready' | 'unreachable'
  /** For the operator: what it is, and what to do unless it is ready. */
  readonly message: string
  readonly device?: DeviceIdentity
}

export interface StateRequest {
  /** Longest wait for the device's answer, milliseconds, 1 to 3,600,000; 5,000 unless given. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface CaptureRequest {
  /** What to capture: a code of FRICTION_RIDGE_POSITIONS; whatever comes unless given. */
  readonly position?: number
  /** Fingers that are not there (1 to 10), which a slap is then captured without. */
  readonly missing?: readonly number[]
  /** Longest wait for the next frame, milliseconds, 1 to 3,600,000; 30,000 unless given. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Frames in the order in which they were taken. Leaving a `for await` early cancels the capture and lets the device go. */
export interface Capture extends AsyncIterableIterator<CaptureFrame> {
  return(): Promise<IteratorReturnResult<undefined>>
}

/**
 * A source of prints. One capture at a time. A capture ends when the source has no more to give (a device that takes one image), or
 * goes on until it is left (a stream, a folder).
 */
export interface CaptureSource {
  /** The adapter's name. */
  readonly adapter: string

  /**
   * How the device is. It is asked each time.
   *
   * @throws the signal's reason when it is aborted
   * @throws SidikError SOURCE_CLOSED
   */
  state(request?: StateRequest): Promise<DeviceState>

  /**
   * Begins a capture; the device is engaged when the first frame is asked for. To ask for the next frame says that the one before is in
   * safe keeping, as `accept` does.
   *
   * Its `next` rejects, after the device was let go, with the signal's reason when that is aborted and with SidikError CAPTURE_TIMEOUT when
   * no frame comes in time, DEVICE_BUSY (also while another capture of this source runs), DEVICE_NOT_READY, DEVICE_UNREACHABLE,
   * DEVICE_DISCONNECTED, DEVICE_REFUSED, DEVICE_PROTOCOL, CAPTURE_INCOMPLETE, CAPTURE_TAMPERED, SOURCE_CLOSED, with what decoding an
   * image throws, and what `accept` does. Every frame given until then is whole.
   *
   * @throws TypeError, RangeError for a request that is not what its type says
   */
  capture(request?: CaptureRequest): Capture

  /**
   * Says that a frame is in safe keeping: a source that outlives its process (a folder) gives it never again. Others have nothing to
   * remember.
   *
   * @throws SidikError SOURCE_CLOSED; FILE_UNWRITABLE where it cannot be remembered
   */
  accept(frame: CaptureFrame): Promise<void>

  /** Cancels what runs, and lets the device go. Calls after the first do nothing. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
