import type { Command } from 'commander'
import type { Run } from './command.js'
import { addAnnounce } from './stock/announce.js'
import { addCorrect } from './stock/correct.js'
import { addCount } from './stock/count.js'
import { addDiscrepancies } from './stock/discrepancies.js'
import { addForecast } from './stock/forecast.js'
import { addInstall } from './stock/install.js'
import { addList } from './stock/list.js'
import { addMoves } from './stock/moves.js'
import { addReceive } from './stock/receive.js'
import { addRemove } from './stock/remove.js'
import { addReturn } from './stock/return.js'
import { addSend } from './stock/send.js'
import { addSpoil } from './stock/spoil.js'

export function addStock(program: Command, run: Run): void {
  const stock = program
    .command('stock')
    .summary('keep the books of blank cards, ribbons and films')
    .description(
      "Blank cards, ribbons and films of a station: what came, what is there, what became of it. Takes the station's folder.",
    )
  addList(stock, run)
  addReceive(stock, run)
  addAnnounce(stock, run)
  addSend(stock, run)
  addReturn(stock, run)
  addSpoil(stock, run)
  addCount(stock, run)
  addCorrect(stock, run)
  addInstall(stock, run)
  addRemove(stock, run)
  addForecast(stock, run)
  addMoves(stock, run)
  addDiscrepancies(stock, run)
}
