import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { addBench } from './bench.js'
import type { Run } from './command.js'
import { addConvert } from './convert.js'
import { addDemo } from './demo.js'
import { addEvaluate } from './evaluate.js'
import { addEvaluateMinutiae } from './evaluate-minutiae.js'
import { EXIT_CODE_HELP } from './exit-codes.js'
import { addExtract } from './extract.js'
import { addGallery } from './gallery.js'
import { addIdentify } from './identify.js'
import { addInspect } from './inspect.js'
import { addMatch } from './match.js'
import { addPrint } from './print.js'
import { addSegment } from './segment.js'
import { addSimulate } from './simulate.js'
import { addStation } from './station.js'
import { addStock } from './stock.js'
import { addSynthesize } from './synthesize.js'

const packageUrl = new URL('../../package.json', import.meta.url)

/** The whole command line; `print` gets help and version texts. Errors are thrown, nothing is printed or exited. */
export function createProgram(run: Run, print: (text: string) => void): Command {
  const { version } = JSON.parse(readFileSync(packageUrl, 'utf8')) as { version: string }
  const program = new Command('sidik')
    .description('Fingerprints: extraction, comparison and 1:N search.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => {} })
    .addHelpText('after', EXIT_CODE_HELP)
  addExtract(program, run)
  addMatch(program, run)
  addIdentify(program, run)
  addGallery(program, run)
  addEvaluate(program, run)
  addEvaluateMinutiae(program, run)
  addConvert(program, run)
  addInspect(program, run)
  addSegment(program, run)
  addStation(program, run)
  addStock(program, run)
  addPrint(program, run)
  addSynthesize(program, run)
  addSimulate(program, run)
  addBench(program, run)
  addDemo(program, run)
  return program
}
