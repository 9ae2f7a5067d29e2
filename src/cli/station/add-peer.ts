import type { Command } from 'commander'
import { Option } from 'commander'
import { SidikError } from '../../errors.js'
import { addPeer } from '../../station/peers.js'
import type { Relation } from '../../station/types.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { readPublicIdentity, type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'

interface PeerOptions extends StationOptions {
  readonly relation: Relation
  readonly vouches?: boolean
}

async function add(_context: Context, folder: string, file: string, options: PeerOptions): Promise<Outcome> {
  const { relation, vouches = false } = options
  const peer = { ...(await readPublicIdentity(file)), relation, ...(vouches && { vouches }) }
  await withStation(folder, options, async station => {
    if (peer.id === station.id)
      throw new SidikError('STATION_IDENTITY', `${file} is this station's own: take the other one's`)
    addPeer(station, peer)
  })
  return { exitCode: EXIT.DONE, json: peer, text: `${folder}: ${peer.id} is known as ${peer.relation}` }
}

export function addAddPeer(station: Command, run: Run): void {
  station
    .command('add-peer')
    .summary('make another station known')
    .description(
      'Trusts another station by its public identity. That file decides whom this station believes: take it from hand to hand.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<file>', "the other station's public.json")
    .addOption(
      new Option('--relation <where>', 'records go upstream, decisions downstream')
        .choices(['upstream', 'downstream'])
        .makeOptionMandatory(),
    )
    .option('--vouches', 'a hub: it may vouch for the stations below it')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(add))
}
