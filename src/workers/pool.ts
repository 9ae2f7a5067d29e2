import type { Piscina } from 'piscina'
import type { CoreMemory } from '../core/compile.js'
import { SidikError } from '../errors.js'
import { VERSION } from '../version.js'
import { answerOf, needsMemory, type Reply, type Tasks, type WorkerSetup } from './messages.js'

/**
 * Most of the young generation of a worker's heap, MB. V8 lets it grow to 48 in a thread that is
 * busy, and seldom gives it back; a worker allocates little outside the core's memory.
 */
const YOUNG_GENERATION_MB = 6

/**
 * The worker threads of an engine. They start at the first task, all at once, and wait for more until the pool is
 * closed; waiting ones do not keep the process alive, so a program that forgets to close ends all the same.
 */
export class WorkerPool {
  readonly threads: number
  readonly #setup: WorkerSetup
  readonly #file: string
  #piscina: Piscina | undefined
  /** Settled when a thread has loaded its script, and said that it is of this version. */
  #starting: Promise<Piscina> | undefined
  #closed = false

  /** @param file what the threads load: entry.cjs, or what it was bundled into */
  constructor(setup: WorkerSetup, threads: number, file: string) {
    this.threads = threads
    this.#setup = setup
    this.#file = file
  }

  /** Whether threads were started. */
  get started(): boolean {
    return this.#starting !== undefined
  }

  get closed(): boolean {
    return this.#closed
  }

  /**
   * Runs a task in the next free worker. What is in `transfer` is moved there and unusable
   * here afterwards.
   *
   * @throws SidikError ENGINE_CLOSED; WORKER_MISSING when the threads do not start; CORE_FAILED
   *   when the core or the whole worker stopped; what the task throws
   */
  async run<Name extends keyof Tasks>(
    name: Name,
    task: Tasks[Name]['task'],
    transfer: ArrayBuffer[] = [],
  ): Promise<Tasks[Name]['answer']> {
    return answerOf(await this.#reply(name, task, transfer))
  }

  /** Runs a task in a gallery, with its memory only if the worker has not met that yet. Throws as {@link run}. */
  async runInGallery<Name extends 'index' | 'describe' | 'scan' | 'screen' | 'rescore' | 'warm'>(
    name: Name,
    task: Tasks[Name]['task'],
    memory: CoreMemory,
  ): Promise<Tasks[Name]['answer']> {
    const given = await this.#reply(name, task, [])
    return needsMemory(given) ? this.run(name, { ...task, memory }) : answerOf(given)
  }

  async #reply<Name extends keyof Tasks>(
    name: Name,
    task: Tasks[Name]['task'],
    transfer: ArrayBuffer[],
  ): Promise<Reply<Tasks[Name]['answer']>> {
    this.assertOpen()
    this.#starting ??= this.#start()
    const piscina = await this.#starting
    this.assertOpen()
    try {
      return await piscina.run(task, { name, transferList: transfer })
    } catch (error) {
      this.assertOpen()
      throw isWorkerLoss(error)
        ? new SidikError('CORE_FAILED', `a worker stopped (${(error as Error).message}) and was replaced`, {
            cause: error,
          })
        : error
    }
  }

  /** Stops the workers; what they were doing ends in ENGINE_CLOSED. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#piscina?.destroy()
  }

  /** @throws SidikError ENGINE_CLOSED */
  assertOpen(): void {
    if (this.#closed) throw new SidikError('ENGINE_CLOSED', 'the engine was closed: create another one')
  }

  /**
   * The threads, one of which has loaded its script: Piscina gives up on those that end while they
   * start, and no task would.
   */
  async #start(): Promise<Piscina> {
    try {
      const piscina = await this.#startThreads()
      const version = answerOf<string>(await piscina.run(undefined, { name: 'version' }))
      if (version === VERSION) return piscina
      throw new Error(`it is of sidik ${version}, the program of ${VERSION}`)
    } catch (cause) {
      this.assertOpen()
      const why = `worker threads do not start with ${this.#file} (${(cause as Error).message})`
      const remedy =
        'reinstall sidik, or give as assets.worker the file that sidik/worker was bundled into ' +
        'as CommonJS, with piscina external'
      throw new SidikError('WORKER_MISSING', `${why}: ${remedy} (docs/bundlers.md)`, { cause })
    }
  }

  async #startThreads(): Promise<Piscina> {
    // Only now: in a bundle it does not load, and until then there are words for that.
    const { Piscina } = await import('piscina')
    this.assertOpen()
    const piscina = new Piscina({
      filename: this.#file,
      minThreads: this.threads,
      maxThreads: this.threads,
      workerData: this.#setup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      stricterFIFO: true,
      recordTiming: false,
    })
    // A worker that stops in the middle of a task rejects that task; one that stops while idle has lost nothing and is
    // replaced. Without a listener the event would end the process.
    piscina.on('error', () => {})
    this.#piscina = piscina
    return piscina
  }
}

/** Whether the thread itself ended, rather than the function that it ran. */
function isWorkerLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' || /^worker exited/.test(error.message)
}
