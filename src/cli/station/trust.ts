import type { Command } from 'commander'
import { Option } from 'commander'
import { trustStation } from '../../station/peers.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { saying } from '../stock/options.js'
import { readPublicIdentity, type StationOptions, withStation } from './folder.js'
import { keyOption, operatorOption, reasonOption } from './options.js'

interface TrustOptions extends StationOptions {
  readonly behind: string
  readonly vouches?: boolean
  readonly operator: string
  readonly reason: string
}

async function trust(_context: Context, folder: string, path: string, options: TrustOptions): Promise<Outcome> {
  const { behind: voucher, vouches = false, operator, reason } = options
  const trusted = { ...(await readPublicIdentity(path)), voucher, ...(vouches && { vouches }) }
  await withStation(folder, options, async station =>
    saying(() => trustStation(station, trusted, { operator, reason })),
  )
  return { exitCode: EXIT.DONE, json: trusted, text: `${folder}: ${trusted.id} is known by the word of ${voucher}` }
}

export function addTrust(station: Command, run: Run): void {
  station
    .command('trust')
    .summary('say behind which hub a station lies now, after a hub was replaced')
    .description(
      'Decides by which keys, and by whose word, a station is known that lies behind a peer: ' +
        'after an anomaly key-conflict or voucher-conflict, or where it has moved to another hub. ' +
        'Take its file from hand to hand.',
    )
    .argument('<folder>', 'the folder of this station: the centre, or a kiosk that is to hear the centre again')
    .argument('<file>', "the other station's public.json")
    .addOption(new Option('--behind <id>', 'the peer by way of which it is reached').makeOptionMandatory())
    .option('--vouches', 'it may vouch for the stations behind it')
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(trust))
}
