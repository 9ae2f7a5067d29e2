import { KeyObject } from 'node:crypto'
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { GrayImage } from 'sidik'
import { grayBmp } from '../../../support/bmp.js'
import { issue, type Signer } from '../../../support/certificates.js'

export interface ServiceOptions {
  readonly https?: boolean
  /** The domain of its licence; without one it is in its first 60 days. */
  readonly licence?: { readonly key: string; readonly domain: string }
  /** Whether it sees that a caller is gone before the time that it was told is over. */
  readonly noticesHangUp?: boolean
}

/** A capture that is whole, as the service's pages show it. */
export function capturedAnswer(image: GrayImage): Record<string, unknown> {
  return {
    ErrorCode: 0,
    Manufacturer: 'SecuGen Corp',
    Model: 'HU20',
    SerialNumber: 'H58170604521',
    ImageWidth: image.widthPx,
    ImageHeight: image.heightPx,
    ImageDPI: image.ppi,
    ImageQuality: 78,
    NFIQ: 1,
    ImageDataBase64: null,
    BMPBase64: Buffer.from(grayBmp(image)).toString('base64'),
    TemplateBase64: 'Rk1SACAyMAA=',
    WSQImageSize: 0,
    WSQImage: '',
  }
}

/** SecuGen's WebAPI as its clients see it: a server on loopback with a reader that a test puts fingers on. */
export class SecugenService {
  readonly #options: ServiceOptions
  readonly #sockets = new Set<Socket>()
  #signer: Signer | undefined
  #server: Server | undefined
  #port = 0
  #captures = 0
  #wake = () => {}
  /** Fingers that lie on the sensor, the next capture's first. */
  readonly fingers: GrayImage[] = []
  /** Forms that came in with SGIFPCapture. */
  readonly forms: Record<string, string>[] = []
  /** What it says to the next captures in place of an image. */
  trouble: number | undefined
  /** What it does with the next captures in place of an answer of its own. */
  answer: ((response: ServerResponse) => void) | undefined

  constructor(options: ServiceOptions = {}) {
    this.#options = options
  }

  get url(): string {
    return `${this.#options.https ? 'https' : 'http'}://localhost:${this.#port}`
  }

  get ca(): string {
    return this.#signer?.pem ?? ''
  }

  get engaged(): boolean {
    return this.#captures > 0
  }

  /** A certificate that no authority signed, as the vendor's service brings with it, and its key: the same after a restart. */
  async #pair(): Promise<{ cert: string; key: string }> {
    this.#signer ??= await issue('localhost', { dnsName: 'localhost' })
    const { pem, keys } = this.#signer
    return { cert: pem, key: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString() }
  }

  async start(): Promise<void> {
    const listener = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response)
    const server = this.#options.https ? createHttpsServer(await this.#pair(), listener) : createHttpServer(listener)
    server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>(resolve => server.listen(this.#port, 'localhost', resolve))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise(resolve => server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  put(image: GrayImage): void {
    this.fingers.push(image)
    this.#wake()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const form = Object.fromEntries(new URLSearchParams(body))
    const json = (answer: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    const refusal = this.#licenceCode(form.licstr, request.headers.origin)
    if (request.method !== 'POST' || !/^\/SGI(FPCapture|MatchScore)$/.test(request.url ?? '')) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>404</body></html>')
    } else if (request.url === '/SGIMatchScore') json({ ErrorCode: refusal ?? 4_000, MatchingScore: 0 })
    else {
      this.forms.push(form)
      if (this.answer !== undefined) this.answer(response)
      else if (refusal !== undefined || this.trouble !== undefined) json({ ErrorCode: refusal ?? this.trouble })
      else if (this.engaged) json({ ErrorCode: 59 })
      else json(await this.#capture(Number(form.Timeout), response))
    }
  }

  #licenceCode(key: string | undefined, origin: string | undefined): number | undefined {
    if (origin === undefined) return 10_004
    const { licence } = this.#options
    if (licence === undefined) return undefined
    if (key !== licence.key) return 10_001
    return new URL(origin).hostname === licence.domain ? undefined : 10_002
  }

  async #capture(timeoutMs: number, response: ServerResponse): Promise<object> {
    this.#captures++
    const timeout = new Promise<void>(resolve => setTimeout(resolve, timeoutMs).unref())
    let [over, gone] = [false, false]
    timeout.then(() => {
      over = true
      this.#wake()
    })
    response.on('close', () => {
      gone = this.#options.noticesHangUp ?? true
      this.#wake()
    })
    while (this.fingers.length === 0 && !over && !gone) await new Promise<void>(resolve => (this.#wake = resolve))
    this.#captures--
    const image = gone ? undefined : this.fingers.shift()
    return image === undefined ? { ErrorCode: 54 } : capturedAnswer(image)
  }
}
