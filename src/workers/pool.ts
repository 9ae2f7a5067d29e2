import { Piscina } from 'piscina'
import type { CoreMemory, CoreModule } from '../core/compile.js'
import type { Network } from '../core/network.js'
import { SidikError } from '../errors.js'
import { answerOf, needsMemory, type Reply, type Tasks, type WorkerSetup } from './messages.js'

const WORKER_FILE = new URL('./entry.cjs', import.meta.url).href

/**
 * The worker threads of an engine. They start at the first task, all at once, and wait for more until the pool is
 * closed; waiting ones do not keep the process alive, so a program that forgets to close ends all the same.
 */
export class WorkerPool {
  readonly threads: number
  readonly #setup: WorkerSetup
  #piscina: Piscina | undefined
  #closed = false

  constructor(module: CoreModule, network: Network, threads: number) {
    this.threads = threads
    this.#setup = { module, network }
  }

  /** Whether threads were started. */
  get started(): boolean {
    return this.#piscina !== undefined
  }

  get closed(): boolean {
    return this.#closed
  }

  /**
   * Runs a task in the next free worker. What is in `transfer` is moved there and unusable here afterwards.
   *
   * @throws SidikError ENGINE_CLOSED; CORE_FAILED when the core or the whole worker stopped; what the task throws
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
    this.#piscina ??= this.#start()
    try {
      return await this.#piscina.run(task, { name, transferList: transfer })
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

  #start(): Piscina {
    const piscina = new Piscina({
      filename: WORKER_FILE,
      minThreads: this.threads,
      maxThreads: this.threads,
      workerData: this.#setup,
      stricterFIFO: true,
      recordTiming: false,
    })
    // A worker that stops in the middle of a task rejects that task; one that stops while idle has lost nothing and is
    // replaced. Without a listener the event would end the process.
    piscina.on('error', () => {})
    return piscina
  }
}

/** Whether the thread itself ended, rather than the function that it ran. */
function isWorkerLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' || /^worker exited/.test(error.message)
}
