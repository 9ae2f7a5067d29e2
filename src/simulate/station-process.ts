import { type ErrorCode, SidikError } from '../errors.js'
import { addPeer, exportBundle, importBundle, openStation, type Station } from '../station/index.js'
import type { Recogniser } from '../station/recogniser.js'
import { partsOf } from '../station/station.js'
import type { Answer, OpenCommand, StationCommand, WroteEvent } from './messages.js'
import type { Shared } from './person.js'

/** By how much a simulated clock goes on each time it is looked at. */
const TICK_MS = 1_000

/** SQLite's own default for the most pages of a file. */
const MOST_PAGES = 4_294_967_294

/** The station of this process, and what the simulation does to it. */
export class StationProcess {
  station: Station | undefined
  seed = 0
  #namesakes: ReadonlyMap<number, number> = new Map()
  #recordedAs: ReadonlyMap<number, number> = new Map()
  #nowMs = 0
  readonly #toDeath = { transaction: Number.POSITIVE_INFINITY, check: Number.POSITIVE_INFINITY }

  get opened(): Station {
    if (this.station === undefined) throw new TypeError('the station was not opened')
    return this.station
  }

  /** The upstream's id. */
  get hub(): string {
    return partsOf(this.opened).file.get<{ id: string }>(`SELECT id FROM peer WHERE relation = 'upstream'`)!.id
  }

  /** As a host application would log it. */
  readonly log = (error: unknown): void => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error)
  }

  /** Tells the parent of this station's newest entry about a record; with a state, of its decision. */
  tell(record: string, person: number, state?: string): void {
    const { file, identity } = partsOf(this.opened)
    const { kind, hash } = file.get<{ kind: string; hash: Uint8Array }>(
      `SELECT kind, hash FROM journal WHERE record = ? AND station = ? AND (? OR kind = 'decision')
       ORDER BY sequence DESC LIMIT 1`,
      record,
      identity.id,
      Number(state === undefined),
    )!
    const event: WroteEvent = { kind, record, hash: Buffer.from(hash).toString('hex'), person }
    process.send!({ event: state === undefined ? event : { ...event, state } })
  }

  /** Ends a command with an error that the station returned rather than threw. */
  refuse(code: string, message: string): never {
    throw new SidikError(code as ErrorCode, message)
  }

  /** What a person shares with one who came before. */
  sharedBy(person: number): Shared {
    const [namesake, recordedAs] = [this.#namesakes.get(person), this.#recordedAs.get(person)]
    return { ...(namesake !== undefined && { namesake }), ...(recordedAs !== undefined && { recordedAs }) }
  }

  /** @param engine of a station that may compare records */
  async open(command: OpenCommand, engine?: Recogniser): Promise<true> {
    const { path, key, identity, peers, seed, sameNik, samePerson, isChecking, nowMs } = command
    this.seed = seed
    this.#namesakes = new Map(sameNik.map(([first, second]) => [second, first]))
    this.#recordedAs = new Map(samePerson.map(([first, second]) => [second, first]))
    this.#nowMs = nowMs
    const clock = () => {
      this.#nowMs += TICK_MS
      return this.#nowMs
    }
    this.station = await openStation({
      path,
      key,
      identity,
      clock,
      ...(engine && { engine, check: { background: isChecking } }),
    })
    const { file } = partsOf(this.station)
    const known = new Set(file.all<{ id: string }>('SELECT id FROM peer').map(({ id }) => id))
    this.#watchWrites()
    for (const peer of peers) if (!known.has(peer.id)) addPeer(this.station, peer)
    return true
  }

  /** What any station is asked for. */
  common(command: StationCommand): unknown {
    switch (command.do) {
      case 'open':
        return this.open(command)
      case 'clock':
        this.#nowMs = command.nowMs
        return true
      case 'die':
        this.#toDeath[command.at] = command.nth
        return true
      case 'limit':
        return this.#limit(command.freePages)
      case 'export':
        return this.#export(command)
      case 'import':
        return this.#import(command)
    }
  }

  async #export({ peer, folder, partBytes }: Extract<StationCommand, { do: 'export' }>): Promise<true> {
    await exportBundle(this.opened, { to: peer, folder, partBytes })
    return true
  }

  async #import({ files }: Extract<StationCommand, { do: 'import' }>): Promise<true> {
    const { failed } = await importBundle(this.opened, { files })
    for (const { error } of failed) throw error
    return true
  }

  /** A real limit that SQLite keeps: past it, writing fails with SQLITE_FULL as on a full disk. */
  #limit(freePages: number | undefined): true {
    const { file } = partsOf(this.opened)
    const most = freePages === undefined ? MOST_PAGES : Number(file.pragma('page_count')) + freePages
    file.pragma(`max_page_count = ${most}`)
    return true
  }

  /** Ends this process where that was asked for, and it is the time. */
  mayDie(at: 'transaction' | 'check'): void {
    if (--this.#toDeath[at] <= 0) process.kill(process.pid, 'SIGKILL')
  }

  /** Counts journal entries as they are written, in order to end this process between one and the rest of its transaction. */
  #watchWrites(): void {
    const { file } = partsOf(this.opened)
    const run = file.run.bind(file)
    file.run = (sql, ...values) => {
      const changed = run(sql, ...values)
      if (sql.startsWith('INSERT INTO journal')) this.mayDie('transaction')
      return changed
    }
  }
}

/** Answers the parent's commands, one after the other, until it says to stop or goes away. */
export function serveParent<Command extends { readonly do: string }>(
  own: StationProcess,
  perform: (command: Command) => unknown,
): void {
  let last: Promise<void> = Promise.resolve()
  const stop = async () => {
    await last.catch(() => {})
    await own.station?.close()
    process.exit()
  }
  process.on('message', (message: (Command & { readonly id: number }) | { readonly do: 'stop' }) => {
    if (!('id' in message)) return stop()
    last = last.then(async () => {
      process.send!(await answerOf(message.id, own, () => perform(message)))
    })
  })
  // The parent is gone.
  process.once('disconnect', stop)
}

async function answerOf(id: number, own: StationProcess, perform: () => unknown): Promise<Answer> {
  try {
    return { done: id, result: await perform() }
  } catch (error) {
    own.log(error)
    const code = error instanceof SidikError ? error.code : undefined
    return { done: id, code, message: error instanceof Error ? error.message : String(error) }
  }
}
