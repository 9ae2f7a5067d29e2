/** Puts into the tree what it covers of records: their rows, the numbers of letters, and who bears a NIK. */
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import { hasCards, letterNamesOf, memberName, nikTagsOf, recordMac, recordName } from './about-record.js'
import type { GuardTree } from './tree.js'

/** Value of a name in the tree that states only that it is there. */
export const IS_THERE = Buffer.alloc(0)

/** The rows about a record as they are now, and its letters. */
export function coverRecord(tree: GuardTree, file: StationFile, keys: DataKeys, id: string): void {
  tree.set(recordName(id), recordMac(file, keys, id))
  for (const name of letterNamesOf(file, id)) tree.set(name, IS_THERE)
}

/** All records, into an empty tree. */
export function coverAll(tree: GuardTree, file: StationFile, keys: DataKeys): void {
  const records = 'SELECT id FROM record UNION SELECT record FROM card_request UNION SELECT record FROM letter'
  for (const { id } of file.all<{ id: string }>(records)) {
    coverRecord(tree, file, keys, id)
    if (!hasCards(file, id)) continue
    for (const tag of nikTagsOf(file, id)) tree.set(memberName(tag, id), IS_THERE)
  }
}
