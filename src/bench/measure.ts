import type { Gallery } from '../gallery/gallery.js'
import type { Latency, ProbeFigures, ProbeKind, SearchFigures } from './figures.js'
import type { Probe } from './probes.js'

/** Searches before the clock is looked at: by then the engine has compiled what they run. */
const WARM_UP = 8

interface Way {
  readonly exhaustive: boolean
  readonly signal?: AbortSignal
}

/** Searches for each probe in both ways, one search at a time. Ranks count, not scores: strangers are not left out. */
export async function measureKind(
  gallery: Gallery,
  kind: ProbeKind,
  probes: readonly Probe[],
  { signal, onSearch }: { readonly signal?: AbortSignal; readonly onSearch?: () => void },
): Promise<ProbeFigures> {
  const given = signal && { signal }
  const search = await searches(gallery, probes, { exhaustive: false, ...given }, onSearch)
  const all = await searches(gallery, probes, { exhaustive: true, ...given }, onSearch)
  const byBoth = all.first.filter((found, i) => found && search.first[i]).length
  const byScan = count(all.first)
  const scanned = gallery.size * probes.length
  const exhaustive = {
    ...figuresOf(all),
    comparisonsPerSecond: (1000 * scanned) / all.scanMs,
    comparisonsPerCpuSecond: (1000 * scanned) / (all.latency.cpuMs * probes.length),
  }
  const recall = byScan === 0 ? null : byBoth / byScan
  return { kind, probes: probes.length, search: figuresOf(search), exhaustive, recall }
}

interface Searches {
  readonly latency: Latency
  readonly method: 'index' | 'scan'
  readonly first: readonly boolean[]
  readonly scanMs: number
}

async function searches(
  gallery: Gallery,
  probes: readonly Probe[],
  way: Way,
  onSearch: (() => void) | undefined,
): Promise<Searches> {
  for (const { template } of probes.slice(0, WARM_UP)) await gallery.search(template, { ...way, minScore: 0 })
  const tookMs: number[] = []
  const first: boolean[] = []
  let method: 'index' | 'scan' = 'scan'
  let scanMs = 0
  const before = process.cpuUsage()
  for (const { mate, template } of probes) {
    const startedMs = performance.now()
    const found = await gallery.search(template, { ...way, minScore: 0 })
    tookMs.push(performance.now() - startedMs)
    scanMs += found.steps.scanMs
    method = found.method
    first.push(found.candidates[0]?.id === mate)
    onSearch?.()
  }
  const { user, system } = process.cpuUsage(before)
  tookMs.sort((a, b) => a - b)
  const latency = {
    p50Ms: quantile(tookMs, 0.5),
    p95Ms: quantile(tookMs, 0.95),
    p99Ms: quantile(tookMs, 0.99),
    cpuMs: (user + system) / 1000 / probes.length,
  }
  return { latency, method, first, scanMs }
}

function figuresOf({ latency, method, first }: Searches): SearchFigures {
  return { method, first: count(first), ...latency }
}

const count = (found: readonly boolean[]) => found.filter(Boolean).length

/** The least of sorted values that this share of them does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}
