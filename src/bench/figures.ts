/** Where probes come from: synthetic ones of three difficulties, or prints that were given. */
export type ProbeKind = 'clean' | 'typical' | 'poor' | 'given'

/** Milliseconds that searches took, from the call to its answer, one at a time. */
export interface Latency {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Of all threads together, the mean of a search. */
  readonly cpuMs: number
}

/** Searches of one kind of probe in one way. */
export interface SearchFigures extends Latency {
  /** How the gallery was searched: by the index where it has one. */
  readonly method: 'index' | 'scan'
  /** Probes whose mate was ranked first. */
  readonly first: number
}

export interface ProbeFigures {
  readonly kind: ProbeKind
  readonly probes: number
  /** As a search is without options. */
  readonly search: SearchFigures
  /** With `exhaustive: true`. */
  readonly exhaustive: SearchFigures & {
    /** Templates that were scanned, a second of the scans; and a second of processor time of all the search. */
    readonly comparisonsPerSecond: number
    readonly comparisonsPerCpuSecond: number
  }
  /** Of the mates that the exhaustive search ranks first, the share that the search ranks first; null where there are none. */
  readonly recall: number | null
}

export interface GalleryFigures {
  readonly file: string
  /** Whether the file was there already; then making it took no time. */
  readonly reused: boolean
  readonly makeMs: number
  readonly fileBytes: number
  /** From the file to a gallery that can be searched, without its index. */
  readonly openMs: number
  readonly indexMs: number
  /** Of memory, without ids and without the index, and with it. */
  readonly bytesPerFinger: number
  readonly bytesPerFingerWithIndex: number
}

/** Searches of a gallery of one size. */
export interface SearchBenchFigures {
  /** Templates in the gallery; so many of them are given ones, in the place of synthetic ones. */
  readonly fingers: number
  readonly given: number
  readonly threads: number
  readonly seed: number
  readonly gallery: GalleryFigures
  readonly kinds: readonly ProbeFigures[]
}
