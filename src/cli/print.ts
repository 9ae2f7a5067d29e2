import type { Command } from 'commander'
import type { Run } from './command.js'
import { addCancel } from './print/cancel.js'
import { addCard } from './print/card.js'
import { addHandOver } from './print/hand-over.js'
import { addLetter } from './print/letter.js'
import { addLetters } from './print/letters.js'
import { addPlan } from './print/plan.js'
import { addQueue } from './print/queue.js'
import { addReceiveCards } from './print/receive.js'
import { addReport } from './print/report.js'
import { addRequest } from './print/request.js'
import { addResolve } from './print/resolve.js'
import { addRevoke } from './print/revoke.js'
import { addRun } from './print/run.js'
import { addSendCards } from './print/send.js'
import { addSpoil } from './print/spoil.js'
import { addUncertain } from './print/uncertain.js'
import { addVerifyLetter } from './print/verify-letter.js'

export function addPrint(program: Command, run: Run): void {
  const print = program
    .command('print')
    .summary('print cards from a scarce stock, and letters while there is none')
    .description(
      "Cards and letters of a station: who waits, what is printed, what became of it. Takes the station's folder.",
    )
  addRequest(print, run)
  addCancel(print, run)
  addQueue(print, run)
  addPlan(print, run)
  addRun(print, run)
  addUncertain(print, run)
  addResolve(print, run)
  addSpoil(print, run)
  addSendCards(print, run)
  addReceiveCards(print, run)
  addHandOver(print, run)
  addCard(print, run)
  addLetter(print, run)
  addLetters(print, run)
  addRevoke(print, run)
  addVerifyLetter(print, run)
  addReport(print, run)
}
