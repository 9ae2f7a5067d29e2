import type { PrintOutcome } from '../../types.js'
import { notPrinted, uncertain } from '../outcomes.js'
import { look, type QueueLook } from './look.js'
import { namelessFile } from './nameless-file.js'
import type { CupsSettings } from './options.js'
import { runProgram } from './programs.js'

/** For a megabyte on a slow line. */
const SEND_MS = 60_000
const TITLE_CHARACTERS = 100

/** @returns the job's number, or what became of the card when there is none */
export async function send(
  settings: CupsSettings,
  title: string,
  pdf: Uint8Array,
  before: QueueLook,
  signal: AbortSignal,
): Promise<number | PrintOutcome> {
  const { queue, options } = settings
  const file = await namelessFile(pdf).catch(() => undefined)
  if (file === undefined) return notPrinted('refused', 'nothing was sent: there is no room for temporary files')
  const once = ['-n', '1', '-o', 'job-sheets=none']
  const more = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  const shown = title.replace(/[^\p{L}\p{N}\p{P}\p{Zs}]/gu, ' ').slice(0, TITLE_CHARACTERS)
  const args = ['-d', queue, ...once, ...more, '-t', shown, '-']
  const reading = { timeoutMs: SEND_MS, stdin: file.fd, signal }
  const said = await runProgram('lp', args, settings, reading).finally(() => file.close())

  const number = said.stdout.startsWith(`request id is ${queue}-`)
    ? Number(said.stdout.slice(`request id is ${queue}-`.length).match(/^(\d{1,10}) \(/)?.[1])
    : Number.NaN
  if (said.code === 0 && Number.isInteger(number)) return number
  if (said.code === 0) return uncertain('protocol', 'lp does not answer as that of CUPS does')
  if (said.end === 'missing') return notPrinted('unreachable', 'nothing was sent: the program lp is not installed')
  if (said.end === 'killed') return uncertain('lost', 'lp did not come to an end: look whether CUPS has a job of it')
  return refused(settings, said.stderr, before, signal)
}

/** lp ended with an error: the two that come before there is a job are certain, for others CUPS is asked whether there is one. */
async function refused(
  settings: CupsSettings,
  stderr: string,
  before: QueueLook,
  signal: AbortSignal,
): Promise<PrintOutcome> {
  if (/does not exist/.test(stderr)) {
    // Also what lp says when nobody answers.
    const isThere = typeof (await look(settings, signal)) === 'object'
    return notPrinted(
      isThere ? 'refused' : 'unreachable',
      'nothing was sent: CUPS does not answer, or not for this queue',
    )
  }
  if (/not accepting/.test(stderr)) return notPrinted('refused', 'nothing was sent: the queue takes no jobs')
  const after = await look(settings, signal)
  if (typeof after === 'string') return uncertain('lost', 'CUPS went away while the card was sent')
  // A card takes seconds, and a job is listed from its first moment to its end.
  const isNew = [...after.active.keys(), ...after.ended.keys()].some(
    id => !before.active.has(id) && !before.ended.has(id),
  )
  if (isNew) return uncertain('lost', 'the sending failed, and there is a new job in the queue that may be of it')
  return notPrinted('refused', 'CUPS did not take the job')
}
