import type { Command } from 'commander'
import type { Run } from './command.js'
import { addAddPeer } from './station/add-peer.js'
import { addAdjudicate, addOverlay } from './station/adjudicate.js'
import { addAdjudications } from './station/adjudications.js'
import { addChanges } from './station/changes.js'
import { addCheck } from './station/check.js'
import { addCorrect, addWithdraw } from './station/correct.js'
import { addDecide } from './station/decide.js'
import { addDrafts } from './station/drafts.js'
import { addEnrol } from './station/enrol.js'
import { addExport } from './station/export.js'
import { addImport } from './station/import.js'
import { addImportDecisions } from './station/import-decisions.js'
import { addInit } from './station/init.js'
import { addOverride } from './station/override.js'
import { addRaiseQuota } from './station/raise-quota.js'
import { addRecords } from './station/records.js'
import { addRefusals } from './station/refusals.js'
import { addRekey } from './station/rekey.js'
import { addRevoke } from './station/revoke.js'
import { addServe } from './station/serve.js'
import { addShow } from './station/show.js'
import { addStatus } from './station/status.js'
import { addSync } from './station/sync.js'
import { addTrust } from './station/trust.js'
import { addVerify } from './station/verify.js'

export function addStation(program: Command, run: Run): void {
  const station = program
    .command('station')
    .summary('record persons while the line is down, synchronise when it is back')
    .description('An enrolment station, or a hub of several: one folder with its file and its keys.')
  addInit(station, run)
  addAddPeer(station, run)
  addStatus(station, run)
  addChanges(station, run)
  addEnrol(station, run)
  addDrafts(station, run)
  addRecords(station, run)
  addShow(station, run)
  addCorrect(station, run)
  addWithdraw(station, run)
  addOverlay(station, run)
  addCheck(station, run)
  addAdjudications(station, run)
  addAdjudicate(station, run)
  addDecide(station, run)
  addImportDecisions(station, run)
  addSync(station, run)
  addServe(station, run)
  addExport(station, run)
  addImport(station, run)
  addRefusals(station, run)
  addOverride(station, run)
  addRaiseQuota(station, run)
  addRevoke(station, run)
  addTrust(station, run)
  addVerify(station, run)
  addRekey(station, run)
}
