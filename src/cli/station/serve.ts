import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { SidikError } from '../../errors.js'
import { peers } from '../../station/peers.js'
import type { HubEvent } from '../../station/transports/http/hub-options.js'
import { serveHub } from '../../station/transports/http/serve-hub.js'
import { type Context, Interrupted, type Outcome, type Run } from '../command.js'
import { jsonOption, threadsOption } from '../options.js'
import { counted, formatCount } from '../text.js'
import { withEngine } from '../with-engine.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'
import { readBytes } from './read.js'
import { timesIn, type ZonedTimes, type ZoneOptions, zoneOption } from './zone.js'

interface ServeOptions extends StationOptions, ZoneOptions {
  readonly host: string
  readonly port: number
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly threads?: number
}

async function serve({ signal, say }: Context, folder: string, options: ServeOptions): Promise<Outcome> {
  const { host, port } = options
  const tls = await tlsIn(options)
  const times = timesIn(options)
  // With an engine: it compares the records that come with all others.
  return withEngine(options.threads, engine =>
    withStation(folder, { ...options, engine }, async station => {
      const known = peers(station).length
      if (known === 0)
        throw new SidikError('PEER_UNKNOWN', `${folder} knows no other station: add-peer makes one known`)
      let messages = 0
      const onEvent = (event: HubEvent) => {
        if (event.kind === 'message') messages++
        say(lineOf(event, times))
      }
      const hub = await serveHub(station, { host, port, signal, onEvent, ...(tls && { tls }) })
      say(`stop with Ctrl-C; ${counted(known, 'station is', 'stations are')} let in`)
      await hub.closed
      throw new Interrupted(`stopped listening, ${counted(messages, 'message')} taken, all on the disk`)
    }),
  )
}

/** One line for a log. */
function lineOf(event: HubEvent, times: ZonedTimes): string {
  const now = times.of(new Date().toISOString())
  if (event.kind === 'listening') return `listening at ${event.url}`
  if (event.kind === 'message') {
    const { peer, bytes, answerBytes } = event
    return `${now} ${peer}: ${formatCount(bytes)} bytes taken, ${formatCount(answerBytes)} to answer`
  }
  if (event.kind === 'closing') return `${now} stopping, ${counted(event.requests, 'request')} open`
  if (event.kind === 'closed') return `${now} stopped, ${counted(event.cut, 'request')} cut`
  const { error, peer = 'somebody' } = event
  const code = error instanceof SidikError ? `${error.code}: ` : ''
  return `${now} ${peer}: ${code}${error instanceof Error ? error.message : error}`
}

async function tlsIn({ tlsCert, tlsKey }: ServeOptions) {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new InvalidArgumentError('--tls-cert and --tls-key go together')
  }
  return { cert: Buffer.from(await readBytes(tlsCert)), key: Buffer.from(await readBytes(tlsKey)) }
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new InvalidArgumentError('It is not a whole number from 0 to 65535.')
}

function parseHost(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('It is empty.')
}

export function addServe(station: Command, run: Run): void {
  station
    .command('serve')
    .summary('be a hub: synchronise with whoever is known as a peer, over HTTP')
    .description(
      'Listens until Ctrl-C or SIGTERM, lets open requests finish for ten seconds at most, ' +
        'and ends with exit code 130. ' +
        'Says on stderr where it listens and what it takes, and compares the records that come with all others. ' +
        'Safe to kill: stations go on where they were.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(new Option('--port <n>', 'port to listen at; 0 for any free one').argParser(parsePort).default(8_470))
    .addOption(
      new Option('--host <address>', 'address to listen at; 0.0.0.0 for all of this machine')
        .argParser(parseHost)
        .default('127.0.0.1'),
    )
    .option('--tls-cert <file>', 'certificate (PEM), for HTTPS')
    .option('--tls-key <file>', 'its private key (PEM)')
    .addOption(threadsOption())
    .addOption(zoneOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(serve))
}
