/** An index of persons in another process, over a socket; it can be killed, and started again on what it has kept. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type ErrorCode, SidikError } from 'sidik'
import type { CallOptions, PersonIndex } from 'sidik/station'

const SERVER = fileURLToPath(new URL('index-server.js', import.meta.url))

export class IndexServer {
  readonly #folder: string
  #child: ChildProcess | undefined
  #port = 0

  /** @param folder in which it keeps the persons */
  constructor(folder: string) {
    this.#folder = folder
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`
  }

  /** Starts it, on the port that it had. */
  async start(): Promise<void> {
    const stdio = ['ignore', 'pipe', 'inherit'] as const
    const child = spawn(process.execPath, [SERVER, this.#folder, String(this.#port)], { stdio: [...stdio] })
    this.#child = child
    const ended = once(child, 'exit').then(() => {
      throw new Error('the index did not start')
    })
    ended.catch(() => {})
    const [said] = await Promise.race([once(child.stdout!, 'data'), ended])
    this.#port = Number(said)
  }

  /** Kills it, whatever it is doing. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}

const asBase64 = (_: string, value: unknown) =>
  value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value

/** The index that a server keeps. */
export function remoteIndex({ url }: { readonly url: string }): PersonIndex {
  // A client that is made later counts on from later.
  let call = performance.timeOrigin + performance.now()
  const ask = async (name: string, given: readonly unknown[], signal: AbortSignal | undefined) => {
    const body = JSON.stringify({ name, given, call: ++call }, asBase64)
    const response = await fetch(url, { method: 'POST', body, ...(signal && { signal }) })
    const said = (await response.json()) as { answer?: unknown; code?: string; message?: string }
    if (response.ok) return said.answer as never
    throw said.code === undefined ? new Error(said.message) : new SidikError(said.code as ErrorCode, said.message ?? '')
  }
  return {
    upsert: (person, options) => ask('upsert', [person], options?.signal),
    remove: (id, place, options) => ask('remove', [id, place], options?.signal),
    knowsUpTo: (place, options) => ask('knowsUpTo', [place], options?.signal),
    identify: (fingers, { signal, ...options } = {}) => ask('identify', [fingers, options], signal),
    async *versions(options?: CallOptions) {
      yield* (await ask('versions', [], options?.signal)) as never[]
    },
    close: async () => {},
  }
}
