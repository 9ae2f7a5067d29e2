import type { ExitCode } from './exit-codes.js'
import type { StartProgress } from './progress.js'

/** What a command may use of the process around it. */
export interface Context {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  readonly startProgress: StartProgress
  /** Writes a line to stderr while the command runs: for one that serves until it is stopped. */
  readonly say: (line: string) => void
}

/** What a command found: one JSON document or one readable text is printed, never both. */
export interface Outcome {
  readonly exitCode: ExitCode
  readonly json: unknown
  readonly text: string
}

/** Turns a command's function into the action that the command line parser calls. */
export type Run = <Arguments extends unknown[]>(
  command: (context: Context, ...args: Arguments) => Promise<Outcome>,
) => (...args: Arguments) => Promise<void>

/** Says how to go on after Ctrl-C, where there is more to say than that it was stopped. */
export class Interrupted extends Error {}
