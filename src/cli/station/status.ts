import type { Command } from 'commander'
import { type LimitWarning, limits } from '../../station/health/limits.js'
import type { PeerStatus, WaitingReason } from '../../station/health/peers.js'
import { type StationStatus, status } from '../../station/health/status.js'
import type { RevokedStation } from '../../station/revoke.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { counted, formatCount } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'

const REASONS: Readonly<Record<WaitingReason, string>> = {
  'never-tried': 'never synchronised',
  'line-down': 'the line is down',
  'line-resting': 'the line failed too often, and rests',
  'on-a-bundle': 'on a stick, without an answer',
  'not-yet': 'not yet sent',
}

const MIB = 2 ** 20
const megabytes = (bytes: number) => `${formatCount(Math.round(bytes / MIB))} MiB`

async function look(_context: Context, folder: string, options: StationOptions): Promise<Outcome> {
  const json = await withStation(folder, options, async station => ({
    ...status(station),
    warnings: limits(station),
  }))
  return { exitCode: EXIT.DONE, json, text: linesOf(json).join('\n') }
}

function linesOf(now: StationStatus & { readonly warnings: readonly LimitWarning[] }): string[] {
  const { disk, anomalies } = now
  return [
    `station ${now.station} at ${now.at}`,
    ...now.peers.flatMap(peerLines),
    `  ${counted(now.drafts, 'draft')}, ${counted(now.toAdjudicate, 'record')} to look at for duplicates`,
    ...(now.cardsUncertain === 0
      ? []
      : [`  ${counted(now.cardsUncertain, 'card')} to look for in the tray: print uncertain`]),
    ...now.revoked.map(revokedLine),
    `  disk: ${megabytes(disk.fileBytes)} in use, ${megabytes(disk.freeBytes)} free`,
    ...(anomalies.count === 0 ? [] : [`  ${counted(anomalies.count, 'anomaly', 'anomalies')}, the newest:`]),
    ...anomalies.newest.map(({ at, code, detail }) => `    ${at} ${code}: ${detail}`),
    ...now.warnings.map(({ limit, message, needsAnswer, overriddenUntil }) => {
      const answer = needsAnswer ? ' Somebody has to answer for going on (override).' : ''
      return `  ${limit}: ${message}${answer}${overriddenUntil === undefined ? '' : ` Answered for until ${overriddenUntil}.`}`
    }),
  ]
}

function revokedLine({ station, from, by, standing }: RevokedStation): string {
  const stands = standing === 0 ? '' : `; ${counted(standing, 'entry', 'entries')} of it still count here: revoke`
  return `  ${station} is not believed from its entry ${from} on, says ${by}${stands}`
}

function peerLines({ peer, relation, waiting, incoming, refused, lastHeardAt, nextTryAt }: PeerStatus): string[] {
  const { entries, records, oldestAt, why } = waiting
  const what = relation === 'upstream' ? counted(records, 'record') : counted(entries, 'entry', 'entries')
  const since = oldestAt === undefined ? '' : `, the oldest since ${oldestAt}`
  const state = why === undefined ? 'nothing waits' : `${what} wait${since}: ${REASONS[why]}`
  const next = nextTryAt === undefined ? '' : `; next try ${nextTryAt}`
  return [
    `  ${relation} ${peer}: ${state}${next}; last heard ${lastHeardAt ?? 'never'}`,
    ...(incoming === 0 ? [] : [`    ${counted(incoming, 'entry', 'entries')} of it not whole yet`]),
    ...(refused === 0 ? [] : [`    ${counted(refused, 'entry', 'entries')} refused: see refusals`]),
  ]
}

export function addStatus(station: Command, run: Run): void {
  station
    .command('status')
    .summary('what waits, since when and why')
    .description(
      'Says how the station stands: what waits, since when and why, what went wrong, how full the disk is. No personal data.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(look))
}
