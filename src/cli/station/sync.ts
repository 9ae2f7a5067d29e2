import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { SidikError } from '../../errors.js'
import { peers } from '../../station/peers.js'
import { sync } from '../../station/sync/sync.js'
import { httpTransport } from '../../station/transports/http/http-transport.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption, optionalCount } from '../options.js'
import { counted } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'

interface SyncOptions extends StationOptions {
  readonly bytesPerSecond?: number
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
      const { bytesPerSecond } = options
      const result = await sync(station, transport, {
        signal,
        onProgress: ({ receipts, sent }) => bar.update(receipts, sent),
        ...(bytesPerSecond !== undefined && { bytesPerSecond }),
      })
      const { sent, receipts, received, refused, unsent, stopped, nextTryAt } = result
      const lines = [
        `${upstream.id}: ${counted(sent, 'entry', 'entries')} sent, ${counted(receipts, 'receipt')}, ${received} received`,
        ...refused.map(({ station: of, sequence, code }) => `  refused: entry ${sequence} of ${of}: ${code}`),
        ...(stopped === undefined ? [] : [`${unsent} still wait: ${stopped.message}; next try ${nextTryAt}`]),
      ]
      return { exitCode: stopped === undefined ? EXIT.DONE : EXIT.NO_MATCH, json: result, text: lines.join('\n') }
    } finally {
      bar.stop()
      await transport.close?.()
    }
  })
}

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
      'Sends what upstream lacks, takes receipts, decisions and the templates of other stations. Safe to stop and to repeat. Exit code 1 when the ' +
        'line is down: everything still waits, and nothing is lost.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<url>', 'of the hub: https://hub.example/sync', parseUrl)
    .addOption(optionalCount('--bytes-per-second <n>', 'most bytes that leave in a second', 2 ** 31))
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(synchronise))
}
