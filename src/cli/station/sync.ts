import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { SidikError } from '../../errors.js'
import { peers } from '../../station/peers.js'
import { sync } from '../../station/sync/sync.js'
import type { SyncResult } from '../../station/sync/sync-options.js'
import { httpTransport } from '../../station/transports/http/http-transport.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption, optionalCount } from '../options.js'
import { counted, formatLines } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'
import { timesIn, type ZonedTimes, type ZoneOptions, zoneOption } from './zone.js'

interface SyncOptions extends StationOptions, ZoneOptions {
  readonly bytesPerSecond?: number
  readonly now?: boolean
}

async function synchronise(context: Context, folder: string, url: URL, options: SyncOptions): Promise<Outcome> {
  const { signal, startProgress } = context
  return withStation(folder, options, async (station, identity) => {
    const upstream = peers(station).find(({ relation }) => relation === 'upstream')
    if (upstream === undefined)
      throw new SidikError('PEER_UNKNOWN', `${folder} has no upstream: add-peer makes one known`)
    const transport = httpTransport({ url, identity, peer: upstream })
    const bar = startProgress('receipts')
    try {
      const { bytesPerSecond, now = false } = options
      const result = await sync(station, transport, {
        signal,
        tryNow: now,
        onProgress: ({ receipts, sent }) => bar.update(receipts, sent),
        ...(bytesPerSecond !== undefined && { bytesPerSecond }),
      })
      const text = formatLines(linesOf(upstream.id, result, timesIn(options)))
      return { exitCode: result.stopped === undefined ? EXIT.DONE : EXIT.NO_MATCH, json: result, text }
    } finally {
      bar.stop()
      await transport.close?.()
    }
  })
}

function linesOf(peer: string, result: SyncResult, times: ZonedTimes): string[] {
  const { exchanges, sent, receipts, received, refused, stopped } = result
  const out = `${counted(sent, 'entry', 'entries')} sent, ${counted(receipts, 'receipt')}`
  const counts = `${peer}: ${out}, ${received} received`
  return [
    ...(stopped === undefined || exchanges > 0 ? [counts] : []),
    ...refused.map(({ station: of, sequence, code }) => `  refused: entry ${sequence} of ${of}: ${code}`),
    ...(stopped === undefined ? [] : [stoppedSentence(peer, result, times)]),
  ]
}

/** Why it ended, what waits and when to try again: one sentence for who looks at the screen. */
function stoppedSentence(peer: string, { unsent, stopped, nextTryAt }: SyncResult, times: ZonedTimes): string {
  const waits =
    unsent === 0 ? 'nothing waits here' : `${counted(unsent, 'entry waits', 'entries wait')}, nothing is lost`
  const orNow = stopped!.code === 'LINE_RESTING' ? ', or with --now' : ''
  const next = LATER.test(stopped!.code)
    ? `try again from ${times.of(nextTryAt!)} (${times.zone}) on${orNow}`
    : 'trying again does not help before that is put right'
  const why = stopped!.message.replace(/: try again later$/, '')
  return `Not synchronised with ${peer}: ${why}; ${waits}; ${next}.`
}

/** Codes of troubles that pass by themselves. */
const LATER = /^(LINE_DOWN|LINE_PROTOCOL|LINE_RESTING|PEER_QUOTA)$/

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url?.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (url !== undefined && /^https?:$/.test(url.protocol) && isPlain && !/^\/*$/.test(url.pathname)) return url
  throw new InvalidArgumentError('It is not the URL of a hub, as in https://hub.example/sync.')
}

export function addSync(station: Command, run: Run): void {
  station
    .command('sync')
    .summary('synchronise with the upstream station')
    .description(
      'Sends what upstream lacks, takes receipts, decisions and the templates of other stations. ' +
        'Safe to stop and to repeat. Exit code 1 when it ' +
        'ended before all was said: why, and when to try again. Everything still waits, and nothing is lost.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<url>', 'of the hub: https://hub.example/sync', parseUrl)
    .addOption(optionalCount('--bytes-per-second <n>', 'most bytes that leave in a second', 2 ** 31))
    .option('--now', 'try although the line rests after failures')
    .addOption(zoneOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(synchronise))
}
