/** Turns of the check, where one hub has invented thousands of kiosks. */
import { expect, it } from 'vitest'
import { CheckTurns } from '../../../dist/station/check/turns.js'
import { IN_MEMORY, StationFile } from '../../../dist/station/store/database.js'

/** Tables alone, which nothing guards. */
function fileWith(invented: number): StationFile {
  const file = new StationFile(IN_MEMORY, { create: true })
  const peers = ['hub', 'office-1', 'office-2']
  file.transaction(() => {
    for (const id of peers) {
      file.run(
        `INSERT INTO peer (id, verify_key, seal_to, relation, vouches) VALUES (?, ?, 'x', 'downstream', 1)`,
        id,
        `key of ${id}`,
      )
    }
    const vouched = `INSERT INTO vouched (station, verify_key, seal_to, relation, via, voucher)
      VALUES (?, ?, 'x', 'downstream', 'hub', 'hub')`
    for (let i = 0; i < invented; i++) file.run(vouched, `k-${i}`, `key of k-${i}`)
    for (const station of [...peers.slice(1), ...Array.from({ length: invented }, (_, i) => `k-${i}`)]) {
      for (const n of [1, 2]) {
        file.run('INSERT INTO check_due (record, station, since) VALUES (?, ?, ?)', `${station}-${n}`, station, n)
      }
    }
  })
  return file
}

it('one of three peers has a third of the turns, however many kiosks it vouches for', () => {
  const file = fileWith(500)
  const turns = new CheckTurns()
  const had = Array.from({ length: 30 }, () => {
    const [first] = turns.next(file)
    turns.pass(first)
    return first
  })
  const of = (via: string) => had.filter(each => each.via === via)
  for (const via of ['hub', 'office-1', 'office-2']) expect(of(via)).toHaveLength(10)
  // Each of the kiosks behind it has its own before one has a second.
  expect(new Set(of('hub').map(({ station }) => station)).size).toBe(10)
  file.close()
})

it('all stations have their turn before a pass ends', () => {
  const file = fileWith(7)
  const turns = new CheckTurns()
  for (let i = 0; i < 5; i++) {
    const all = [...turns.next(file)].map(({ station }) => station)
    expect([all.length, new Set(all).size]).toEqual([9, 9])
    turns.pass([...turns.next(file)][0])
  }
  file.close()
})
