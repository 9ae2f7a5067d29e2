import type { DedupeRun } from './state.js'

/** What of a state's run is not what is wanted now, each in words; empty when nothing is. */
export function differences(state: DedupeRun, wanted: DedupeRun): string[] {
  const words: string[] = []
  if (state.size !== wanted.size) {
    words.push(`a gallery of ${state.size} templates (this one has ${wanted.size})`)
  } else if (state.digest !== wanted.digest) {
    words.push(`a gallery of other templates (${state.digest.slice(0, 12)}, this one is ${wanted.digest.slice(0, 12)})`)
  }
  if (state.minScore !== wanted.minScore) {
    words.push(`pairs from a score of ${state.minScore} (${wanted.minScore} is asked for now)`)
  }
  if (state.exhaustive !== wanted.exhaustive) {
    words.push(`${searches(state)} (${searches(wanted)} are asked for now)`)
  }
  if (state.program !== wanted.program) words.push(`sidik ${state.program} (this is ${wanted.program})`)
  return words
}

function searches({ exhaustive }: DedupeRun): string {
  return exhaustive ? 'exhaustive searches' : 'searches by the index'
}
