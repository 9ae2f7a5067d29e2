/** What libfprint's virtual image device gets (entry point `sidik/capture/libfprint`): bridges to sensors, and its own test programs. */
import { callback, fileName, readOptions } from '../../../options.js'
import { deviceOption, ppiOption, type StatedDevice } from '../../adapter-options.js'
import { createSource } from '../../create-source.js'
import type { CaptureSource } from '../../source.js'
import type { FingerFeedback } from './codes.js'
import { LibfprintAdapter } from './libfprint-adapter.js'

export type { FingerFeedback, FingerFeedbackCode } from './codes.js'

export interface LibfprintSourceOptions {
  /** Where to listen: what FP_VIRTUAL_IMAGE names to the programs that send. At most 100 bytes of UTF-8. */
  readonly socketPath: string
  /** Of all frames, 250 to 1,100: nothing in them says, nor does any driver of libfprint 1.94.9. */
  readonly ppi: number
  /** What is known of the sensor; goes into each frame. */
  readonly device?: StatedDevice
  /** Called when a scan failed and the person should try again; the capture goes on. */
  readonly onFeedback?: (feedback: FingerFeedback) => void
  /** Called when a finger is put on the sensor or lifted, as far as the sender says. */
  readonly onFinger?: (present: boolean) => void
}

/** sockaddr_un holds 108 bytes on Linux, 104 on the BSDs; Node cuts longer names short without a word. */
const MAX_PATH_BYTES = 100

/**
 * Listens as libfprint's virtual image device does (wire.ts draws the bytes), from the first call of `state` or the first capture until
 * it is closed, and gives the frames that are sent. While no capture runs nothing is read: what was sent waits, and its sender with it.
 * Several programs may be connected (8); their frames come in the order in which they are whole.
 *
 * Its captures throw what `CaptureSource.capture` says: DEVICE_DISCONNECTED when a sender goes away in the middle of a frame,
 * DEVICE_BUSY, DEVICE_NOT_READY, DEVICE_REFUSED, DEVICE_DISCONNECTED for errors that are sent, DEVICE_PROTOCOL for what is none of this
 * (its connection is closed), DEVICE_BUSY when another program listens, DEVICE_UNREACHABLE when there can be no socket.
 *
 * @throws TypeError, RangeError for an option that is not what its type says
 */
export function libfprintSource(options: LibfprintSourceOptions): CaptureSource {
  const names = ['socketPath', 'ppi', 'device', 'onFeedback', 'onFinger'] as const
  const given = readOptions('libfprintSource', options, names)
  const socketPath = fileName('socketPath', given.socketPath)
  if (socketPath === undefined) throw new TypeError('socketPath must be the name of a socket')
  if (Buffer.byteLength(socketPath) > MAX_PATH_BYTES) {
    throw new RangeError(
      `socketPath is longer than ${MAX_PATH_BYTES} bytes, which is all that a socket's name can have`,
    )
  }
  const ppi = ppiOption(given.ppi)
  if (ppi === undefined) throw new TypeError('ppi must be given: frames of libfprint do not state their resolution')
  return createSource(
    new LibfprintAdapter({
      socketPath,
      ppi,
      device: deviceOption('libfprint', given.device),
      onFeedback: callback('onFeedback', given.onFeedback) ?? (() => {}),
      onFinger: callback('onFinger', given.onFinger) ?? (() => {}),
    }),
  )
}
