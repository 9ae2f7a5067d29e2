/**
 * Checks records that come, in the background: each one as soon as the one before is done and
 * nobody who enrols waits. What is left to do is in the file, and gone on with after a kill.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { SidikError } from '../../errors.js'
import { abortSignal, callback, readOptions } from '../../options.js'
import { untilAborted } from '../../until-aborted.js'
import { partsOf, type Station } from '../station.js'
import { dayOf } from '../sync/noted.js'
import { askOn, isAsking } from './ask-recheck.js'
import { BackOff } from './back-off.js'
import { type CheckedRecord, type CheckSettings, checkDue } from './check.js'
import type { readCheckOptions } from './check-options.js'
import { compareNextKept } from './compare-kept.js'
import { type LocalGallery, localGalleryOf } from './local-gallery.js'
import { CheckTurns } from './turns.js'
import { countUnchecked } from './unchecked.js'

export interface CheckProblem {
  /** The code of a `SidikError`, as INDEX_UNAVAILABLE or GALLERY_FULL; the name of another error. */
  readonly code: string
  /** In words; names no person. */
  readonly message: string
}

export interface CheckProgress {
  /** Records that were checked by this call. */
  readonly done: number
  /** Those that are still to be checked. */
  readonly left: number
}

export interface CheckReport {
  readonly checked: number
  /** Those that match another record; each has a case. */
  readonly duplicates: number
  /** Those at which somebody has to look. */
  readonly reviews: number
  /** Records that could not be checked: their templates are not here, or their station is beyond its quota. */
  readonly left: number
}

/** How the check stands. */
export interface CheckState {
  /** Records that have still to be compared with all others. */
  readonly unchecked: number
  /** While records are checked: how many a minute, and about how long those that are left take, ms. */
  readonly perMinute?: number
  readonly leftMs?: number
  /**
   * Why nothing is compared just now: the check has stopped, or the index of persons does not answer.
   * The check is tried again by itself, after a second at first and at least once a minute.
   */
  readonly problem?: CheckProblem
}

/** How often it is looked whether another process has brought records, or a day has begun, ms. */
const LOOK_MS = 1_000

/** How often it is looked whether the process that has the index has ended, ms. */
const ELSEWHERE_MS = 5_000

/** Checks over which the rate is measured. */
const RATE_OVER = 50

/** @internal */
export const NO_INDEX = 'the station was opened without an engine or an index'

export class Checker {
  readonly #station: Station
  readonly #gallery: LocalGallery
  readonly settings: CheckSettings
  readonly #stop = new AbortController()
  /** Times at which the last checks ended, ms. */
  readonly #endedMs: number[] = []
  #running: Promise<void> | undefined
  #isAskedAgain = false
  #problem: CheckProblem | undefined
  readonly #backOff = new BackOff()
  /** Runs out when it is tried again after a failure. */
  #retry: NodeJS.Timeout | undefined
  #version: unknown
  /** The station of which fingers under a card were compared last; undefined when there were none. */
  #lastKept: string | undefined
  /** The station whose record was checked last: another one's is next. */
  readonly #turns = new CheckTurns()

  constructor(station: Station, gallery: LocalGallery, settings: CheckSettings) {
    this.#station = station
    this.#gallery = gallery
    this.settings = settings
  }

  /** Checks what is due from now on, until the station is closed. */
  begin(): void {
    const { file, clock } = partsOf(this.#station)
    const forget = file.onCommit(() => this.#wake())
    const timer = setInterval(() => {
      // With a new day, quotas begin anew.
      const version = file.isOpen && `${file.pragma('data_version')} ${dayOf(clock)}`
      if (version === this.#version) return
      this.#version = version
      this.#wake()
    }, LOOK_MS)
    timer.unref()
    this.#station.onClose(async () => {
      clearInterval(timer)
      clearTimeout(this.#retry)
      forget()
      this.#stop.abort(new SidikError('STATION_CLOSED', `station ${this.#station.id} was closed`))
      await this.#running
    })
    this.#wake()
  }

  get state(): CheckState {
    const unchecked = countUnchecked(partsOf(this.#station))
    const [first, last] = [this.#endedMs[0], this.#endedMs.at(-1)]
    const problem = this.#problem ?? (this.#gallery.problem && problemOf(this.#gallery.problem))
    const perMs = this.#endedMs.length < 3 ? undefined : (this.#endedMs.length - 1) / (last! - first)
    return {
      unchecked,
      ...(perMs !== undefined && unchecked > 0 && { perMinute: perMs * 60_000, leftMs: unchecked / perMs }),
      ...(problem !== undefined && { problem }),
    }
  }

  /** Checks until nothing is due that is here. Throws as `checkDue`. */
  async run(signal: AbortSignal | undefined, onChecked: (record: CheckedRecord) => void): Promise<void> {
    const turn = {
      turns: this.#turns,
      signal,
      onChecked: (each: CheckedRecord) => {
        this.#endedMs.push(performance.now())
        if (this.#endedMs.length > RATE_OVER) this.#endedMs.shift()
        onChecked(each)
      },
    }
    await askOn(this.#station, signal)
    for (;;) {
      const begun = await this.#gallery.withAll(
        async () => {
          const after = { after: this.#lastKept ?? '', signal }
          this.#lastKept = await compareNextKept(this.#station, this.#gallery, this.settings, after)
          return checkDue(this.#station, this.#gallery, this.settings, turn)
        },
        { signal },
      )
      this.#problem = undefined
      this.#backOff.succeeded()
      if (begun === 0 && this.#lastKept === undefined) return
      await nextTurn()
      signal?.throwIfAborted()
    }
  }

  get #mayHaveWork(): boolean {
    const parts = partsOf(this.#station)
    return countUnchecked(parts) > 0 || this.#gallery.mayHaveKept || isAsking(parts)
  }

  #wake(): void {
    this.#isAskedAgain = true
    // Each record that comes meanwhile would be a try.
    if (this.#retry !== undefined) return
    this.#running ??= this.#runInBackground().finally(() => {
      this.#running = undefined
    })
  }

  async #runInBackground(): Promise<void> {
    const { signal } = this.#stop
    while (this.#isAskedAgain && !signal.aborted) {
      this.#isAskedAgain = false
      if (!this.#mayHaveWork) continue
      try {
        await this.#gallery.whenOpen()
        if (this.#gallery.isElsewhere) await this.#gallery.takeOver(signal)
        if (this.#gallery.isElsewhere) {
          // Another process has the index, and checks.
          this.#wakeAfter(ELSEWHERE_MS)
          return
        }
        await untilAborted(this.#gallery.whenQuick, signal)
        await this.run(signal, () => {})
      } catch (error) {
        if (signal.aborted) return
        this.#problem = problemOf(error as Error)
        this.#wakeAfter(this.#backOff.failed())
        return
      }
    }
  }

  #wakeAfter(ms: number): void {
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.#wake()
    }, ms)
    this.#retry.unref()
  }
}

function problemOf(error: Error): CheckProblem {
  return { code: error instanceof SidikError ? error.code : error.name, message: error.message }
}

const checkers = new WeakMap<Station, Checker>()

/** Gives a station that has an index of persons its checker. */
export function beginChecks(station: Station, options: ReturnType<typeof readCheckOptions>): void {
  const gallery = localGalleryOf(station)
  if (gallery === undefined) return
  const checker = new Checker(station, gallery, options.settings)
  checkers.set(station, checker)
  if (options.background) checker.begin()
}

/** How a station that was opened with an index compares. */
export function checkSettings(station: Station): CheckSettings | undefined {
  return checkers.get(station)?.settings
}

/** How the check of records stands; the count alone where the station has no index. */
export function checkState(station: Station): CheckState {
  return checkers.get(station)?.state ?? { unchecked: countUnchecked(partsOf(station)) }
}

/**
 * Compares all records that are due with all persons that the station knows of, and resolves when
 * none is left that can be. A station does so by itself while it is open, unless told otherwise.
 * Stopped, it keeps what is done; the next call, or the station, goes on.
 *
 * @throws TypeError for a station that was opened without an engine or an index; the signal's reason
 * @throws SidikError STATION_CLOSED, STATION_FULL, STATION_BUSY, GALLERY_FULL, INDEX_UNAVAILABLE, INDEX_BEHIND,
 *   INDEX_ANSWER: what was not checked is still due
 */
export async function checkRecords(
  station: Station,
  options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: CheckProgress) => void },
): Promise<CheckReport> {
  const asked = readOptions('checkRecords', options, ['signal', 'onProgress'])
  const signal = abortSignal('signal', asked.signal)
  const onProgress = callback('onProgress', asked.onProgress)
  const parts = partsOf(station)
  const checker = checkers.get(station)
  if (checker === undefined) throw new TypeError(NO_INDEX)
  const report = { checked: 0, duplicates: 0, reviews: 0 }
  await checker.run(signal, ({ decision }) => {
    report.checked++
    if (decision === 'duplicate') report.duplicates++
    if (decision === 'review') report.reviews++
    onProgress?.({ done: report.checked, left: countUnchecked(parts) })
  })
  return { ...report, left: countUnchecked(parts) }
}
