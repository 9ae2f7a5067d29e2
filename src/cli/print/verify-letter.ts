import type { Command } from 'commander'
import { publicIdentity } from '../../station/identity.js'
import { verifyLetter } from '../../station/print/letters/verification.js'
import { partsOf } from '../../station/station.js'
import { trustedStation } from '../../station/sync/trust.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { formatLines } from '../text.js'

async function verify(_: Context, folder: string, text: string, options: StationOptions): Promise<Outcome> {
  const verdict = await withStation(folder, options, async (station, identity) => {
    const own = await publicIdentity(identity)
    const { file } = partsOf(station)
    const keyOf = (id: string) => (id === own.id ? own.verifyKey : trustedStation(file, id)?.verifyKey)
    return verifyLetter(text, keyOf, { station })
  })
  if (!verdict.valid) {
    return { exitCode: EXIT.NO_MATCH, json: verdict, text: `not valid: ${verdict.why}: ${verdict.message}` }
  }
  const { number, nik, name, station, issued, until, code } = verdict.content
  const lines = [`valid until ${until}: ${number}, issued by ${station} on ${issued} (${code})`, `  ${nik}  ${name}`]
  if (!verdict.known) {
    const text = formatLines([`not known here: ${verdict.message}`, ...lines])
    return { exitCode: EXIT.NO_MATCH, json: verdict, text }
  }
  return { exitCode: EXIT.DONE, json: verdict, text: formatLines(lines) }
}

export function addVerifyLetter(print: Command, run: Run): void {
  print
    .command('verify-letter')
    .summary('check the code of a letter')
    .description(
      'Checks the text of the QR code of a letter: that a station signed it that this one knows, and ' +
        'that it stands, as far as is known here. One of a revoked station stands only if it was known ' +
        'here before. Exit code 1 when it does not stand, or is not known here. Prints whom it is for: compare ' +
        'that with the letter.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<text>', 'what a reader of QR codes says: SDKL1:...')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(verify))
}
