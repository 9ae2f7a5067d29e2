import { readOptions } from '../../options.js'
import { stationId } from '../identity.js'
import { peerOf } from '../peers.js'
import { partsOf, type Station } from '../station.js'
import { compose, LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES } from './compose.js'
import { openMessageWithinQuotas, sealMessage } from './seal.js'
import { takeMessage } from './take.js'

export interface ReceiveOptions {
  /**
   * The station that is known to have brought the message, as by a signed request. A message of
   * another is not taken, and what is no message counts to the quotas of this one.
   */
  readonly from?: string
}

/**
 * Takes a message that came over a line, and returns the answer, sealed for the sender. All that is
 * taken lies on the disk before the answer is made. The line need know nothing of either. A message
 * may come several times, and messages of several peers at once. Those of one peer are taken one
 * after the other, and others have their turn several times a second.
 *
 * @throws SidikError MESSAGE_CORRUPT, MESSAGE_VERSION, MESSAGE_NOT_FOR_US, MESSAGE_FORGED,
 *   PEER_UNKNOWN: the message is of no use, whoever brought it; PEER_QUOTA, STATION_CLOSED,
 *   STATION_FULL, STATION_BUSY, STATION_DISK: it should come again later
 */
export async function receive(station: Station, sealed: Uint8Array, options?: ReceiveOptions): Promise<Uint8Array> {
  const { from } = readOptions('receive', options, ['from'])
  const carrier = from === undefined ? undefined : peerOf(partsOf(station).file, stationId('receive: from', from))
  const message = await openMessageWithinQuotas(station, sealed, carrier)
  const maxBytes = Math.min(Math.max(message.room, LEAST_MESSAGE_BYTES), MOST_MESSAGE_BYTES)
  // Composed when all of the message is in the file.
  const { message: answer } = await takeMessage(station, message, sealed.length, () =>
    compose(station, message.from, { maxBytes, answering: message }),
  )
  return sealMessage(station, answer)
}
