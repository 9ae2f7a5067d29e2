/** A reader as the vendor's clients have it, and its events in the order in which they came. */
import { SidikError } from '../../../errors.js'
import { untilAborted } from '../../../until-aborted.js'

/** What is used of `Fingerprint.WebApi` (@digitalpersona/fingerprint) and `FingerprintReader` (@digitalpersona/devices). */
export interface DigitalPersonaReader {
  on(event: string, handler: (event: unknown) => void): unknown
  off(event: string, handler: (event: unknown) => void): unknown
  enumerateDevices(): Promise<string[]>
  startAcquisition(sampleFormat: number, deviceUid?: string): Promise<void>
  stopAcquisition(deviceUid?: string): Promise<void>
}

export interface ReaderEvent {
  readonly type: (typeof EVENTS)[number]
  readonly event: Readonly<Record<string, unknown>>
  readonly at: Date
}

const EVENTS = [
  'SamplesAcquired',
  'QualityReported',
  'ErrorOccurred',
  'DeviceDisconnected',
  'CommunicationFailed',
] as const

/** Events that wait to be taken: prints of so many tries are those of a caller that is gone, not of the person who is served next. */
const MOST_WAITING = 32

/** The events of one capture, or of one question. */
export class ReaderEvents {
  readonly #reader: DigitalPersonaReader
  readonly #handlers: [name: string, handler: (event: unknown) => void][]
  readonly #waiting: ReaderEvent[] = []
  #overflowed = false
  #wake: (() => void) | undefined
  /** Whether the agent could not be reached, or no longer. */
  communicationFailed = false

  /** @param deviceUid of the one reader whose events count; of all unless given */
  constructor(reader: DigitalPersonaReader, deviceUid: string | undefined) {
    this.#reader = reader
    this.#handlers = EVENTS.map(type => [
      type,
      given => {
        const event = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
        if (type === 'CommunicationFailed') this.communicationFailed = true
        else if (deviceUid !== undefined && !isOf(event, deviceUid)) return
        if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ type, event, at: new Date() })
        else this.#overflowed = true
        this.#wake?.()
      },
    ])
    for (const [type, handler] of this.#handlers) reader.on(type, handler)
  }

  /**
   * @throws the signal's reason
   * @throws SidikError CAPTURE_INCOMPLETE when more came than were kept
   */
  async next(signal: AbortSignal): Promise<ReaderEvent> {
    if (this.#overflowed) {
      throw new SidikError(
        'CAPTURE_INCOMPLETE',
        `more than ${MOST_WAITING} events of the reader were not taken in time: capture again, and take frames as they come`,
      )
    }
    while (this.#waiting.length === 0) {
      await untilAborted(new Promise<void>(resolve => (this.#wake = resolve)), signal)
    }
    return this.#waiting.shift()!
  }

  close(): void {
    for (const [type, handler] of this.#handlers) this.#reader.off(type, handler)
  }
}

/** The one client says deviceUid, the other deviceId. */
function isOf({ deviceUid, deviceId }: Readonly<Record<string, unknown>>, wanted: string): boolean {
  const uid = deviceUid ?? deviceId
  return typeof uid !== 'string' || uid.toLowerCase() === wanted.toLowerCase()
}
