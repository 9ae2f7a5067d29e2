import type { ProbeFigures, SearchBenchFigures, SearchFigures } from '../bench/figures.js'
import { counted, formatCount, formatMs, formatTable } from './text.js'

const HEADER = ['probes', 'searched', 'p50', 'p95', 'p99', 'processor', 'mate first', 'templates/s', '/s and core']

/** The figures of one size in lines for people. */
export function benchLines({ fingers, given, threads, gallery, kinds }: SearchBenchFigures): string[] {
  const { file, reused, makeMs, fileBytes, openMs, indexMs, bytesPerFinger, bytesPerFingerWithIndex } = gallery
  const hidden = given > 0 ? `, ${formatCount(given)} of them given` : ''
  const made = reused ? 'there already' : `made in ${formatMs(makeMs)}`
  const rows = kinds.flatMap(rowsOf)
  const recalls = kinds.map(({ kind, recall, exhaustive }) => {
    const share = recall === null ? '-' : `${(100 * recall).toFixed(1)} %`
    return `${kind} ${share} of ${exhaustive.first}`
  })
  return [
    `${counted(fingers, 'finger')}${hidden}, ${counted(threads, 'worker thread')}`,
    `gallery: ${file} (${formatCount(Math.round(fileBytes / 2 ** 20))} MiB), ${made}; opened in ${formatMs(openMs)}, index built in ${formatMs(indexMs)}`,
    `memory: ${formatCount(Math.round(bytesPerFinger))} bytes a finger, ${formatCount(Math.round(bytesPerFingerWithIndex))} with the index`,
    formatTable([HEADER, ...rows], [2, 3, 4, 5, 6, 7, 8]),
    `mates that the exhaustive search ranks first, and the search does: ${recalls.join(', ')}`,
  ]
}

function rowsOf({ kind, probes, search, exhaustive }: ProbeFigures): string[][] {
  const row = (name: string, figures: SearchFigures) => [
    name,
    figures.method,
    ...[figures.p50Ms, figures.p95Ms, figures.p99Ms, figures.cpuMs].map(formatMs),
    `${figures.first} of ${probes}`,
  ]
  const { comparisonsPerSecond, comparisonsPerCpuSecond } = exhaustive
  const rates = [comparisonsPerSecond, comparisonsPerCpuSecond].map(rate => formatCount(Math.round(rate)))
  return [
    [...row(kind, search), '', ''],
    [...row(`${kind}, exhaustive`, exhaustive), ...rates],
  ]
}
