import { CommanderError } from 'commander'
import { SidikError } from '../errors.js'
import { type Context, Interrupted, type Outcome, type Run } from './command.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import { createProgram } from './program.js'
import { visible, visibleJson } from './text.js'

/** What the process is to print and return. */
export interface Report {
  readonly exitCode: ExitCode
  readonly stdout: string
  readonly stderr: string
}

interface Failure {
  readonly exitCode: ExitCode
  readonly code: string
  readonly message: string
}

const oneLine = (text: string) => text.replaceAll(/\s*\n\s*/g, ' ').trim()

function failureOf(error: unknown, signal: AbortSignal): Failure {
  const message = visible(oneLine(error instanceof Error ? error.message : String(error)))
  if (signal.aborted) {
    const stopped = error instanceof Interrupted ? message : 'stopped before the end'
    return { exitCode: EXIT.INTERRUPTED, code: 'INTERRUPTED', message: stopped }
  }
  if (error instanceof SidikError) return { exitCode: EXIT.BAD_INPUT, code: error.code, message }
  if (error instanceof CommanderError) {
    const hint = '; sidik --help lists commands and options'
    return { exitCode: EXIT.USAGE, code: 'USAGE', message: message.replace(/^error: /, '') + hint }
  }
  return { exitCode: EXIT.FAULT, code: 'FAULT', message: `${message} (please report this)` }
}

function failureReport(failure: Failure, json: boolean): Report {
  const { exitCode, code, message } = failure
  return {
    exitCode,
    stdout: json ? visibleJson({ error: { code, message } }) : '',
    stderr: `sidik: ${code}: ${message}\n`,
  }
}

/**
 * Runs the command line `args` (without the program's name) and returns what it prints. Never rejects.
 */
export async function execute(args: readonly string[], context: Context): Promise<Report> {
  const json = args.includes('--json')
  const outcomes: Outcome[] = []
  const say = (line: string) => context.say(`${visible(oneLine(line))}\n`)
  const run: Run =
    command =>
    async (...commandArgs) => {
      outcomes.push(await command({ ...context, say }, ...commandArgs))
    }
  let help = ''
  const program = createProgram(run, text => {
    help += visible(text)
  })
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    const asked = error instanceof CommanderError && error.exitCode === 0
    if (asked) return { exitCode: EXIT.DONE, stdout: help, stderr: '' }
    if (error instanceof CommanderError && error.code === 'commander.help') {
      return { exitCode: EXIT.USAGE, stdout: '', stderr: help }
    }
    return failureReport(failureOf(error, context.signal), json)
  }
  const [outcome] = outcomes
  return {
    exitCode: outcome.exitCode,
    stdout: json ? visibleJson(outcome.json) : `${visible(outcome.text).trimEnd()}\n`,
    stderr: '',
  }
}
