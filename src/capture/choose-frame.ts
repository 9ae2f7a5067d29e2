import type { Engine } from '../engine.js'
import { SidikError } from '../errors.js'
import type { ExtractedPrint } from '../extract.js'
import { abortSignal, callback, readOptions, wholeNumber } from '../options.js'
import type { GrayImage } from '../types.js'
import { type FrameFeedback, GOOD, MOVING, NO_FINGER, noRidges, notGoodEnough, offCentre } from './frame-feedback.js'
import { cutSides, type FrameLook, lookAt, MM_PER_INCH } from './frame-look.js'
import { changeSince } from './frame-motion.js'
import { framesUntil } from './frames-until.js'

export interface ChooseFrameOptions {
  /** Quality from which on a frame is good, 0 to 100; 45 unless given. */
  readonly leastQuality?: number
  /** Longest search, milliseconds, 100 to 3,600,000; 20,000 unless given. Then the best frame until then is chosen. */
  readonly timeoutMs?: number
  /** What to tell the person; called when it changes. */
  readonly onFeedback?: (feedback: FrameFeedback) => void
  readonly signal?: AbortSignal
}

export interface FrameChoice<F extends GrayImage> {
  /** Whether a finger was there, still and good. If not, `frame` is the best of those that could be read. */
  readonly good: boolean
  /** Absent when no frame could be read. */
  readonly frame?: F
  /** What was extracted from it. */
  readonly print?: ExtractedPrint
  /** Of the frame that was chosen, or the last one: what to tell the person. */
  readonly feedback: FrameFeedback
  readonly framesSeen: number
}

/** Millimetres squared: a fingertip just touching; no print of the dev sets has less than 50 of ridges. */
const LEAST_SKIN_MM2 = 40
/** Of a sensor smaller than a finger. */
const LEAST_SKIN_SHARE = 0.6
/** In shares of contrast, see changeSince: about a pixel at 500 ppi from frame to frame. */
const MOST_CHANGE = 0.6
/** Good frames among which the best is chosen: a finger that has just come to rest still settles. */
const GOOD_FRAMES = 3

/** Below it prints get the reasons of quality that speak of clearness and place (src/quality.ts), and FNMR at FMR 0.1 % is 2 to 3 % (docs/quality.md). */
const LEAST_QUALITY = 45
const TIMEOUT_MS = 20_000

/**
 * Watches frames as they come until a finger is there, still and good, and chooses the best of the first three such frames; if the
 * finger is lifted before that, or time is over, or the frames end, the best of what was seen. Only still frames are extracted, so
 * it keeps up with 15 frames a second. Leaves the frames when it has chosen, which ends a capture.
 *
 * @throws the signal's reason when it is aborted, and what the frames and `engine.extract` throw (but for NOT_A_FINGERPRINT)
 */
export async function chooseFrame<F extends GrayImage>(
  engine: Pick<Engine, 'extract'>,
  frames: AsyncIterable<F>,
  options?: ChooseFrameOptions,
): Promise<FrameChoice<F>> {
  const asked = readOptions('chooseFrame', options, ['leastQuality', 'timeoutMs', 'onFeedback', 'signal'])
  const leastQuality = wholeNumber('leastQuality', asked.leastQuality ?? LEAST_QUALITY, 0, 100)
  const timeoutMs = wholeNumber('timeoutMs', asked.timeoutMs ?? TIMEOUT_MS, 100, 3_600_000)
  const onFeedback = callback('onFeedback', asked.onFeedback)
  const signal = abortSignal('signal', asked.signal)
  signal?.throwIfAborted()
  const search = new FrameSearch<F>(engine, leastQuality, onFeedback, signal)
  const coming = framesUntil(frames, timeoutMs, signal)
  try {
    for (let frame = await coming.frame(); frame !== undefined; frame = await coming.frame()) {
      if (await search.hasChosenWith(frame)) break
    }
  } finally {
    await coming.leave()
  }
  return search.choice()
}

interface Read<F> {
  readonly frame: F
  readonly print: ExtractedPrint
  readonly feedback: FrameFeedback
}

/** What is known of the frames so far. */
class FrameSearch<F extends GrayImage> {
  readonly #engine: Pick<Engine, 'extract'>
  readonly #leastQuality: number
  readonly #onFeedback: ((feedback: FrameFeedback) => void) | undefined
  readonly #signal: AbortSignal | undefined
  #framesSeen = 0
  #empty: FrameLook | undefined
  #before: F | undefined
  #told: FrameFeedback | undefined
  #best: Read<F> | undefined
  #good: Read<F>[] = []

  constructor(
    engine: Pick<Engine, 'extract'>,
    leastQuality: number,
    onFeedback: ((feedback: FrameFeedback) => void) | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#engine = engine
    this.#leastQuality = leastQuality
    this.#onFeedback = onFeedback
    this.#signal = signal
  }

  /** Looks at a frame, says what is to be done, and whether no further one is needed. */
  async hasChosenWith(frame: F): Promise<boolean> {
    this.#framesSeen++
    const before = this.#before
    this.#before = frame
    const look = lookAt(frame, this.#empty)
    if (!hasFinger(look, frame)) {
      this.#empty ??= look
      this.#tell(NO_FINGER)
      return this.#good.length > 0
    }
    // One frame alone can be still or not: it needs the next.
    if (before === undefined) return false
    if (changeSince(before, frame, look) > MOST_CHANGE) {
      this.#tell(MOVING)
      return false
    }
    const read = await this.#read(frame, look)
    if (read === undefined) return false
    this.#tell(read.feedback)
    if (read.feedback === GOOD) this.#good.push(read)
    else if (isBetter(read, this.#best)) this.#best = read
    return this.#good.length >= GOOD_FRAMES
  }

  choice(): FrameChoice<F> {
    const good = this.#good.reduce<Read<F> | undefined>((best, read) => (isBetter(read, best) ? read : best), undefined)
    const chosen = good ?? this.#best
    const told = this.#told ?? NO_FINGER
    return { good: good !== undefined, feedback: told, framesSeen: this.#framesSeen, ...chosen }
  }

  /** Undefined where there are no ridges in it: skin too dry or too wet to show any, or no finger. */
  async #read(frame: F, look: FrameLook): Promise<Read<F> | undefined> {
    const signal = this.#signal
    try {
      const print = await this.#engine.extract(frame, signal === undefined ? {} : { signal })
      return { frame, print, feedback: this.#judge(print, look) }
    } catch (error) {
      if (!(error instanceof SidikError) || error.code !== 'NOT_A_FINGERPRINT') throw error
      this.#tell(noRidges(look))
      return undefined
    }
  }

  #judge({ quality }: ExtractedPrint, look: FrameLook): FrameFeedback {
    const cut = cutSides(look)
    if (cut.length > 0) return offCentre(cut)
    return quality.score >= this.#leastQuality ? GOOD : notGoodEnough(quality.reasons, look)
  }

  #tell(feedback: FrameFeedback): void {
    if (feedback.code === this.#told?.code && feedback.message === this.#told.message) return
    this.#told = feedback
    this.#onFeedback?.(feedback)
  }
}

function hasFinger({ skinMm2, skin }: FrameLook, { widthPx, heightPx, ppi }: GrayImage): boolean {
  const sensorMm2 = (widthPx * heightPx * MM_PER_INCH ** 2) / ppi ** 2
  return skin.length > 0 && skinMm2 >= Math.min(LEAST_SKIN_MM2, LEAST_SKIN_SHARE * sensorMm2)
}

/** A finger on the centre before one that is cut off, then by quality; of two of one quality the later: the finger has settled. */
function isBetter<F>(read: Read<F>, than: Read<F> | undefined): boolean {
  if (than === undefined) return true
  const [isCut, wasCut] = [read, than].map(({ feedback }) => feedback.code === 'off-centre')
  if (isCut !== wasCut) return wasCut
  return read.print.quality.score >= than.print.quality.score
}
