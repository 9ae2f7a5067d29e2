/** Fingers as they are given to fingers as they are recorded: a template each, and what is kept of the image. */
import { SidikError } from '../../errors.js'
import { LEAST_MINUTIAE } from '../../same-finger.js'
import { decodeTemplate } from '../../template/native.js'
import { implausibility } from '../../template/plausible.js'
import type { Template } from '../../types.js'
import type { Recogniser } from '../recogniser.js'
import { type EnrolFeedback, feedback } from './feedback.js'
import { fingerName } from './finger-names.js'
import { imageWork, type KeptImages, keptImage } from './images.js'
import type { GivenFinger } from './types.js'

export interface ReadyFinger {
  readonly position: number
  /** Absent where none came that can be compared. */
  readonly template?: Template
  readonly quality: number
  readonly minutiae: number
  /** What is kept of the image. */
  readonly image?: Uint8Array
}

export interface Extracted {
  readonly fingers: readonly ReadyFinger[]
  /** What does not become a template. */
  readonly feedback: readonly EnrolFeedback[]
}

interface ExtractDemand {
  readonly images: KeptImages
  readonly signal?: AbortSignal | undefined
  readonly onExtracted: () => void
}

/** What is wrong with a print, and not with the program or the machine. */
const OF_THE_PRINT = /^(IMAGE_|PPI_|RECORD_|TEMPLATE_|NOT_A_FINGERPRINT)/

/** @throws the signal's reason; SidikError CORE_FAILED, ENGINE_CLOSED */
export async function extractFingers(
  recogniser: Recogniser | undefined,
  given: readonly GivenFinger[],
  demand: ExtractDemand,
): Promise<Extracted> {
  const done = await Promise.all(given.map(finger => extractFinger(recogniser, finger, demand)))
  return { fingers: done.map(each => each.finger), feedback: done.flatMap(each => each.feedback ?? []) }
}

async function extractFinger(
  recogniser: Recogniser | undefined,
  finger: GivenFinger,
  demand: ExtractDemand,
): Promise<{ finger: ReadyFinger; feedback?: EnrolFeedback }> {
  const { position, image, ppi } = finger
  const ready: { -readonly [K in keyof ReadyFinger]: ReadyFinger[K] } = { position, quality: 0, minutiae: 0 }
  try {
    let template = finger.template
    if (image !== undefined) {
      const work = imageWork(recogniser)
      const until = demand.signal ? { signal: demand.signal } : {}
      const gray = await work.decode(image, { ...until, ...(ppi !== undefined && { ppi }) })
      // A thread compresses while another extracts.
      const [kept, extracted] = await Promise.all([
        keptImage(work, { image, gray, keep: demand.images }),
        template ?? recogniser?.extract(gray, until).then(one => one.template),
      ])
      if (kept !== undefined) ready.image = kept
      template = extracted
    }
    const contents = decodeTemplate(template!)
    const { minutiae, quality } = contents
    ready.quality = quality
    ready.minutiae = minutiae.length
    const impossible = implausibility(contents)
    if (impossible === undefined && minutiae.length >= LEAST_MINUTIAE) ready.template = new Uint8Array(template!)
    demand.onExtracted()
    if (impossible !== undefined) return { finger: ready, feedback: implausible(position, impossible) }
    if (ready.template !== undefined) return { finger: ready }
    return { finger: ready, feedback: unusable(position, `it shows ${minutiae.length} minutiae, too few to compare`) }
  } catch (error) {
    if (!(error instanceof SidikError) || !OF_THE_PRINT.test(error.code)) throw error
    demand.onExtracted()
    return { finger: ready, feedback: unusable(position, error.message) }
  }
}

function unusable(position: number, why: string): EnrolFeedback {
  const message = `the ${fingerName(position, 'en')} gives no template (${why}): capture it again`
  return feedback('finger-unusable', message, { positions: [position] })
}

function implausible(position: number, why: string): EnrolFeedback {
  const shown = `the ${fingerName(position, 'en')} shows more than one finger can (${why})`
  const message = `${shown}: clean the scanner and capture it again`
  const messageId = `Gambar ${fingerName(position, 'id')} bukan gambar satu jari. Bersihkan pemindai, lalu ambil ulang.`
  return feedback('finger-implausible', message, { positions: [position], messageId })
}
