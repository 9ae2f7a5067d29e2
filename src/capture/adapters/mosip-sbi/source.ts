import { createSource } from '../../create-source.js'
import type { CaptureSource } from '../../source.js'
import { askSbi, sbiCall } from './call.js'
import { framesOfAnswer } from './capture-answer.js'
import { askedCapture, captureRequest } from './capture-request.js'
import { MOSIP_SBI } from './digital-id.js'
import { DeviceFinder } from './find-device.js'
import { askedFingers } from './fingers.js'
import { type SbiOptions, sbiSettings } from './options.js'

/** Four fingers of 1,000 ppi, uncompressed, twice in base64, are less. */
const MAX_ANSWER_BYTES = 48 * 1024 * 1024

/**
 * A finger scanner that keeps the MOSIP Device Service specification (Secure Biometric Interface) 0.9.5, for registration: a capture
 * (RCAPTURE) gives one frame a finger, cut out of the slap by the device, each with its signed evidence, and ends.
 *
 * @throws TypeError, RangeError for options that are not what their type says
 */
export function mosipSbiSource(options?: SbiOptions): CaptureSource {
  const settings = sbiSettings(options)
  const finder = new DeviceFinder(settings)
  return createSource({
    name: MOSIP_SBI,
    state: signal => finder.state(signal),
    async *frames({ position, missing, timeoutMs }, signal) {
      // One that says that it is busy may be so with a preview, which a capture may interrupt: that is for it to say.
      const device = await finder.find(signal)
      const asked = askedCapture(device, askedFingers(device.deviceSubIds, position, missing), settings)
      const body = captureRequest(asked, timeoutMs, settings)
      const call = sbiCall('capture', { service: new URL(device.service), body, signal })
      const answer = await askSbi({ ...call, maxBytes: MAX_ANSWER_BYTES })
      const { frames, hash } = await framesOfAnswer(answer, asked, settings)
      settings.chain.moveTo(hash)
      yield* frames
    },
  })
}
