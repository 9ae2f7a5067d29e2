/** What assembly/describe, match and search export. Pointers and sizes are bytes in the memory of the instance. */
export interface MatchExports {
  readonly METHOD_VERSION: WebAssembly.Global
  readonly SCAN_CAPACITY: WebAssembly.Global
  readonly SCREEN_CAPACITY: WebAssembly.Global
  readonly DESCRIBE_BYTES: WebAssembly.Global
  readonly COMPARE_BYTES: WebAssembly.Global
  readonly SCREEN_BYTES: WebAssembly.Global
  readonly SEGMENT_SLOTS: WebAssembly.Global
  readonly INDEX_SLOTS: WebAssembly.Global
  readonly INDEX_BEST: WebAssembly.Global
  readonly INDEX_SAMPLE: WebAssembly.Global
  indexBytes(codes: number): number
  indexSegment(index: number, network: number, centres: number, like: number, scratch: number): void
  beginProbe(scratch: number): void
  recordBytes(count: number, learned: boolean, kept: number): number
  geometryBytes(count: number): number
  recordX(): number
  recordY(count: number): number
  recordDirections(count: number): number
  recordLearned(count: number): number
  recordQualities(count: number, learned: boolean): number
  recordKept(count: number, learned: boolean): number
  storeRecord(
    record: number,
    geometry: number,
    count: number,
    networkVersion: number,
    places: number,
    learned: number,
    qualities: number,
    types: number,
    header: number,
    headerBytes: number,
  ): void
  shareNetwork(a: number, b: number): number
  topBytes(capacity: number): number
  describeGeometry(record: number, scratch: number): void
  compareRecords(a: number, b: number, scratch: number): number
  similarityOf(a: number, b: number, scratch: number): number
  explainRecords(a: number, b: number, out: number, scratch: number): number
  screen(
    probe: number,
    table: number,
    first: number,
    last: number,
    top: number,
    capacity: number,
    scratch: number,
  ): void
  screenSlots(
    probe: number,
    table: number,
    slots: number,
    count: number,
    top: number,
    capacity: number,
    scratch: number,
  ): void
  scan(
    probe: number,
    table: number,
    first: number,
    last: number,
    scanned: number,
    scanCapacity: number,
    top: number,
    capacity: number,
    scratch: number,
  ): void
  scanByIndex(
    probe: number,
    table: number,
    first: number,
    last: number,
    index: number,
    cells: number,
    most: number,
    scanned: number,
    scanCapacity: number,
    top: number,
    capacity: number,
    scratch: number,
  ): void
  describeSlots(table: number, slots: number, count: number, scratch: number): void
  rescore(probe: number, table: number, slots: number, count: number, out: number, scratch: number): void
}
