/**
 * A set of names, each with a MAC, kept in the file so that none can be changed, added, taken out
 * or put back as it was without the key: a hash tree of three levels (Merkle, 1987) over 4,096
 * buckets. One name is checked, or changed, by what lies on its way to the root. Which bucket a
 * name lies in follows from the key: nobody can fill one of them on purpose.
 */
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import { altered } from './altered.js'

/** Children of the root, and of each branch: 25 records of 100,000 to a bucket. */
const FAN_OUT = 64

export class GuardTree {
  readonly #file: StationFile
  readonly #keys: DataKeys
  /** MACs of the branches, as the head covers them. */
  #branches: string[] = []
  /** Branches and buckets that were compared with what is above them. */
  readonly #checked = new Set<number>()
  readonly #changed = new Set<number>()

  constructor(file: StationFile, keys: DataKeys) {
    this.#file = file
    this.#keys = keys
  }

  get isChanged(): boolean {
    return this.#changed.size > 0
  }

  /** Reads the branches anew; the caller checks what is returned. */
  branches(): readonly string[] {
    this.#checked.clear()
    this.#changed.clear()
    this.#branches = this.#branchMacs()
    return this.#branches
  }

  /** Has buckets that were compared before compared again, where nothing was changed since. */
  compareAgain(): void {
    if (!this.isChanged) this.#checked.clear()
  }

  /**
   * The MAC of a name; undefined for one that is not in the set. @throws SidikError STATION_ALTERED
   */
  macOf(name: string): string | undefined {
    const bucket = this.#bucketOf(name)
    this.#check(bucket)
    const sql = 'SELECT mac FROM guard WHERE bucket = ? AND name = ?'
    return hexOf(this.#file.get<{ mac: Uint8Array }>(sql, bucket, name)?.mac)
  }

  /** Gives a name another MAC, or takes it out. @throws SidikError STATION_ALTERED */
  set(name: string, mac: Buffer | undefined): void {
    if (this.macOf(name) === hexOf(mac)) return
    const bucket = this.#bucketOf(name)
    this.#changed.add(bucket)
    if (mac === undefined) this.#file.run('DELETE FROM guard WHERE bucket = ? AND name = ?', bucket, name)
    else this.#file.run('INSERT OR REPLACE INTO guard (bucket, name, mac) VALUES (?, ?, ?)', bucket, name, mac)
  }

  /** Makes the nodes above what was changed. @returns the branches */
  renew(): readonly string[] {
    for (const bucket of this.#changed) this.#put(FAN_OUT + bucket, this.#bucketMac(bucket))
    for (const branch of new Set([...this.#changed].map(branchOf))) {
      this.#branches[branch] = this.#branchMac(branch)
      this.#put(branch, this.#branches[branch])
    }
    this.#changed.clear()
    return this.#branches
  }

  /** Begins an empty set anew, which `add` fills. */
  clear(): void {
    this.#file.run('DELETE FROM guard')
    this.#file.run('DELETE FROM guard_node')
    this.branches()
    for (let number = 0; number < FAN_OUT + FAN_OUT ** 2; number++) this.#checked.add(number)
  }

  /**
   * The rest of each name that begins with `prefix` and a space. @throws SidikError STATION_ALTERED
   */
  members(prefix: string): string[] {
    const bucket = this.#bucketOf(prefix)
    this.#check(bucket)
    const sql = 'SELECT name FROM guard WHERE bucket = ? AND name > ? AND name < ?'
    const rows = this.#file.all<{ name: string }>(sql, bucket, `${prefix} `, `${prefix}!`)
    return rows.map(({ name }) => name.slice(prefix.length + 1))
  }

  /** Every name, for who looks at all of them. @throws SidikError STATION_ALTERED */
  *names(): Generator<string, void> {
    for (let bucket = 0; bucket < FAN_OUT ** 2; bucket++) {
      this.#check(bucket)
      const rows = this.#file.all<{ name: string }>('SELECT name FROM guard WHERE bucket = ?', bucket)
      for (const { name } of rows) yield name
    }
  }

  #check(bucket: number): void {
    const branch = branchOf(bucket)
    const nodes = [
      [branch, () => this.#branches[branch], () => this.#branchMac(branch)],
      [FAN_OUT + bucket, () => this.#nodeMac(FAN_OUT + bucket), () => this.#bucketMac(bucket)],
    ] as const
    for (const [number, kept, made] of nodes) {
      if (this.#checked.has(number)) continue
      if (kept() !== made()) throw altered(this.#file, 'what guards its records')
      this.#checked.add(number)
    }
  }

  /** By the first two words: names that go on after these lie together. */
  #bucketOf(name: string): number {
    const [kind, id] = name.split(' ', 2)
    return this.#keys.mac(`bucket ${kind} ${id}`).readUInt16LE(0) % FAN_OUT ** 2
  }

  /** '' for an empty bucket or branch, as for one that was never written. */
  #bucketMac(bucket: number): string {
    return this.#macOfRows(
      `bucket ${bucket}`,
      `SELECT group_concat(name || ' ' || hex(mac), char(10)) AS rows,
         max(typeof(name) <> 'text' OR typeof(mac) <> 'blob' OR instr(name, char(10)) > 0) AS isOdd
       FROM (SELECT name, mac FROM guard WHERE bucket = ? ORDER BY name)`,
      bucket,
    )
  }

  #branchMac(branch: number): string {
    const first = FAN_OUT + FAN_OUT * branch
    return this.#macOfRows(
      `branch ${branch}`,
      `SELECT group_concat(number || ' ' || hex(mac), char(10)) AS rows, max(typeof(mac) <> 'blob') AS isOdd
       FROM (SELECT number, mac FROM guard_node WHERE number BETWEEN ? AND ? ORDER BY number)`,
      first,
      first + FAN_OUT - 1,
    )
  }

  #macOfRows(what: string, sql: string, ...values: number[]): string {
    const { rows, isOdd } = this.#file.get<{ rows: string | null; isOdd: number | null }>(sql, ...values)!
    // Bytes would be the same text, and a line's end in a name makes one row of two.
    if (isOdd === 1) throw altered(this.#file, 'what guards its records')
    return rows === null ? '' : this.#keys.mac(`${what}\n${rows}`).toString('hex')
  }

  #branchMacs(): string[] {
    const macs = new Array<string>(FAN_OUT).fill('')
    const sql = 'SELECT number, mac FROM guard_node WHERE number < ?'
    for (const { number, mac } of this.#file.all<{ number: number; mac: Uint8Array }>(sql, FAN_OUT)) {
      macs[number] = hexOf(mac)!
    }
    return macs
  }

  #nodeMac(number: number): string {
    return hexOf(this.#file.get<{ mac: Uint8Array }>('SELECT mac FROM guard_node WHERE number = ?', number)?.mac) ?? ''
  }

  #put(number: number, mac: string): void {
    if (mac === '') this.#file.run('DELETE FROM guard_node WHERE number = ?', number)
    else
      this.#file.run('INSERT OR REPLACE INTO guard_node (number, mac) VALUES (?, ?)', number, Buffer.from(mac, 'hex'))
  }
}

const branchOf = (bucket: number) => Math.floor(bucket / FAN_OUT)

function hexOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('hex')
}
