import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { systemCode } from './file-layer.js'

/** What tells a process from every other, also from one that gets its number later. */
export interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  /** Linux: one for each start of the machine; elsewhere ''. */
  readonly bootId: string
  /** Linux: within which the pid counts (containers have their own); elsewhere ''. */
  readonly pidNamespace: string
  /** Linux: when the process began, in clock ticks since the machine did; elsewhere ''. */
  readonly startTicks: string
}

/**
 * Whether a process is there. 'hidden': it would be of this machine, but its number does not tell (it counts in another
 * container, or the system does not say when a process began). 'elsewhere': of another machine, as far as can be told.
 */
export type Liveness = 'alive' | 'dead' | 'hidden' | 'elsewhere'

export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    host: hostname(),
    bootId: readOr('/proc/sys/kernel/random/boot_id').trim(),
    pidNamespace: linkOr('/proc/self/ns/pid'),
    startTicks: statOf('self')?.startTicks ?? '',
  }
}

export function livenessOf(other: ProcessIdentity, own: ProcessIdentity = ownIdentity()): Liveness {
  // A machine of this name that was started again: what ran before is gone. Of another machine nothing can be seen.
  if (other.bootId !== own.bootId) return other.host === own.host ? 'dead' : 'elsewhere'
  if (own.bootId === '' && other.host !== own.host) return 'elsewhere'
  if (other.pidNamespace !== own.pidNamespace) return 'hidden'
  if (!isRunning(other.pid)) return 'dead'
  const stat = statOf(String(other.pid))
  // Processes of other users can be hidden in /proc: this one runs, and whether it is the one meant is not seen.
  if (stat === undefined || other.startTicks === '') return 'hidden'
  return stat.startTicks === other.startTicks && !stat.finished ? 'alive' : 'dead'
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) !== 'ESRCH'
  }
}

/** From proc_pid_stat(5): fields 3 (state), 20 (threads) and 22 (start time), counted after the name in brackets. */
function statOf(pid: string): { startTicks: string; finished: boolean } | undefined {
  const text = readOr(`/proc/${pid}/stat`)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields.length < 20) return undefined
  // A killed process whose parent has not asked after it is a zombie. As long as it has other threads, one may still be
  // writing.
  const finished = (fields[0] === 'Z' || fields[0] === 'X') && Number(fields[17]) <= 1
  return { startTicks: fields[19], finished }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
