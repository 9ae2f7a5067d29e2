import { join } from 'node:path'
import type { Engine } from '../engine.js'
import { DEFAULTS } from '../options.js'
import type { Context } from './command.js'
import { ENROLLEES, type Enrollee, VISITORS, type Visitor } from './demo-people.js'
import { inParallel } from './in-parallel.js'
import { type LoadedPrint, loadPrint } from './load-print.js'

export interface Enrolled {
  readonly enrollee: Enrollee
  readonly print: LoadedPrint
}

/** A visitor's print, whom it resembles most, and what follows. */
export interface Visit {
  readonly visitor: Visitor
  readonly print: LoadedPrint
  /** Best first, whatever their scores. */
  readonly ranking: readonly { readonly enrolled: Enrolled; readonly score: number }[]
  /** The best of the ranking if its score reaches the threshold. */
  readonly match: Enrolled | undefined
  /** Whether that is the truth of the fixtures. */
  readonly asExpected: boolean
  readonly searchMs: number
}

export interface DemoResult {
  readonly enrolled: readonly Enrolled[]
  readonly enrolMs: number
  readonly visits: readonly Visit[]
  readonly threads: number
}

/** Enrols the small population from `folder` and searches it for each visitor. */
export async function runDemo(engine: Engine, folder: string, context: Context): Promise<DemoResult> {
  const { signal } = context
  const progress = context.startProgress('enrolling', ENROLLEES.length)
  const startedAt = performance.now()
  let done = 0
  const enrolled = await inParallel(ENROLLEES, engine.threads, async (enrollee): Promise<Enrolled> => {
    const print = await loadPrint(engine, join(folder, `${enrollee.finger}_1.png`), { signal })
    progress.update(++done)
    return { enrollee, print }
  }).finally(() => progress.stop())
  const gallery = engine.createGallery()
  for (const { enrollee, print } of enrolled) gallery.insert(enrollee.nik, print.template)
  const enrolMs = performance.now() - startedAt

  const byNik = new Map(enrolled.map(each => [each.enrollee.nik, each]))
  const visits: Visit[] = []
  for (const visitor of VISITORS) {
    const print = await loadPrint(engine, join(folder, `${visitor.print}.png`), { signal })
    const found = await gallery.search(print.template, { limit: 3, minScore: 0, signal })
    const ranking = found.candidates.map(({ id, score }) => ({ enrolled: byNik.get(id)!, score }))
    const best = ranking[0]
    const match = best && best.score >= DEFAULTS.leastScore ? best.enrolled : undefined
    const asExpected = match?.enrollee.finger === visitor.enrolledFinger
    visits.push({ visitor, print, ranking, match, asExpected, searchMs: found.elapsedMs })
  }
  return { enrolled, enrolMs, visits, threads: engine.threads }
}
