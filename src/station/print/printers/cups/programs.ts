import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import type { CupsSettings } from './options.js'

export type ProgramName = 'lp' | 'lpstat' | 'cancel'

/** `exited`: by itself. `killed`: it took too long, or died. `missing`: it is not installed, or may not be run. */
export interface ProgramEnd {
  readonly end: 'exited' | 'killed' | 'missing'
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly timeoutMs: number
  readonly stdin?: number
  readonly signal?: AbortSignal | undefined
}

/** What a program that is at it may still take when nobody waits any longer: a kill in the middle leaves less known than an answer. */
const AFTER_ABORT_MS = 1_000
/** A queue with its history is some 100 KB; whoever says more is not CUPS. */
const MOST_CHARACTERS = 4_000_000

/**
 * Runs one of the programs of CUPS: without a shell, in the locale whose wording is read here, and in a session of its own, so that it can ask nobody
 * for a password and an interrupt of the terminal does not reach it.
 *
 * @param stdin descriptor of what it reads
 * @param signal lets it have one more second
 */
export function runProgram(
  name: ProgramName,
  args: readonly string[],
  { server, lpPath }: Pick<CupsSettings, 'server' | 'lpPath'>,
  { timeoutMs, stdin, signal }: RunOptions,
): Promise<ProgramEnd> {
  const program = lpPath === undefined || name === 'lp' ? (lpPath ?? name) : join(dirname(lpPath), name)
  const env = { ...process.env, LC_ALL: 'C', LANGUAGE: 'C', ...(server !== undefined && { CUPS_SERVER: server }) }
  return new Promise(resolve => {
    const child = spawn(program, args, { env, stdio: [stdin ?? 'ignore', 'pipe', 'pipe'], detached: true })
    let [stdout, stderr] = ['', '']
    const kill = () => child.kill('SIGKILL')
    const limits = [setTimeout(kill, timeoutMs)]
    const abort = () => limits.push(setTimeout(kill, AFTER_ABORT_MS))
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort, { once: true })
    child.stdout!.setEncoding('utf8').on('data', text => {
      stdout += text
      if (stdout.length > MOST_CHARACTERS) kill()
    })
    child.stderr!.setEncoding('utf8').on('data', text => {
      stderr = (stderr + text).slice(-4_000)
    })
    const ended = (end: ProgramEnd['end'], code: number | null) => {
      for (const limit of limits) clearTimeout(limit)
      signal?.removeEventListener('abort', abort)
      resolve({ end, code, stdout, stderr })
    }
    child.on('error', () => ended('missing', null))
    child.on('close', code => ended(code === null ? 'killed' : 'exited', code))
  })
}
