import type { Actor } from './actor.js'
import { HOUR_MS } from './calendar.js'
import { ProcessEnded } from './child.js'
import type { Link } from './link.js'
import type { Counts, KioskCommand, WroteEvent } from './messages.js'
import { type KioskDay, type KioskPlan, type MessageFault, SLOTS_A_DAY, type Slot } from './plan-types.js'

const SLOT_MS = (24 / SLOTS_A_DAY) * HOUR_MS

/** How long a kiosk waits for a line on which nothing moves: long enough for a machine that is busy, short where nothing will come. */
const PATIENCE_MS = 5_000
const STALLED_MS = 150

type Doing = 'enrol' | 'correct' | 'withdraw'

interface Task {
  readonly do: Doing
  readonly person: number
}

/** What a journal entry of a kind means for what was to be done. */
const DONE_BY: Readonly<Record<string, Doing>> = { enrolled: 'enrol', corrected: 'correct', withdrawn: 'withdraw' }

/** A kiosk as the simulation sees it: what it still has to do, and its line. */
export class Kiosk {
  readonly plan: KioskPlan
  readonly actor: Actor<KioskCommand>
  readonly link: Link
  counts: Counts = { recorded: 0, waiting: 0, synchronised: 0, refused: 0, learned: 0, met: {} }
  /** Messages that met a fault, by what it was. */
  readonly met: Partial<Record<MessageFault, number>> = {}
  /** Tasks whose write was not acknowledged yet: a full disk sends people home until the next day. */
  readonly #todo: Task[] = []
  #written = 0
  #onWrite: () => void = () => {}

  constructor(plan: KioskPlan, actor: Actor<KioskCommand>, link: Link) {
    this.plan = plan
    this.actor = actor
    this.link = link
  }

  /** The process says that it wrote something: that need not be done again. */
  wrote({ kind, person }: WroteEvent): void {
    const at = this.#todo.findIndex(task => task.do === DONE_BY[kind] && task.person === person)
    if (at >= 0) this.#todo.splice(at, 1)
    this.#written++
    this.#onWrite()
  }

  /** One day: in each slot people are served, then the kiosk tries to synchronise. */
  async live(day: KioskDay, startMs: number): Promise<void> {
    if (day.freePages !== undefined) await this.actor.askOn({ do: 'limit', freePages: day.freePages })
    for (const [i, slot] of day.slots.entries()) await this.#live(slot, startMs + i * SLOT_MS + day.clockErrorMs)
    if (day.freePages !== undefined) await this.actor.askOn({ do: 'limit', freePages: undefined })
  }

  async #live(slot: Slot, nowMs: number): Promise<void> {
    await this.setClock(nowMs)
    for (const kind of ['enrol', 'correct', 'withdraw'] as const) {
      this.#todo.push(...slot[kind].map(person => ({ do: kind, person })))
    }
    const cancel = await this.#planKill(slot)
    await this.work(nowMs)
    await this.link.set(slot.line)
    if (slot.kill?.in === 'sync') {
      const cancelSync = this.actor.killLater(slot.kill.laterMs, 'sync')
      await this.#sync(slot)
      cancelSync()
    } else await this.#sync(slot)
    cancel()
    await this.actor.disarmDeath()
  }

  async setClock(nowMs: number): Promise<void> {
    this.actor.nowMs = nowMs
    await this.actor.askOn({ do: 'clock', nowMs })
  }

  async #planKill({ kill }: Slot): Promise<() => void> {
    if (kill?.in === 'transaction') await this.actor.armDeath('transaction', kill.entry)
    if (kill?.in !== 'work') return () => {}
    const { writes, laterMs } = kill
    const from = this.#written
    let cancelTimer = () => {}
    this.#onWrite = () => {
      if (this.#written - from < writes) return
      this.#onWrite = () => {}
      cancelTimer = this.actor.killLater(laterMs, 'work')
    }
    if (writes === 0) this.#onWrite()
    return () => {
      this.#onWrite = () => {}
      cancelTimer()
    }
  }

  /** Does what is to be done, in its order, starting the process again when it is killed; stops where the station refuses. */
  async work(nowMs: number): Promise<void> {
    let restarts = 0
    while (this.#todo.length > 0) {
      const kind = this.#todo[0].do
      const end = this.#todo.findIndex(task => task.do !== kind)
      const persons = this.#todo.slice(0, end < 0 ? undefined : end).map(({ person }) => person)
      try {
        if ((await this.actor.ask({ do: kind, persons })) === undefined) return
      } catch (error) {
        if (!(error instanceof ProcessEnded)) throw error
        // It starts again an hour later.
        this.actor.nowMs = nowMs + ++restarts * HOUR_MS
      }
    }
  }

  /** One try; it may be refused, or end with the process. */
  async #sync({ messages, line }: Pick<Slot, 'messages' | 'line'>): Promise<void> {
    const timeoutMs = line.kind === 'stall' ? STALLED_MS : PATIENCE_MS
    try {
      await this.actor.ask({ do: 'sync', port: this.link.port, messages, timeoutMs })
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error
    }
  }

  /** Once more with a line that is there, until nothing waits. */
  async syncWhole(): Promise<void> {
    const line = { kind: 'up' } as const
    await this.link.set(line)
    await this.#sync({ messages: [], line })
  }

  async recount(): Promise<void> {
    this.counts = (await this.actor.askOn<Counts>({ do: 'counts' })) ?? this.counts
    for (const [fault, count] of Object.entries(this.counts.met) as [MessageFault, number][]) {
      this.met[fault] = (this.met[fault] ?? 0) + count
    }
  }
}
