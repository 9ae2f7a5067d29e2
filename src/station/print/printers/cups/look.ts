/**
 * What `lpstat` says of a queue and its jobs, in one call. With -l it tells IPP's job-state-reasons and printer-state-reasons as `Alerts`, which its
 * short form does not: they tell a job that is done from one that was given up. As CUPS 2.4.10 puts it, in the C locale (tabs as \t):
 *
 *     scheduler is running                                                     -r
 *     cards-7                 operator          1024   Wed Nov 25 23:22:31 2026   -W not-completed -o
 *     \tStatus: out of cards                         the printer's message: absent of a job that has not begun (but not only of those)
 *     \tAlerts: job-printing
 *     \tqueued for cards
 *     cards accepting requests since Wed Nov 25 23:25:50 2026                  -a, which parts the two lists
 *     cards-6                 operator          1024   Wed Nov 25 23:23:13 2026   -W completed -o
 *     \tStatus:
 *     \tAlerts: job-completed-successfully
 *     \tqueued for cards
 *     printer cards now printing cards-7.  enabled since Wed Nov 25 23:25:50 2026 -p
 *     \tAlerts: media-empty-error
 */
import type { CupsSettings } from './options.js'
import { runProgram } from './programs.js'

export interface CupsJob {
  /** IPP's job-state-reasons. */
  readonly reasons: readonly string[]
  /** Whether CUPS holds a message of the printer for it, which it does from the end of its first attempt on at the latest. */
  readonly hasMessage: boolean
}

export interface QueueLook {
  readonly isAccepting: boolean
  readonly isEnabled: boolean
  /** IPP's printer-state-reasons. A printer tells them while it prints; between two cards they are what it said with the last. */
  readonly reasons: readonly string[]
  /** By the job's number. Active ones were asked for first: one that is in neither list is not with CUPS. */
  readonly active: ReadonlyMap<number, CupsJob>
  readonly ended: ReadonlyMap<number, CupsJob>
}

/** Why there is nothing to see. */
export type NoLook = 'no-programs' | 'no-server' | 'no-queue' | 'no-sense'

const LOOK_MS = 10_000
const MOST_REASONS = 20

export async function look(
  settings: CupsSettings,
  signal?: AbortSignal,
  timeoutMs = LOOK_MS,
): Promise<QueueLook | NoLook> {
  const { queue } = settings
  const jobs = ['-W', 'not-completed', '-o', queue, '-a', queue, '-W', 'completed', '-o', queue]
  const said = await runProgram('lpstat', ['-r', '-l', ...jobs, '-p', queue], settings, {
    timeoutMs,
    signal,
  })
  if (said.end === 'missing') return 'no-programs'
  if (said.end === 'killed' || !said.stdout.startsWith('scheduler is running\n')) return 'no-server'
  if (/Invalid destination name/.test(said.stderr)) return 'no-queue'
  if (said.code !== 0) return 'no-server'
  return readLook(queue, said.stdout) ?? 'no-sense'
}

/** Undefined where a part is missing, or a job is there twice. */
export function readLook(queue: string, text: string): QueueLook | undefined {
  const active = new Map<number, CupsJob>()
  const ended = new Map<number, CupsJob>()
  let isAccepting: boolean | undefined
  let isEnabled: boolean | undefined
  let reasons: readonly string[] = []
  for (const block of text.split(/\n(?!\t)/)) {
    const head = block.split('\n', 1)[0]
    const alerts = reasonsIn(block)
    if (head.startsWith(`printer ${queue} `)) {
      if (isEnabled !== undefined) return undefined
      isEnabled = !head.startsWith(`printer ${queue} disabled `)
      reasons = alerts
    } else if (head.startsWith(`${queue} accepting requests `) || head.startsWith(`${queue} not accepting requests `)) {
      if (isAccepting !== undefined) return undefined
      isAccepting = head.startsWith(`${queue} accepting `)
    } else if (head.startsWith(`${queue}-`)) {
      const number = Number(head.slice(queue.length + 1).match(/^(\d{1,10})\s/)?.[1])
      const jobs = isAccepting === undefined ? active : ended
      if (!Number.isInteger(number) || jobs.has(number)) return undefined
      jobs.set(number, { reasons: alerts, hasMessage: /^\tStatus:/m.test(block) })
    }
  }
  if (isAccepting === undefined || isEnabled === undefined) return undefined
  return { isAccepting, isEnabled, reasons, active, ended }
}

/** Of the last line of alerts: the printer's own message stands before it, and could look like one. */
function reasonsIn(block: string): readonly string[] {
  const words = [...block.matchAll(/^\tAlerts:(.*)$/gm)].at(-1)?.[1].trim().split(/\s+/) ?? []
  return words.filter(word => word !== 'none' && /^[A-Za-z0-9._-]{1,64}$/.test(word)).slice(0, MOST_REASONS)
}
