import type { Peer, StationIdentity } from '../station/types.js'
import { Child, ProcessEnded, Refused } from './child.js'
import type { HubCommand, KioskCommand, OpenCommand, WroteEvent } from './messages.js'
import type { PersonPair } from './plan-types.js'
import type { KilledAt, Tally } from './tally.js'

/** Where a station is and whose it is: what its process is given when it starts. */
export interface Setting {
  readonly path: string
  readonly key: Uint8Array
  readonly identity: StationIdentity
  readonly peers: readonly Peer[]
  readonly seed: number
  readonly sameNik: readonly PersonPair[]
  readonly samePerson: readonly PersonPair[]
  /** Whether a station with an engine compares the records that come. */
  readonly isChecking: boolean
}

/** Times that a process may end by itself, which is a failure each time, before the simulation gives up. */
const MOST_CRASHES = 5

/** A station in a process of its own, which is started again when it was killed. */
export class Actor<Command extends KioskCommand | HubCommand> {
  readonly setting: Setting
  readonly tally: Tally
  readonly child: Child<WroteEvent>
  /** What its clock says, and will say after a start. */
  nowMs = 0
  /** Called when it has opened its station, each time. */
  afterStart: () => Promise<void> = async () => {}
  /** Called when its process was killed. */
  afterKill: () => void = () => {}
  #starting: Promise<void> | undefined
  #expected: KilledAt | 'stop' | undefined
  #isOver = false
  #crashes = 0

  constructor(setting: Setting, entry: URL, tally: Tally, onWrote: (event: WroteEvent) => void) {
    this.setting = setting
    this.tally = tally
    this.child = new Child(entry, setting.path, { onEvent: onWrote, onEnd: how => this.#ended(how) })
  }

  get id(): string {
    return this.setting.identity.id
  }

  /** Starts the process and opens the station, unless that is done. @throws an error when all is over */
  async ready(): Promise<void> {
    if (this.#isOver) throw new Error(`${this.id} is not started any more`)
    if (this.#crashes > MOST_CRASHES) throw new Error(`${this.id} ends by itself again and again`)
    if (!this.child.isRunning) this.#starting = this.#start()
    await this.#starting
  }

  /**
   * The result of a command; undefined where the station refused it, which is noted.
   *
   * @throws ProcessEnded when the process was killed at it, or before
   */
  async ask<Result>(command: Command): Promise<Result | undefined> {
    await this.ready()
    this.tally.asked++
    try {
      return await this.child.ask<Result>(command)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.tally.refusal(this.id, command.do, error)
      return undefined
    }
  }

  /** The same, asked again after each kill. */
  async askOn<Result>(command: Command): Promise<Result | undefined> {
    for (;;) {
      try {
        return await this.ask<Result>(command)
      } catch (error) {
        if (!(error instanceof ProcessEnded)) throw error
      }
    }
  }

  /** Lets the process die in the n-th transaction of an entry, or search for a record, from now. */
  async armDeath(at: 'transaction' | 'check', nth: number): Promise<void> {
    await this.askOn({ do: 'die', at, nth } as Command)
    this.#expected = at
  }

  async disarmDeath(): Promise<void> {
    if (this.#expected !== 'transaction' && this.#expected !== 'check') return
    await this.askOn({ do: 'die', at: this.#expected, nth: Number.POSITIVE_INFINITY } as Command)
    this.#expected = undefined
  }

  /** Kills the process so long from now, unless what is returned is called before. */
  killLater(laterMs: number, at: KilledAt): () => void {
    const timer = setTimeout(() => {
      if (!this.child.isRunning) return
      this.#expected = at
      this.child.kill()
    }, laterMs)
    return () => clearTimeout(timer)
  }

  /** Kills the process, for good. */
  async end(): Promise<void> {
    this.#isOver = true
    this.#expected = 'stop'
    await this.child.kill()
  }

  async stop(): Promise<void> {
    this.#expected = 'stop'
    await this.child.stop()
  }

  async #start(): Promise<void> {
    this.child.start()
    try {
      const command: OpenCommand = { do: 'open', ...this.setting, nowMs: this.nowMs }
      await this.child.ask(command)
      await this.afterStart()
    } catch (error) {
      // So that no process is there that nobody can use.
      await this.child.kill()
      throw error
    }
  }

  #ended(how: string): void {
    const expected = this.#expected
    this.#expected = undefined
    if (expected === 'stop') {
      if (how !== 'exit code 0') this.tally.failure(`${this.id}: ended with ${how} when it was to stop`)
      return
    }
    if (expected !== undefined && how === 'SIGKILL') this.tally.kills[expected]++
    else {
      this.#crashes++
      this.tally.failure(`${this.id}: ended with ${how}`)
    }
    this.afterKill()
  }
}
