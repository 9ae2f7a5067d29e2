/**
 * The allocator of a gallery's memory under the worst that galleries do to it: how far it reaches
 * beyond what is out, and how long its slowest call takes.
 *
 *   node bench/allocator.js [--rebuilds 200] [--records 12000] [--holes 500000] [--seed 1]
 *
 * First an index that is rebuilt again and again among records that are replaced; then `--holes`
 * free pieces of all sizes, none of them neighbours, between which records and indexes are taken
 * and given.
 */
import { parseArgs } from 'node:util'
import { Allocator } from '../dist/core/allocator.js'
import { figure, formatTable, whole } from './support/table.js'
import { randomSource } from './support/templates.js'

const { values } = parseArgs({
  options: {
    rebuilds: { type: 'string', default: '200' },
    records: { type: 'string', default: '12000' },
    holes: { type: 'string', default: '500000' },
    seed: { type: 'string', default: '1' },
  },
})
const next = randomSource(Number(values.seed))
const MB = 1e6
const recordBytes = () => 16 * (20 + Math.floor(next() * 60))
const indexBytes = () => 16 * Math.floor((8.8 * MB + next() * 0.4 * MB) / 16)
/** The slowest hundred calls: the very slowest is a garbage collection's. */
const SLOWEST = 100

console.log(formatTable(['', 'calls', 'reached', 'in use', 'free pieces', 'slowest 100 calls'], [rebuilt(), holed()]))

function rebuilt() {
  const timed = timedAllocator()
  const records = Array.from({ length: Number(values.records) }, () => timed.take(recordBytes()))
  let index = timed.take(indexBytes())
  for (let rebuild = 0; rebuild < Number(values.rebuilds); rebuild++) {
    for (let change = 0; change < 2_000; change++) {
      const i = Math.floor(next() * records.length)
      const replacement = timed.take(recordBytes())
      timed.give(records[i])
      records[i] = replacement
    }
    const replacement = timed.take(indexBytes())
    timed.give(index)
    index = replacement
  }
  return timed.row(`${values.rebuilds} rebuilds`)
}

function holed() {
  const timed = timedAllocator()
  const pieces = Array.from({ length: 2 * Number(values.holes) }, () => timed.take(recordBytes()))
  for (let i = 0; i < pieces.length; i += 2) timed.give(pieces[i])
  for (let change = 0; change < 100_000; change++) {
    const piece = timed.take(change % 1_000 === 0 ? indexBytes() : recordBytes())
    if (change % 3 === 0) timed.give(piece)
  }
  return timed.row(`${whole(Number(values.holes))} holes`)
}

function timedAllocator() {
  const allocator = new Allocator(0, 2 ** 32 - 65_536)
  const tookUs = []
  const timed = work => {
    const startedMs = performance.now()
    const given = work()
    tookUs.push(1000 * (performance.now() - startedMs))
    return given
  }
  return {
    take: bytes => ({ address: timed(() => allocator.take(bytes)), bytes }),
    give: ({ address, bytes }) => timed(() => allocator.give(address, bytes)),
    row: name => {
      const slow = tookUs.toSorted((a, b) => b - a).slice(0, SLOWEST)
      return [
        name,
        whole(tookUs.length),
        `${figure(allocator.next / MB)} MB`,
        `${figure(allocator.usedBytes / MB)} MB`,
        whole(allocator.freePieces),
        `${figure(slow.at(-1))} to ${figure(slow[0])} us`,
      ]
    },
  }
}
