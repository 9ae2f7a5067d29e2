import { connect, createServer } from 'node:net'

/** A line to a port of this machine that counts what goes over it, and is cut when told to. */
export class CountingLine {
  up = 0
  down = 0
  /** Called with the bytes that have gone up in all; true cuts the line. */
  cutAt = () => false
  #server

  static async to(port) {
    const line = new CountingLine()
    line.#server = createServer({ noDelay: true }, client =>
      line.#join(client, connect({ port, host: '127.0.0.1', noDelay: true })),
    )
    await new Promise(resolve => line.#server.listen(0, '127.0.0.1', resolve))
    return line
  }

  get port() {
    return this.#server.address().port
  }

  close() {
    this.#server.close()
  }

  #join(client, hub) {
    const cut = () => {
      client.resetAndDestroy()
      hub.resetAndDestroy()
    }
    for (const end of [client, hub]) end.on('error', cut).on('close', cut)
    client.on('data', data => {
      this.up += data.length
      hub.write(data)
      if (this.cutAt(this.up)) setImmediate(cut)
    })
    hub.on('data', data => {
      this.down += data.length
      client.write(data)
    })
  }
}
