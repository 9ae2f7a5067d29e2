import type { IncomingMessage } from 'node:http'
import { SidikError } from '../../../errors.js'
import { decodeImage } from '../../../image/decode.js'
import { readOptions } from '../../../options.js'
import { ppiOption } from '../../adapter-options.js'
import { createSource } from '../../create-source.js'
import { contentTypeOf, type DeviceCall, openAnswer, partsOf } from '../../device-http.js'
import type { CaptureFrame, CaptureSource } from '../../source.js'
import { MAX_INFO_BYTES, sbiCall } from './call.js'
import { throwReported } from './device-error.js'
import { identityOf, MOSIP_SBI } from './digital-id.js'
import { DeviceFinder } from './find-device.js'
import { askedFingers } from './fingers.js'
import { jsonOfBytes } from './json.js'
import { boundaryOf, MultipartSplitter } from './multipart.js'
import { deviceSettings, type SbiDeviceOptions } from './options.js'

export interface SbiPreviewOptions extends SbiDeviceOptions {
  /** What frames say is their resolution, pixels per inch, 250 to 1,100; 500 unless given. Streams do not say it. */
  readonly ppi?: number
}

/** When the device ends a stream by itself; the specification's own number. */
const STREAM_MS = 300_000

/** Images are looked at for one of these beginnings: JPEG, by its specification. */
const JPEG = Buffer.from([0xff, 0xd8])

/**
 * What the device shows while fingers are placed (STREAM): frames to look at, of the sensor that captures `position`, until the capture
 * is left, for 5 minutes at most. They bear no evidence, and may bear markings: prints come from `mosipSbiSource`, which may capture
 * meanwhile.
 *
 * @throws TypeError, RangeError for options that are not what their type says
 */
export function mosipSbiPreview(options?: SbiPreviewOptions): CaptureSource {
  const { ppi: stated, ...which } = readOptions('mosipSbiPreview', options, ['ports', 'serialNumber', 'ppi'])
  const ppi = ppiOption(stated) ?? 500
  const finder = new DeviceFinder(deviceSettings(which))
  return createSource({
    name: MOSIP_SBI,
    state: signal => finder.state(signal),
    async *frames({ position, missing }, signal) {
      const found = await finder.find(signal)
      const { deviceId, service, deviceSubIds, digitalId } = found
      const deviceSubId = String(askedFingers(deviceSubIds, position, missing).deviceSubId)
      const body = { deviceId, deviceSubId, timeout: String(STREAM_MS) }
      const call = sbiCall('stream', { service: new URL(service), body, signal })
      const begun = performance.now()
      const device = identityOf(digitalId)
      for await (const image of imagesOf(await openAnswer(call), call)) {
        const frame: CaptureFrame = {
          ...(await decodeImage(image, { ppi })),
          device,
          capturedAt: new Date(),
          received: image,
        }
        yield frame
      }
      if (performance.now() - begun < STREAM_MS) {
        throw new SidikError('DEVICE_DISCONNECTED', 'the stream of the device ended: see whether it is attached')
      }
    },
  })
}

async function* imagesOf(message: IncomingMessage, call: DeviceCall): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const boundary = boundaryOf(contentTypeOf(message))
  if (boundary === undefined) throw await refusal(message, call)
  const splitter = new MultipartSplitter(boundary)
  for await (const piece of partsOf(message, call)) {
    for (const part of splitter.push(piece)) {
      if (JPEG.equals(part.subarray(0, JPEG.length))) yield part
      else throwReported(jsonOfBytes(part, 'a part of the stream'))
    }
  }
}

/** What is no stream says why. */
async function refusal(message: IncomingMessage, call: DeviceCall): Promise<SidikError> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of partsOf(message, call)) {
    pieces.push(piece)
    size += piece.length
    if (size > MAX_INFO_BYTES) break
  }
  throwReported(jsonOfBytes(Buffer.concat(pieces), 'the answer of the device'))
  return new SidikError('DEVICE_PROTOCOL', 'the device answers with neither a stream nor an error')
}
