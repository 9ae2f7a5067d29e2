import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer } from './messages.js'

/** Most characters of what a process wrote that are kept. */
const MOST_WRITTEN = 4_000_000

/** A process ended while it was at a command. */
export class ProcessEnded extends Error {}

/** A station refused a command; `code` is undefined where the error was none that the station documents. */
export class Refused extends Error {
  readonly code: string | undefined

  constructor(code: string | undefined, message: string) {
    super(message)
    this.code = code
  }
}

export interface ChildEvents<Event> {
  readonly onEvent: (event: Event) => void
  /** In words: 'SIGKILL', 'exit code 1'. */
  readonly onEnd: (how: string) => void
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** A process as its parent sees it: started, asked, killed, started again. What it is asked it does one after the other. */
export class Child<Event> {
  /** What all of its lives wrote. */
  written = ''
  readonly #entry: URL
  readonly #shown: string
  readonly #events: ChildEvents<Event>
  readonly #waiting = new Map<number, Waiting>()
  #process: ChildProcess | undefined
  #ended: Promise<void> = Promise.resolve()
  #next = 0

  /** @param shown in lists of processes, so that one can be told from another */
  constructor(entry: URL, shown: string, events: ChildEvents<Event>) {
    this.#entry = entry
    this.#shown = shown
    this.#events = events
  }

  get isRunning(): boolean {
    return this.#process !== undefined
  }

  start(): void {
    const path = fileURLToPath(this.#entry)
    const child = fork(path, [this.#shown], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], serialization: 'advanced' })
    this.#process = child
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', text => {
        this.written = (this.written + text).slice(-MOST_WRITTEN)
      })
    }
    child.on('message', message => this.#hear(message as Answer | { event: Event }))
    // 'close' comes when all that it sent and wrote was heard.
    this.#ended = new Promise(resolve => {
      child.once('close', (code, signal) => {
        this.#process = undefined
        const how = signal ?? `exit code ${code}`
        const waiting = [...this.#waiting.values()]
        this.#waiting.clear()
        for (const { reject } of waiting) reject(new ProcessEnded(how))
        // Last: it may start the process again, and ask it something.
        this.#events.onEnd(how)
        resolve()
      })
    })
  }

  /**
   * The result of a command.
   *
   * @throws ProcessEnded, Refused
   */
  ask<Result>(command: object): Promise<Result> {
    const child = this.#process
    if (child === undefined) return Promise.reject(new ProcessEnded('not running'))
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject })
      // A process that is gone is heard of by its end.
      child.send({ ...command, id }, () => {})
    })
  }

  /** Ends the process where it stands, and waits until it is gone and all that it told was heard. */
  kill(): Promise<void> {
    this.#process?.kill('SIGKILL')
    return this.#ended
  }

  /** Lets the process finish what it is at, and waits until it is gone. */
  stop(): Promise<void> {
    // Not disconnect(): after that Node (20) tells of no 'close'.
    this.#process?.send({ do: 'stop' })
    return this.#ended
  }

  #hear(told: Answer | { event: Event }): void {
    if ('event' in told) {
      this.#events.onEvent(told.event)
      return
    }
    const waiting = this.#waiting.get(told.done)
    this.#waiting.delete(told.done)
    if ('result' in told) waiting?.resolve(told.result)
    else waiting?.reject(new Refused(told.code, told.message))
  }
}
