import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface MiddleRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
}

export interface MiddleResponse {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** Somebody between a station and a hub who reads, keeps, alters and repeats what goes over plain HTTP. */
export class HttpMiddle {
  readonly requests: MiddleRequest[] = []
  readonly responses: MiddleResponse[] = []
  alterRequest: (request: MiddleRequest) => unknown = () => {}
  alterResponse: (response: MiddleResponse, request: MiddleRequest) => unknown = () => {}
  readonly #server: Server
  readonly #hubPort: () => number

  private constructor(server: Server, hubPort: () => number) {
    this.#server = server
    this.#hubPort = hubPort
  }

  static async to(hubPort: () => number): Promise<HttpMiddle> {
    const server = createServer()
    const middle = new HttpMiddle(server, hubPort)
    server.on('request', async (from, to) => {
      const headers = Object.fromEntries(Object.entries(from.headers).map(([name, value]) => [name, String(value)]))
      const body = Buffer.concat(await from.toArray())
      const request = { method: from.method ?? '', path: from.url ?? '', headers, body }
      middle.requests.push(structuredCopy(request))
      await middle.alterRequest(request)
      const response = await middle.send(request)
      middle.responses.push(structuredCopy(response))
      middle.alterResponse(response, request)
      to.writeHead(response.status, response.headers).end(response.body)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return middle
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** A request to the hub, whoever made it. */
  send({ method, path, headers, body }: MiddleRequest, port = this.#hubPort()): Promise<MiddleResponse> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest({
        port,
        host: '127.0.0.1',
        method,
        path,
        headers: { ...headers, connection: 'close' },
        agent: false,
      })
      sent.on('error', reject)
      sent.on('response', async response => {
        const fields = Object.entries(response.headers).filter(([name]) => !['connection', 'keep-alive'].includes(name))
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(fields.map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(await response.toArray()),
        })
      })
      sent.end(body)
    })
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}

function structuredCopy<T extends MiddleRequest | MiddleResponse>(message: T): T {
  return { ...message, headers: { ...message.headers }, body: Buffer.from(message.body) }
}
