/**
 * Errors about data: what was given is not what it should be. Programmer mistakes are TypeError and RangeError naming
 * the argument; feedback that a person can act on (a print that is too dry) is returned, never thrown.
 */

/** Every code a SidikError can carry, with what it means. The codes are part of the public interface. */
export const ERROR_CODES = {
  IMAGE_EMPTY: 'no bytes, or no pixels',
  IMAGE_FORMAT: 'not an image of a kind that is read here',
  IMAGE_CORRUPT: 'an image that ends early or does not decode',
  IMAGE_TOO_LARGE: 'more pixels than are accepted',
  IMAGE_TOO_SMALL: 'too few pixels to hold a print',
  IMAGE_SEVERAL: 'a record of several images where one is wanted',
  PPI_UNKNOWN: 'the resolution is neither in the file nor given',
  PPI_OUT_OF_RANGE: 'a resolution outside 250 to 1,100 pixels per inch',
  NOT_A_FINGERPRINT: 'no ridges that could be a print: blank, noise, a photograph',
  TEMPLATE_FORMAT: 'bytes that are not a template of ours',
  TEMPLATE_VERSION: 'a template of a newer version than this program reads',
  TEMPLATE_CORRUPT: 'a template that was cut short or altered',
  RECORD_FORMAT: 'bytes that are not a record of the stated standard',
  RECORD_VERSION: 'a record of another version of its standard',
  RECORD_CORRUPT: 'a record whose lengths, counts or values contradict each other, or its standard',
  GALLERY_FORMAT: 'a file that is not a gallery',
  GALLERY_VERSION: 'a gallery of a newer version than this program reads',
  GALLERY_CORRUPT: 'a gallery file that was cut short or altered',
  GALLERY_LOCKED: 'a durable gallery that another writer has open',
  GALLERY_READ_ONLY: 'a change to a durable gallery that was opened to be read',
  GALLERY_CLOSED: 'the gallery was closed',
  GALLERY_FULL: 'no memory left for another template',
  ID_EXISTS: 'an id that is already in the gallery',
  ID_UNKNOWN: 'an id that is not in the gallery',
  PERSON_INCOMPLETE: 'a person of whom only some templates are there: remove it, and enrol it again',
  NO_USABLE_FINGER: 'a person of whom no finger can be compared: all are missing, or show too little',
  STATE_FORMAT: 'a file that is not the state (of a deduplication, of a folder source) that was to be read',
  STATE_VERSION: 'a state of a newer version than this program reads',
  STATE_CORRUPT: 'a state that was cut short or altered',
  STATE_MISMATCH: 'a state of another gallery, of other options or of another program',
  PRINT_NOT_CHOSEN: 'a file that holds no print, or several of which none was named',
  NOT_ONE_FINGER: 'a print of several fingers or of a palm, where one of a finger is needed',
  TARGET_UNKNOWN: 'a conversion to a format that was not named',
  NO_IMAGE: 'a conversion to an image of what holds minutiae alone',
  FILE_UNREADABLE: 'a file or folder that cannot be opened',
  FILE_UNWRITABLE: 'a file or folder that cannot be written',
  DATASET_FORMAT: 'a folder that holds no prints named <finger>_<impression>',
  CAPTURE_TIMEOUT: 'no frame came from the source of prints in the time that was set',
  CAPTURE_INCOMPLETE: 'a device gave fewer or more images than were asked for, or other fingers',
  CAPTURE_TAMPERED: 'what a device sent does not bear the signature or the hash that it must',
  DEVICE_BUSY: 'a device, or a source of prints, that is at another capture',
  DEVICE_NOT_READY: 'a device that cannot capture just now: not attached, not registered, starting',
  DEVICE_UNREACHABLE: 'nothing answers where a device or its service is expected',
  DEVICE_DISCONNECTED: 'a device or its service that went away in the middle of a capture',
  DEVICE_REFUSED: 'a device that reports an error of its own',
  DEVICE_PROTOCOL: 'an answer that is not of the protocol that was to be spoken',
  SOURCE_CLOSED: 'the source of prints was closed',
  STATION_FORMAT: "a file that is not a station's",
  STATION_VERSION: "a station's file of a newer version than this program reads",
  STATION_CORRUPT: "a station's file that was altered or damaged",
  STATION_KEY: "a key that does not open the station's file",
  STATION_IDENTITY: "keys that are none, or another station's",
  STATION_FULL: 'no room on the disk for a change: nothing was changed',
  STATION_BUSY: 'another process has been writing to the station for too long',
  STATION_DISK: 'a disk that does not read or write',
  STATION_CLOSED: 'the station was closed',
  ENTRY_CORRUPT: 'an entry of a journal that is not written as entries are',
  ENTRY_VERSION: 'an entry of a kind that a newer version of this program writes',
  ENTRY_FORGED: 'an entry that is not signed by the station whose it claims to be',
  MESSAGE_CORRUPT: 'bytes that are no message of a station, or one that was cut short or altered',
  MESSAGE_VERSION: 'a message of a newer version than this program reads',
  MESSAGE_NOT_FOR_US: 'a message that is sealed for, or addressed to, another station',
  MESSAGE_FORGED: 'a message that is not signed by the station that it claims to come from',
  LINE_DOWN: 'nothing answers at the other end of a line, or the connection was lost: try again later',
  LINE_REFUSED: 'the other end of a line does not accept this station or its message: trying again will not help',
  LINE_PROTOCOL: 'what answers at the other end of a line is not what should, or its answer was altered',
  LINE_RESTING: 'a line that has failed so often that it is not tried for a while',
  APPLICATION_FORMAT: 'a file that says not, or not all of, what is to be recorded of somebody',
  DRAFT_UNKNOWN: 'a draft that is not there: it was finished or discarded',
  RECORD_UNKNOWN: 'a record that this station does not hold',
  RECORD_WITHDRAWN: 'a change to a record that was withdrawn',
  RECORD_FOREIGN: "a change to another station's record, or a decision about this station's own",
  PEER_UNKNOWN: 'a station that was not made known as a peer',
  PEER_EXISTS: 'a second upstream, where there can be one',
  REFUSAL_UNKNOWN: 'a refusal that there was none of',
  BUNDLE_FORMAT: 'a file that is of no bundle, or a bundle whose statements contradict each other',
  BUNDLE_VERSION: 'a bundle of a newer version than this program reads',
  BUNDLE_CORRUPT: 'a bundle of which some bytes are not as they were written: the message says which',
  BUNDLE_INCOMPLETE: 'a bundle of which files are missing: the message says which',
  BUNDLE_NOT_FOR_US: 'a bundle for another station, or sealed for keys that are not in use',
  MEDIA_FULL: 'no room on a stick or disk for a bundle: nothing of it was kept there',
  CORE_MISSING: 'the WebAssembly core is absent or of another version',
  NETWORK_MISSING: 'the weights of the network are absent',
  NETWORK_CORRUPT: 'weights that were cut short or altered, or something else',
  NETWORK_VERSION: 'weights for another version of this program',
  MODEL_MISSING: 'the model of synthetic templates is absent or of another version',
  CORE_FAILED: 'the core stopped on this input; the worker was replaced',
  ENGINE_CLOSED: 'the engine was closed',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** Bad data: `code` for programs, `message` for people (what is wrong, where, and what to do). */
export class SidikError extends Error {
  override readonly name = 'SidikError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
