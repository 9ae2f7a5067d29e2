import type { Command } from 'commander'
import type { Run } from './command.js'
import { addSimulateOutage } from './simulate-outage.js'
import { addSimulateShortage } from './simulate-shortage.js'

export function addSimulate(program: Command, run: Run): void {
  const simulate = program
    .command('simulate')
    .summary('play months of outage or shortage with real stations, and check that nothing is lost')
    .description('Simulations of enrolment stations.')
  addSimulateOutage(simulate, run)
  addSimulateShortage(simulate, run)
}
