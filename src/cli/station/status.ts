import type { Command } from 'commander'
import { type LimitWarning, limits } from '../../station/health/limits.js'
import type { PeerStatus, WaitingReason } from '../../station/health/peers.js'
import { type StationStatus, status } from '../../station/health/status.js'
import type { RevokedStation } from '../../station/revoke.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { counted, formatCount, formatLines } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'
import { timesIn, type ZonedTimes, type ZoneOptions, zoneOption } from './zone.js'

const REASONS: Readonly<Record<WaitingReason, string>> = {
  'never-tried': 'never synchronised',
  'line-down': 'the line is down',
  'line-resting': 'the line failed too often, and rests',
  'on-a-bundle': 'on a stick, without an answer',
  'not-yet': 'not yet sent',
}

const MIB = 2 ** 20
const megabytes = (bytes: number) => `${formatCount(Math.round(bytes / MIB))} MiB`

async function look(_context: Context, folder: string, options: StationOptions & ZoneOptions): Promise<Outcome> {
  const json = await withStation(folder, options, async station => ({
    ...status(station),
    warnings: limits(station),
  }))
  return { exitCode: EXIT.DONE, json, text: formatLines(linesOf(json, timesIn(options))) }
}

function linesOf(now: StationStatus & { readonly warnings: readonly LimitWarning[] }, times: ZonedTimes): string[] {
  const { disk, anomalies } = now
  return [
    `station ${now.station} at ${times.of(now.at)} (${times.zone})`,
    ...now.peers.flatMap(peer => peerLines(peer, times)),
    `  ${counted(now.drafts, 'draft')}, ${counted(now.toAdjudicate, 'record')} to look at for duplicates`,
    ...(now.check.unchecked === 0
      ? []
      : [`  ${counted(now.check.unchecked, 'record')} to be compared with all others: check`]),
    ...(now.cardsUncertain === 0
      ? []
      : [`  ${counted(now.cardsUncertain, 'card')} to look for in the tray: print uncertain`]),
    ...(now.cardsOnTheirWay === 0
      ? []
      : [`  ${counted(now.cardsOnTheirWay, 'card')} on the way between two stations: print receive`]),
    ...now.revoked.map(revokedLine),
    `  disk: ${megabytes(disk.fileBytes)} in use, ${megabytes(disk.freeBytes)} free`,
    ...(anomalies.count === 0 ? [] : [`  ${counted(anomalies.count, 'anomaly', 'anomalies')}, the newest:`]),
    ...anomalies.newest.map(({ at, code, detail }) => `    ${times.of(at)} ${code}: ${detail}`),
    ...now.warnings.map(({ limit, message, needsAnswer, overriddenUntil }) => {
      const answer = needsAnswer ? ' Somebody has to answer for going on (override).' : ''
      const until = overriddenUntil === undefined ? '' : ` Answered for until ${times.of(overriddenUntil)}.`
      return `  ${limit}: ${message}${answer}${until}`
    }),
  ]
}

function revokedLine({ station, from, by, standing }: RevokedStation): string {
  const stands = standing === 0 ? '' : `; ${counted(standing, 'entry', 'entries')} of it still count here: revoke`
  return `  ${station} is not believed from its entry ${from} on, says ${by}${stands}`
}

function peerLines(status: PeerStatus, times: ZonedTimes): string[] {
  const { peer, relation, waiting, incoming, refused, bundlesOut, lastHeardAt, nextTryAt, quotas } = status
  const { entries, records, oldestAt, why } = waiting
  const what = relation === 'upstream' ? counted(records, 'record') : counted(entries, 'entry', 'entries')
  const since = oldestAt === undefined ? '' : `, the oldest since ${times.of(oldestAt)}`
  const state = why === undefined ? 'nothing waits' : `${what} wait${since}: ${REASONS[why]}`
  const next = nextTryAt === undefined ? '' : `; next try ${times.of(nextTryAt)}`
  return [
    `  ${relation} ${peer}: ${state}${next}; last heard ${lastHeardAt === undefined ? 'never' : times.of(lastHeardAt)}`,
    ...stickLines(bundlesOut, times),
    ...(incoming === 0 ? [] : [`    ${counted(incoming, 'entry', 'entries')} of it not whole yet`]),
    ...(refused === 0 ? [] : [`    ${counted(refused, 'entry', 'entries')} refused: see refusals`]),
    ...quotaLines(quotas),
  ]
}

/** Share of a quota from which it is told: an honest office seldom uses half of one. */
const TOLD_SHARE = 0.5

function quotaLines(quotas: PeerStatus['quotas']): string[] {
  return Object.entries(quotas ?? {})
    .filter(([, { used, quota }]) => used >= TOLD_SHARE * quota)
    .map(([name, { used, quota }]) => `    quota ${name}: ${formatCount(used)} of ${formatCount(quota)} used`)
}

/** Also where a line was tried since: what is on a stick needs no line, but its answer. */
function stickLines(bundles: PeerStatus['bundlesOut'], times: ZonedTimes): string[] {
  return bundles.map(({ bundle, exportedAt, waiting }) => {
    const what = counted(waiting, 'entry', 'entries')
    return `    on a stick: ${what} since ${times.of(exportedAt)}, without an answer (bundle ${bundle})`
  })
}

export function addStatus(station: Command, run: Run): void {
  station
    .command('status')
    .summary('what waits, since when and why')
    .description(
      'Says how the station stands: what waits, since when and why, what went wrong, how full the disk is. No personal data.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(zoneOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(look))
}
