/** A folder into which a scanner's software drops files (entry point `sidik/capture/folder`). */
import { join } from 'node:path'
import type { SidikError } from '../../../errors.js'
import { callback, fileName, readOptions, wholeNumber } from '../../../options.js'
import { deviceOption, type OnDeviation, ppiOption, type StatedDevice } from '../../adapter-options.js'
import { createSource } from '../../create-source.js'
import type { CaptureSource } from '../../source.js'
import { FolderAdapter } from './folder-adapter.js'

export interface FolderSourceOptions {
  readonly folder: string
  /** Where it is kept what was taken; `.sidik-taken` in the folder unless given. Made where it is missing. */
  readonly stateFolder?: string
  /** For how long a file has to be as it is to count as complete, milliseconds, 0 to 60,000; 500 unless given. */
  readonly settleMs?: number
  /** How often the folder is looked through where the file system does not tell of changes, 10 to 60,000; 1,000 unless given. */
  readonly pollMs?: number
  /** Of the images, over what the files say, 250 to 1,100. */
  readonly ppi?: number
  /** What is known of the scanner; goes into each frame. */
  readonly device?: StatedDevice
  /** Called once for a file (its name) that is of no kind that is read, or damaged; it is not tried again until it changes. */
  readonly onRefused?: (file: string, error: SidikError) => void
  /** Called where a record in a file (its name) deviates from its standard, and is read all the same; such a file is refused without it. */
  readonly onDeviation?: OnDeviation
}

/**
 * The prints in the files of a folder, in the order of the files' last change, then of their names; those that come while a capture
 * runs too, without end.
 *
 * Each image is given until it was accepted, and never again after that: what was accepted is on the disk before `accept` or the next
 * frame resolves, and a later process goes on there. An image is known by its file's name and bytes (SHA-256) and its place among
 * the file's images: other bytes under a name are a new file. Hidden files and those that programs have not finished (`.x`, `~x`,
 * `x~`, `x.tmp`, `x.part` and the like) are left alone. A request's position is not heeded: whatever comes is given.
 *
 * The state is this source's from the first call of `state` or the first capture until it is closed.
 *
 * Its captures throw what `CaptureSource.capture` says, DEVICE_BUSY also while another process has the state, and FILE_UNREADABLE,
 * FILE_UNWRITABLE, STATE_FORMAT, STATE_VERSION, STATE_CORRUPT for the state.
 *
 * @throws TypeError, RangeError for an option that is not what its type says
 */
export function folderSource(options: FolderSourceOptions): CaptureSource {
  const names = ['folder', 'stateFolder', 'settleMs', 'pollMs', 'ppi', 'device', 'onRefused', 'onDeviation'] as const
  const given = readOptions('folderSource', options, names)
  const folder = fileName('folder', given.folder)
  if (folder === undefined) throw new TypeError('folder must be the name of a folder')
  return createSource(
    new FolderAdapter({
      folder,
      stateFolder: fileName('stateFolder', given.stateFolder) ?? join(folder, '.sidik-taken'),
      settleMs: wholeNumber('settleMs', given.settleMs ?? 500, 0, 60_000),
      pollMs: wholeNumber('pollMs', given.pollMs ?? 1_000, 10, 60_000),
      ppi: ppiOption(given.ppi),
      device: deviceOption('folder', given.device),
      onRefused: callback('onRefused', given.onRefused) ?? (() => {}),
      onDeviation: callback('onDeviation', given.onDeviation),
    }),
  )
}
