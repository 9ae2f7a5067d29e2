import {
  NO_GEOMETRY,
  RECORD_GEOMETRY,
  RECORD_LENGTH,
  RECORD_NETWORK,
  recordBytes,
  recordKept,
  recordLearned,
  recordQualities,
  recordX,
} from './memory'

/**
 * Writes the pieces of a template as the record of `n` minutiae at `record`, with room at `geometry` for geometric codes that are yet to
 * be made (0: none). `places` holds x, then y, then directions; `learned` the codes of network version `network`, or nothing
 * when that is 0; `types` and `header` are what the host keeps.
 *
 * One call a template: a million are opened in seconds, and as many calls from outside as there are pieces took longer than
 * the bytes.
 */
export function storeRecord(
  record: usize,
  geometry: usize,
  n: i32,
  network: u32,
  places: usize,
  learned: usize,
  qualities: usize,
  types: usize,
  header: usize,
  headerBytes: i32,
): void {
  const withCodes = network !== 0
  const length = <usize>recordBytes(n, withCodes, n + headerBytes)
  const codes = record + <usize>recordLearned(n)
  const kept = record + <usize>recordKept(n, withCodes)
  // What nothing is copied to: the padding, at most 15 bytes before the codes and at the end.
  store<u64>(codes - 16, 0)
  store<u64>(codes - 16, 0, 8)
  store<u64>(record + length - 16, 0)
  store<u64>(record + length - 16, 0, 8)
  store<u32>(record, n)
  store<u32>(record, <u32>length, RECORD_LENGTH)
  store<u32>(record, network, RECORD_NETWORK)
  store<u32>(record, geometry === 0 ? NO_GEOMETRY : <u32>(geometry >> 4), RECORD_GEOMETRY)
  memory.copy(record + <usize>recordX(), places, <usize>n * 5)
  if (withCodes) memory.copy(codes, learned, (<usize>n) << 4)
  memory.copy(record + <usize>recordQualities(n, withCodes), qualities, <usize>n)
  memory.copy(kept, types, <usize>n)
  memory.copy(kept + <usize>n, header, <usize>headerBytes)
}
