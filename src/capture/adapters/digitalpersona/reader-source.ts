/** A source of what a reader of the vendor's web clients gives. */
import { SidikError } from '../../../errors.js'
import { callback, oneOf, readOptions } from '../../../options.js'
import { untilAborted } from '../../../until-aborted.js'
import { ppiOption } from '../../adapter-options.js'
import { createSource } from '../../create-source.js'
import type { CaptureFrame, CaptureSource, DeviceState } from '../../source.js'
import { type DigitalPersonaFeedback, digitalPersonaFeedback } from './feedback.js'
import { type DigitalPersonaReader, type ReaderEvent, ReaderEvents } from './reader.js'
import { NAME, SAMPLE_FORMATS } from './sample-formats.js'
import { framesOfDigitalPersonaSamples } from './samples.js'

export interface DigitalPersonaOptions {
  /** The id of one reader, as `enumerateDevices` has it; any reader unless given. */
  readonly deviceUid?: string
  /** 'raw' unless given, which every reader has and which loses nothing; 'png' is not decoded in a browser. */
  readonly sampleFormat?: 'raw' | 'compressed' | 'png'
  /** Over what samples state, 250 to 1,100; needed for a PNG that states none. */
  readonly ppi?: number
  /** Told at once what to do differently, when the reader wants another print. What it throws ends the capture. */
  readonly onFeedback?: (feedback: DigitalPersonaFeedback) => void
}

const METHODS = ['on', 'off', 'enumerateDevices', 'startAcquisition', 'stopAcquisition'] as const

/** Longest wait for a reader to say that it stopped: one whose agent is gone may never say it. */
const STOP_MS = 2_000

/**
 * A source that gives a frame for each print until it is left.
 *
 * @param reader `new Fingerprint.WebApi()`, or a `FingerprintReader`
 * @throws TypeError, RangeError for arguments that are not what their type says
 */
export function digitalPersonaSource(reader: DigitalPersonaReader, options?: DigitalPersonaOptions): CaptureSource {
  for (const method of METHODS) {
    if (typeof reader?.[method] !== 'function') throw new TypeError(`reader must have ${METHODS.join(', ')}`)
  }
  const known = ['deviceUid', 'sampleFormat', 'ppi', 'onFeedback'] as const
  const { deviceUid, sampleFormat = 'raw', ppi, onFeedback } = readOptions('digitalPersonaSource', options, known)
  if (deviceUid !== undefined && (typeof deviceUid !== 'string' || deviceUid === '')) {
    throw new TypeError('deviceUid must be the id of a reader')
  }
  const source = new ReaderSource(reader, {
    deviceUid,
    sampleFormat: SAMPLE_FORMATS[oneOf('sampleFormat', sampleFormat, ['raw', 'compressed', 'png'])],
    ppi: ppiOption(ppi),
    onFeedback: callback('onFeedback', onFeedback),
  })
  return createSource({
    name: NAME,
    state: signal => source.state(signal),
    frames: (_, signal) => source.frames(signal),
  })
}

interface Wanted {
  readonly deviceUid: string | undefined
  readonly sampleFormat: number
  readonly ppi: number | undefined
  readonly onFeedback: DigitalPersonaOptions['onFeedback']
}

class ReaderSource {
  readonly #reader: DigitalPersonaReader
  readonly #wanted: Wanted

  constructor(reader: DigitalPersonaReader, wanted: Wanted) {
    this.#reader = reader
    this.#wanted = wanted
  }

  async state(signal: AbortSignal): Promise<DeviceState> {
    const events = new ReaderEvents(this.#reader, this.#wanted.deviceUid)
    try {
      const uids = await this.#attached(events, signal)
      const device = { adapter: NAME, ...(uids.length === 1 && { serialNumber: uids[0] }) }
      return { status: 'ready', message: `attached: ${uids.join(', ')}`, device }
    } catch (error) {
      if (signal.aborted || !(error instanceof SidikError)) throw error
      return { status: error.code === 'DEVICE_UNREACHABLE' ? 'unreachable' : 'not-ready', message: error.message }
    } finally {
      events.close()
    }
  }

  async *frames(signal: AbortSignal): AsyncGenerator<CaptureFrame, void, undefined> {
    const { deviceUid, sampleFormat } = this.#wanted
    const events = new ReaderEvents(this.#reader, deviceUid)
    let begun = false
    try {
      await this.#attached(events, signal)
      begun = true
      await this.#asked(() => this.#reader.startAcquisition(sampleFormat, deviceUid), events, signal)
      for (;;) yield* await this.#framesOf(await events.next(signal))
    } finally {
      events.close()
      if (begun) await this.#stop()
    }
  }

  /** @throws SidikError DEVICE_NOT_READY when there is no reader, or not the one that is wanted; and as `#asked` */
  async #attached(events: ReaderEvents, signal: AbortSignal): Promise<string[]> {
    const uids: unknown = await this.#asked(() => this.#reader.enumerateDevices(), events, signal)
    if (!Array.isArray(uids) || !uids.every(uid => typeof uid === 'string')) {
      throw new SidikError(
        'DEVICE_PROTOCOL',
        'enumerateDevices does not give ids of readers: see what reader was given',
      )
    }
    const wanted = this.#wanted.deviceUid?.toLowerCase()
    const found = wanted === undefined ? uids : uids.filter(uid => uid.toLowerCase() === wanted)
    if (found.length > 0) return found
    const which = wanted === undefined ? 'no fingerprint reader' : `not the reader ${this.#wanted.deviceUid}`
    throw new SidikError('DEVICE_NOT_READY', `${which} is attached: plug it in, and capture again`)
  }

  async #asked<T>(call: () => Promise<T>, events: ReaderEvents, signal: AbortSignal): Promise<T> {
    try {
      return await untilAborted((async () => call())(), signal)
    } catch (cause) {
      if (signal.aborted) throw signal.reason
      if (events.communicationFailed) {
        throw new SidikError(
          'DEVICE_UNREACHABLE',
          "the vendor's agent does not answer: see whether HID Authentication Device Client (or a DigitalPersona client) runs",
          { cause },
        )
      }
      // Errors of a page's other realms are no instances of Error here.
      const said = (cause as { message?: unknown } | undefined)?.message ?? cause
      throw new SidikError('DEVICE_REFUSED', `the DigitalPersona agent refuses: ${said}`, { cause })
    }
  }

  async #framesOf({ type, event, at }: ReaderEvent): Promise<CaptureFrame[]> {
    const { ppi, onFeedback } = this.#wanted
    switch (type) {
      case 'SamplesAcquired':
        return framesOfDigitalPersonaSamples(event, { capturedAt: at, ...(ppi !== undefined && { ppi }) })
      case 'QualityReported': {
        const feedback = digitalPersonaFeedback(Number(event.quality))
        if (feedback !== undefined) onFeedback?.(feedback)
        return []
      }
      case 'ErrorOccurred':
        throw new SidikError(
          'DEVICE_REFUSED',
          `the DigitalPersona reader reports error ${hex(event.error)}: lift the finger, and capture again`,
        )
      case 'DeviceDisconnected':
        throw new SidikError(
          'DEVICE_DISCONNECTED',
          'the fingerprint reader was unplugged: plug it in, and capture again',
        )
      case 'CommunicationFailed':
        throw new SidikError(
          'DEVICE_DISCONNECTED',
          "the connection to the vendor's agent broke: see whether it runs, and capture again",
        )
    }
  }

  /** Whether it works is not waited for for long: the capture is over, and its reader may be what failed. */
  async #stop(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const enough = new Promise<void>(resolve => {
      timer = setTimeout(resolve, STOP_MS)
    })
    const stopped = (async () => this.#reader.stopAcquisition(this.#wanted.deviceUid))().catch(() => {})
    await Promise.race([stopped, enough])
    clearTimeout(timer)
  }
}

/** Results of Windows are known by their hexadecimal form. */
function hex(error: unknown): string {
  return typeof error === 'number' ? `0x${(error >>> 0).toString(16).padStart(8, '0')}` : String(error)
}
