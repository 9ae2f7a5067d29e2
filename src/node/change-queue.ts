import { setImmediate } from 'node:timers/promises'
import { SidikError } from '../errors.js'
import type { Change } from '../gallery/tail.js'
import { MAX_WRITE_BYTES, SEALED_RECORD_BYTES } from '../gallery/tail.js'
import { encodeRecord } from '../gallery/tail-write.js'
import type { TailFile } from './tail-file.js'

/** A change and what it depends on. */
export interface Request {
  readonly change: Change
  /** An insert: whether a template under this id is replaced; otherwise it is refused. */
  readonly replace?: boolean
  /** Called once the change is on the disk, in the order of the changes. Must not fail. */
  readonly apply: () => void
}

interface Waiting extends Request {
  readonly record: Uint8Array
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Work that has the tail for itself. */
type Errand = () => Promise<void>

/**
 * Changes in the order in which they were asked for. What waits while one write goes to the disk is the next write
 * (group commit): a change alone waits for the disk once, and ten thousand at once do not wait ten thousand times.
 */
export class ChangeQueue {
  readonly #has: (id: string) => boolean
  #tail: TailFile
  #waiting: (Waiting | Errand)[] = []
  #running = false

  /** @param has whether an id is there, as far as changes were applied */
  constructor(tail: TailFile, has: (id: string) => boolean) {
    this.#tail = tail
    this.#has = has
  }

  get tail(): TailFile {
    return this.#tail
  }

  /**
   * Resolves when the change is on the disk and applied.
   *
   * @throws SidikError ID_EXISTS, ID_UNKNOWN, FILE_UNWRITABLE: then it was not made
   */
  async add(request: Request): Promise<void> {
    const record = encodeRecord(request.change)
    await new Promise<void>((resolve, reject) => this.#push({ ...request, record, resolve, reject }))
  }

  /** Runs `errand` when all changes before it are done, and no later one begins before its end. */
  async alone<T>(errand: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => this.#push(() => errand().then(resolve, reject)))
  }

  /** The changes that follow go to this tail. Only in an errand. */
  continueIn(tail: TailFile): void {
    this.#tail = tail
  }

  #push(next: Waiting | Errand): void {
    this.#waiting.push(next)
    if (this.#running) return
    this.#running = true
    void this.#run()
  }

  async #run(): Promise<void> {
    // Whoever asks for many asks for them in one go: they are waited for.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const [first] = this.#waiting
      if (typeof first === 'function') {
        this.#waiting.shift()
        await first()
      } else await this.#write()
      if (this.#waiting.length > 0) continue
      // Whoever waited for this change may ask for the next one now, and its record says what a mark would say.
      await setImmediate()
      if (this.#waiting.length === 0) await this.#tail.mark()
    }
    // In the same step as the look at what waits: nothing can come between.
    this.#running = false
  }

  async #write(): Promise<void> {
    const { accepted, refused } = this.#take()
    try {
      if (accepted.length > 0) await this.#tail.append(accepted.map(({ record }) => record))
    } catch (error) {
      // Also those that were refused: that they were may rest on the changes that were not made.
      for (const { reject } of [...accepted, ...refused]) reject(error)
      return
    }
    for (const { apply, resolve } of accepted) {
      apply()
      resolve()
    }
    for (const { reject, error } of refused) reject(error)
  }

  /** As many changes as fit into a write, told apart by whether they can be made. */
  #take(): { accepted: Waiting[]; refused: (Waiting & { error: SidikError })[] } {
    const accepted: Waiting[] = []
    const refused: (Waiting & { error: SidikError })[] = []
    const willHave = new Map<string, boolean>()
    let bytes = 0
    let count = 0
    for (const next of this.#waiting) {
      // As long as it may become: a compaction can give the gallery a key while changes wait.
      const writtenBytes = typeof next === 'function' ? 0 : next.record.length + SEALED_RECORD_BYTES
      if (typeof next === 'function' || bytes + writtenBytes > MAX_WRITE_BYTES) break
      count++
      const { id, kind } = next.change
      const error = refusal(next, willHave.get(id) ?? this.#has(id))
      if (error !== undefined) {
        refused.push({ ...next, error })
        continue
      }
      accepted.push(next)
      willHave.set(id, kind === 'insert')
      bytes += writtenBytes
    }
    this.#waiting.splice(0, count)
    return { accepted, refused }
  }
}

function refusal({ change: { id, kind }, replace }: Request, present: boolean): SidikError | undefined {
  if (kind === 'remove') {
    return present ? undefined : new SidikError('ID_UNKNOWN', `'${id}' is not in the gallery`)
  }
  if (!present || replace) return undefined
  return new SidikError('ID_EXISTS', `'${id}' is already in the gallery: remove it first, or insert with replace`)
}
