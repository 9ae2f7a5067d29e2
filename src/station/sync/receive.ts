import { partsOf, type Station } from '../station.js'
import { apply } from './apply.js'
import { compose, LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES } from './compose.js'
import { openMessage, sealMessage } from './seal.js'

/**
 * What a station does with a message that came over a line: it takes what is in it, on the disk, before it answers. The answer is sealed for
 * the sender. What carries the two knows nothing of them; a message may come several times, and messages of several peers at once.
 *
 * @throws SidikError MESSAGE_CORRUPT, MESSAGE_VERSION, MESSAGE_NOT_FOR_US, MESSAGE_FORGED, PEER_UNKNOWN: the message is of no use, whoever
 *   brought it; STATION_CLOSED, STATION_FULL, STATION_BUSY, STATION_DISK: it should come again later
 */
export async function receive(station: Station, sealed: Uint8Array): Promise<Uint8Array> {
  const message = await openMessage(station, sealed)
  const { message: answer } = partsOf(station).file.transaction(() => {
    apply(station, message.from, message)
    const maxBytes = Math.min(Math.max(message.room, LEAST_MESSAGE_BYTES), MOST_MESSAGE_BYTES)
    return compose(station, message.from, { maxBytes, answering: message })
  })
  return sealMessage(station, answer)
}
