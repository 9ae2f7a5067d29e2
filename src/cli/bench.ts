import type { Command } from 'commander'
import { addBenchSearch } from './bench-search.js'
import type { Run } from './command.js'

export function addBench(program: Command, run: Run): void {
  const bench = program
    .command('bench')
    .summary('measure how fast this machine searches')
    .description('Measures searches on this machine.')
  addBenchSearch(bench, run)
}
