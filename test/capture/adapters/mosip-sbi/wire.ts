import { createServer, type Server, type Socket } from 'node:net'

/** Node's own server takes none of the protocol's verbs. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly socket: Socket
}

export interface WireServer {
  readonly port: number
  readonly sockets: ReadonlySet<Socket>
  /** Everything is cut off, and nothing listens any more. */
  disconnect(): Promise<void>
  /** Listens again at the same port. */
  reconnect(): Promise<void>
}

/** A server of HTTP with any verb at 127.0.0.1, one request a connection. */
export async function serve(answer: (request: WireRequest) => void): Promise<WireServer> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    let received = Buffer.alloc(0)
    const take = (piece: Buffer) => {
      received = Buffer.concat([received, piece])
      const request = requestOf(received, socket)
      if (request === undefined) return
      socket.off('data', take)
      socket.resume()
      answer(request)
    }
    socket.on('data', take)
  })
  const port = await listen(server, 0)
  return {
    port,
    sockets,
    disconnect: async () => {
      for (const socket of sockets) socket.resetAndDestroy()
      await new Promise(resolve => server.close(resolve))
    },
    reconnect: async () => void (await listen(server, port)),
  }
}

/** As the simulator of the specification writes it: blank lines after the body. */
export function respond(socket: Socket, body: string | Uint8Array, status = '200 OK'): void {
  const bytes = Buffer.from(body as string)
  socket.write(
    `HTTP/1.1 ${status}\r\nAccess-Control-Allow-Origin: *\r\nCACHE-CONTROL:no-cache\r\nContent-Length: ${bytes.length}\r\n` +
      'Content-Type: application/json\r\nLOCATION: HTTP://127.0.0.1/\r\nConnection: close\r\n\r\n',
  )
  socket.end(Buffer.concat([bytes, Buffer.from('\r\n\r\n')]))
}

function requestOf(received: Buffer, socket: Socket): WireRequest | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first, ...lines] = received.toString('latin1', 0, end).split('\r\n')
  const [method, path] = first.split(' ')
  const headers = Object.fromEntries(lines.map(line => line.split(/:\s*/, 2)).map(([k, v]) => [k.toLowerCase(), v]))
  const body = received.subarray(end + 4)
  if (body.length < Number(headers['content-length'] ?? 0)) return undefined
  return { method, path, headers, body: body.toString(), socket }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as { port: number }).port)
    })
  })
}
