/** Checks the guard of the file: its head, and the MACs of all records. */
import { hasCards, letterNamesOf, memberName, nikTagsOf, recordMac, recordName } from '../guard/about-record.js'
import { headOf, headState } from '../guard/head.js'
import { JournalSum } from '../guard/journal-sum.js'
import { GuardTree } from '../guard/tree.js'
import { trustedMac, useMac } from '../guard/trusted.js'
import type { Check } from './findings.js'
import { isFinding, type Look, ROWS_AT_ONCE, reading } from './look.js'

export function* checkGuard(look: Look): Check {
  const { file, keys, self } = look
  // Found as damaged before: nothing can be compared without it.
  if (!keys.hasMacs) return
  const where = { table: 'guard_head' }
  const head = reading(
    'guard-head',
    where,
    () => headOf(file) ?? { journal: new Uint8Array(0), mac: new Uint8Array(0) },
  )
  if (isFinding(head)) {
    yield head
    return
  }
  if (keys.isOld) yield { code: 'guard-head', where, message: 'the data keys are those of an older version' }
  const tree = new GuardTree(file, keys)
  const made = reading('guard-head', where, () => ({
    state: headState(file, keys, self, {
      trusted: trustedMac(file, keys),
      use: useMac(file, keys),
      branches: tree.branches(),
    }),
    sum: new JournalSum(keys).of(file),
  }))
  if (isFinding(made)) {
    yield made
    return
  }
  if (made.state === 'wrong') {
    yield {
      code: 'guard-head',
      where,
      message: 'peers, what they used, keys or the end of the journal are not as this station wrote them',
    }
  }
  if (!new JournalSum(keys).isOf(made.sum, head.journal)) {
    const message =
      'the journal does not have the entries that this station took: some were edited, taken out or put in'
    yield { code: 'guard-head', where: { table: 'journal' }, message }
  }
  yield* checkRecords(look, tree)
}

function* checkRecords({ file, keys }: Look, tree: GuardTree): Check {
  // A bucket that was altered is found once.
  const names = reading('guard-record', { table: 'guard' }, () => [...tree.names()])
  if (!Array.isArray(names)) yield names
  const kept = new Set(Array.isArray(names) ? names : [])
  const left = new Set(kept)
  const records = 'SELECT id FROM record UNION SELECT record FROM card_request UNION SELECT record FROM letter'
  let count = 0
  for (const { id } of file.each<{ id: string }>(records)) {
    const members = hasCards(file, id)
      ? [...nikTagsOf(file, id).map(tag => memberName(tag, id)), ...letterNamesOf(file, id)]
      : []
    const mac = reading('guard-record', {}, () => ({ kept: tree.macOf(recordName(id)) }))
    const isSame = !isFinding(mac) && mac.kept === recordMac(file, keys, id)?.toString('hex')
    if (!isSame || members.some(name => !kept.has(name))) yield differs(id)
    for (const name of [recordName(id), ...members]) left.delete(name)
    if (++count % ROWS_AT_ONCE === 0) yield undefined
  }
  for (const name of left) {
    yield name.startsWith('letter ') ? lettersDiffer(name.split(/[ /]/)[1]) : differs(name.split(' ').at(-1)!)
  }
}

function differs(record: string) {
  const message = `the rows about record ${record}, its cards and letters are not as this station wrote them`
  return { code: 'guard-record', where: { table: 'record', record }, message } as const
}

function lettersDiffer(station: string) {
  const message = `a letter of station ${station} was taken out, or got another number`
  return { code: 'guard-record', where: { table: 'letter' }, message } as const
}
