/** Readers of SecuGen by the vendor's WebAPI service (SGIBIOSRV), Windows (entry point `sidik/capture/secugen-webapi`). */
import { X509Certificate } from 'node:crypto'
import { SidikError } from '../../../errors.js'
import { readOptions, wholeNumber } from '../../../options.js'
import type { AdapterRequest } from '../../adapter.js'
import { ppiOption } from '../../adapter-options.js'
import { createSource } from '../../create-source.js'
import { callDevice, type DeviceAnswer } from '../../device-http.js'
import type { CaptureFrame, CaptureSource, DeviceState } from '../../source.js'
import { checkCode, frameOfAnswer, readAnswer } from './answer.js'
import { errorOfCode, isLicenceCode, TIMED_OUT } from './error-codes.js'

export interface SecugenOptions {
  /** Of the service: 'https://localhost:8443' unless given. */
  readonly url?: string
  /** The domain that the licence is for, sent as the page's origin: that of `url` unless given. */
  readonly origin?: string
  /** Of the vendor, for that domain; without one the service works for 60 days. */
  readonly licenceKey?: string
  /** Of the image that ends a capture, by the vendor's measure, 1 to 100; 50 unless given, as in the vendor's pages. */
  readonly quality?: number
  /** How hard the reader looks for fingers that are none: 0 not at all, 1 to 9 ever harder; 0 unless given. For readers that can. */
  readonly fakeDetection?: number
  /** Of the reader, 250 to 1,100; what the service states unless given, and 500 where it states nothing. */
  readonly ppi?: number
  /** The certificate (PEM) that the service was installed with, where the system's own store is not asked. */
  readonly ca?: string
}

const NAME = 'secugen-webapi'
const DEFAULT_URL = 'https://localhost:8443'
const DEFAULT_QUALITY = 50

/**
 * Longest wait that the service is told; after it, it is asked again. Nothing says that it notices when its caller hangs up: a
 * capture that was cancelled then keeps the reader for no longer.
 */
const WAIT_MS = 5_000

/** Bits a pixel of the WSQ beside the bitmap: 2.25 (5 : 1) is the better of the two that the service knows, 0.75 the other. */
const WSQ_RATE = '2.25'

/**
 * A source that takes one print a capture. `state` says whether the service answers and its licence holds: it has no call that says
 * whether a reader is attached, so that shows at a capture (DEVICE_NOT_READY).
 *
 * @throws TypeError, RangeError for options that are not what their type says
 */
export function secugenSource(options?: SecugenOptions): CaptureSource {
  const service = new Service(options)
  return createSource({
    name: NAME,
    state: signal => service.state(signal),
    frames: (request, signal) => service.frames(request, signal),
  })
}

class Service {
  readonly #url: URL
  readonly #origin: string
  readonly #form: Readonly<Record<string, string>>
  readonly #ppi: number | undefined
  readonly #ca: string | undefined

  constructor(options: SecugenOptions | undefined) {
    const known = ['url', 'origin', 'licenceKey', 'quality', 'fakeDetection', 'ppi', 'ca'] as const
    const { url, origin, licenceKey, quality, fakeDetection, ppi, ca } = readOptions('secugenSource', options, known)
    this.#url = webAddress('url', url ?? DEFAULT_URL)
    this.#origin = webAddress('origin', origin ?? this.#url.origin).origin
    this.#ppi = ppiOption(ppi)
    this.#ca = certificate('ca', ca)
    this.#form = {
      Quality: String(wholeNumber('quality', quality ?? DEFAULT_QUALITY, 1, 100)),
      licstr: optionalText('licenceKey', licenceKey) ?? '',
      templateFormat: 'ISO',
      imageWSQRate: WSQ_RATE,
      fakeDetection: String(wholeNumber('fakeDetection', fakeDetection ?? 0, 0, 9)),
    }
  }

  /** SGIMatchScore without templates is answered at once and moves no reader. */
  async state(signal: AbortSignal): Promise<DeviceState> {
    try {
      const { licstr, templateFormat } = this.#form
      const { code } = readAnswer(await this.#call('SGIMatchScore', { licstr, templateFormat }, signal))
      if (isLicenceCode(code)) return { status: 'not-ready', message: errorOfCode(code).message }
      return { status: 'ready', message: `SecuGen's WebAPI answers; whether a reader is attached shows at a capture` }
    } catch (error) {
      if (!signal.aborted && error instanceof SidikError) return { status: 'unreachable', message: error.message }
      throw error
    }
  }

  async *frames({ timeoutMs }: AdapterRequest, signal: AbortSignal): AsyncGenerator<CaptureFrame, void, undefined> {
    const end = performance.now() + timeoutMs
    for (;;) {
      const waitMs = Math.max(1, Math.min(WAIT_MS, Math.ceil(end - performance.now())))
      const begun = performance.now()
      const answer = await this.#call('SGIFPCapture', { Timeout: String(waitMs), ...this.#form }, signal)
      const { code, json } = readAnswer(answer)
      const now = performance.now()
      // One that gives up at once is not asked again and again.
      const again = code === TIMED_OUT && now < end && now - begun > waitMs / 2
      if (again) continue
      checkCode(code)
      yield await frameOfAnswer(json, NAME, this.#ppi)
      return
    }
  }

  #call(method: string, form: Record<string, string>, signal: AbortSignal): Promise<DeviceAnswer> {
    return callDevice({
      url: new URL(method, this.#url),
      method: 'POST',
      // Without an origin the service says 10004: it is made for pages.
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: this.#origin },
      body: new URLSearchParams(form).toString(),
      signal,
      ca: this.#ca,
    })
  }
}

function webAddress(name: string, value: unknown): URL {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a web address, as text`)
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new TypeError(`${name} must be a web address that begins with https:// or http://, not '${value}'`)
}

function certificate(name: string, value: unknown): string | undefined {
  const pem = optionalText(name, value)
  try {
    if (pem !== undefined) new X509Certificate(pem)
    return pem
  } catch (cause) {
    throw new TypeError(`${name} must be a certificate as text (PEM)`, { cause })
  }
}

function optionalText(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw new TypeError(`${name} must be text that is not empty`)
}
