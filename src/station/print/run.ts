/** A run of cards: what is planned, sent and said, from one card to the next. */
import { SidikError } from '../../errors.js'
import { untilAborted } from '../../until-aborted.js'
import { newCardId } from '../journal/card-id.js'
import { partsOf, type Station } from '../station.js'
import { pickBlank } from '../stock/available.js'
import { serialText } from '../stock/ranges.js'
import { atWork } from './at-work.js'
import { callChip, callPrinter } from './call-printer.js'
import { cardTurn } from './card-turn.js'
import { beginChip } from './chip.js'
import { confirm } from './confirm.js'
import { inPrinter } from './consumables.js'
import { type PlannedCard, type PrintPlan, planFor } from './plan.js'
import type { ReadPolicy } from './policy.js'
import type { PrintProblem } from './render/compose.js'
import { CHANGED, type Overtaken, type Rendered, reserve, send } from './reserve.js'
import { jobOf } from './rows.js'
import type { NotPrinted, PrintProgress, PrintResult, RenderCard, Uncertain } from './run-types.js'
import type { PrintDocument, Printer, PrinterProblem, PrintJob, PrintOutcome } from './types.js'
import { waitingRow } from './waiting.js'

/** A printer that refuses so many cards one after the other refuses all. */
const MOST_REFUSED = 3

/** How often a card is made ready again whose record changes, or whose blank another program takes. */
const MOST_OVERTAKEN = 20

export interface RunSettings {
  readonly printer: Printer
  readonly policy: ReadPolicy
  readonly limit: number
  readonly render: RenderCard
  readonly accepts: (
    problems: readonly PrintProblem[],
    card: { readonly request: string; readonly record: string },
  ) => boolean
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: PrintProgress) => void) | undefined
}

export class PrintRun {
  readonly #station: Station
  readonly #settings: RunSettings
  readonly #printed: PrintJob[] = []
  readonly #notPrinted: NotPrinted[] = []
  readonly #uncertain: Uncertain[] = []
  /** Requests that are not tried again in this run. */
  readonly #tried = new Set<string>()
  readonly #overtaken = new Map<string, number>()
  #stopped: PrintResult['stopped']
  #sent = 0
  #refused = 0
  /** Entries that had taken effect when this run last looked, and whether others have written since it planned. */
  #place = 0
  #isStale = true

  constructor(station: Station, settings: RunSettings) {
    this.#station = station
    this.#settings = settings
  }

  async all(): Promise<PrintResult> {
    let prints: readonly PlannedCard[] = []
    let next = 0
    for (;;) {
      if (this.#isStale) {
        prints = this.#plan().prints
        next = 0
      }
      if (next >= prints.length || this.#isAborted()) break
      if (this.#sent === 0 && !(await this.#isReady())) break
      const planned = prints[next++]
      const one = () => this.#one(planned, prints.length - next)
      await (this.#settings.printer.personalise === undefined ? one() : cardTurn(this.#settings.printer, one))
      if (this.#stopped !== undefined) break
    }
    const { waits } = this.#plan()
    const all = { printed: this.#printed, notPrinted: this.#notPrinted, uncertain: this.#uncertain, waits }
    return { ...all, ...(this.#stopped && { stopped: this.#stopped }) }
  }

  async #one(planned: PlannedCard, after: number): Promise<void> {
    const { request, record } = planned
    const { printer } = this.#settings
    const tell = (step: PrintProgress['step'], job?: string) => {
      const total = this.#sent + after + (step === 'render' || step === 'reserved' ? 1 : 0)
      this.#settings.onProgress?.({ step, request, ...(job !== undefined && { job }), done: this.#sent, total })
    }
    tell('render')
    const made = await this.#render(planned)
    if (made === undefined || this.#isAborted()) return
    const job = newCardId(this.#station.id)
    await atWork(job, async () => {
      const { document, ...rendered } = made
      const early = this.#step(() => reserve(this.#station, planned, { job, printer, ...rendered }))
      if (early !== undefined) return this.#wasOvertaken(planned, early)
      tell('reserved', job)
      const hasChip = printer.personalise !== undefined
      const late = this.#step(() => send(this.#station, job, rendered.sequence, { hasChip }))
      if (late !== undefined) return this.#wasOvertaken(planned, late)
      this.#sent++
      this.#tried.add(request)
      tell('sent', job)
      const outcome = await this.#made(job, document, () => tell('personalising', job))
      this.#take({ request, record, job }, outcome)
      tell(outcome.outcome, job)
    })
  }

  /** The card, and its chip where it has one: it is printed when both are done. */
  async #made(job: string, document: PrintDocument, onChip: () => void): Promise<PrintOutcome> {
    const { printer, signal } = this.#settings
    const printed = await callPrinter(printer, document, job, signal)
    if (printed.outcome !== 'printed' || printer.personalise === undefined) return printed
    if (signal?.aborted === true) {
      return { outcome: 'uncertain', problem: 'lost', message: 'the run was ended before the chip was written' }
    }
    const card = this.#step(() => beginChip(this.#station, job, ['sent']))
    if (card === undefined) return printed
    onChip()
    const said = await callChip(printer as Required<Printer>, card, signal)
    if (said.outcome === 'written') return printed
    // The blank is printed in any case: what is to become of the card, somebody has to say.
    return { outcome: 'uncertain', problem: said.problem, message: `chip ${said.outcome}: ${said.message}` }
  }

  /** Undefined where there is none to print. */
  async #render(planned: PlannedCard): Promise<(Rendered & { document: PrintDocument }) | undefined> {
    const { request, record, lot } = planned
    const { file, identity } = partsOf(this.#station)
    const row = waitingRow(partsOf(this.#station), request)
    if (row === undefined) return this.#wasOvertaken(planned, CHANGED)
    const blank = pickBlank(file, identity.id, lot)
    const { render, accepts } = this.#settings
    try {
      const serial = blank && { serial: serialText(blank, blank.first) }
      const document = await render(this.#station, record, serial ?? {})
      const { problems = [] } = document
      if (problems.length === 0 || accepts(problems, { request, record })) {
        return { sequence: row.sequence, blank, document }
      }
      return this.#isOfNoUse({ request, record }, problems.map(({ message }) => message).join('; '))
    } catch (error) {
      if (!isOfContent(error)) throw error
      return this.#isOfNoUse({ request, record }, error.message)
    }
  }

  #isOfNoUse(card: { request: string; record: string }, message: string): undefined {
    this.#tried.add(card.request)
    this.#notPrinted.push({ ...card, code: 'content', message })
  }

  #take(card: { request: string; record: string; job: string }, outcome: PrintOutcome): void {
    const row = this.#step(() => confirm(this.#station, card.job, outcome))
    if (outcome.outcome === 'printed') {
      this.#refused = 0
      if (row.state === 'printed') this.#printed.push(jobOf(row, this.#station.id))
      else this.#doubt(card, 'protocol', 'the printer says that it was printed, of which a person said that it was not')
      return
    }
    const { problem, message } = outcome
    if (outcome.outcome === 'uncertain') {
      this.#doubt(card, problem, message)
      return
    }
    this.#notPrinted.push({ ...card, code: problem, message })
    this.#refused = problem === 'refused' ? this.#refused + 1 : 0
    if (problem !== 'refused' || this.#refused >= MOST_REFUSED) this.#stopped = { code: problem, message }
  }

  /** Until somebody has looked at the tray, nothing more is put into it. */
  #doubt(card: { request: string; record: string; job: string }, code: PrinterProblem, message: string): void {
    this.#uncertain.push({ ...card, code, message })
    this.#stopped = { code, message }
  }

  /** Plans anew, a few times, as something has changed meanwhile. The plan says why, unless it comes to the same. */
  #wasOvertaken({ request, record }: PlannedCard, { code, message }: Overtaken): undefined {
    const times = (this.#overtaken.get(request) ?? 0) + 1
    this.#overtaken.set(request, times)
    this.#isStale = true
    if (times < MOST_OVERTAKEN) return
    this.#tried.add(request)
    this.#notPrinted.push({ request, record, code, message })
  }

  async #isReady(): Promise<boolean> {
    const { printer, signal } = this.#settings
    if (printer.status === undefined) return true
    try {
      const asked = Promise.resolve(printer.status(signal === undefined ? {} : { signal }))
      const {
        isReady,
        problem = 'offline',
        message = 'the printer says that it takes no card now',
      } = await untilAborted(asked, signal)
      if (!isReady) this.#stopped = { code: problem, message }
    } catch (error) {
      if (!this.#isAborted())
        this.#stopped = { code: 'protocol', message: `the adapter of the printer failed: ${String(error)}` }
    }
    return this.#stopped === undefined
  }

  #isAborted(): boolean {
    if (this.#settings.signal?.aborted !== true) return false
    this.#stopped ??= { code: 'aborted', message: 'the run was ended' }
    return true
  }

  #plan(): PrintPlan {
    const { policy, limit, printer } = this.#settings
    return this.#step(() => {
      this.#isStale = false
      const parts = partsOf(this.#station)
      return planFor(parts, {
        policy,
        limit: limit - this.#sent,
        printer: inPrinter(parts, printer),
        except: this.#tried,
      })
    })
  }

  /** A transaction of this run; in it is seen whether others have written since the one before. */
  #step<T>(work: () => T): T {
    const { file } = partsOf(this.#station)
    const place = () => file.get<{ last: number | null }>('SELECT max(applied) AS last FROM journal')!.last ?? 0
    return file.transaction(() => {
      if (place() !== this.#place) this.#isStale = true
      const done = work()
      this.#place = place()
      return done
    })
  }
}

/** Of this record alone: others can be printed. */
function isOfContent(error: unknown): error is SidikError {
  if (!(error instanceof SidikError)) return false
  return error.code === 'STATION_CORRUPT' || !error.code.startsWith('STATION_')
}
