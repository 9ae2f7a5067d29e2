import { BEGIN_MS, DAY_MS } from './calendar.js'
import type { Playing } from './days.js'
import type { World } from './world.js'

/** Rounds at most: each is a sync, or a stick there and back, of every kiosk. */
const MOST_ROUNDS = 12

/** Shares of the undecided records that the hub decides of, and of the cases that it settles, when most have come. */
const DECIDED = 0.1
const SETTLED = 0.3

/**
 * Brings everything together when the days are over: lines are there and nothing fails any more,
 * the kiosk without a line goes on by sticks; the hub compares what has come and decides of some
 * more; until nothing waits and nobody learns anything new, or for so many rounds.
 */
export async function reunite(world: World, { signal, onProgress }: Playing): Promise<void> {
  const { kiosks, hub, courier } = world
  const days = kiosks[0].plan.days.length
  let before = ''
  for (let round = 0; round < MOST_ROUNDS; round++) {
    signal.throwIfAborted()
    onProgress('bringing together', round, MOST_ROUNDS)
    const nowMs = BEGIN_MS + (days + round) * DAY_MS
    hub.nowMs = nowMs
    await hub.askOn({ do: 'clock', nowMs })
    await Promise.all(
      kiosks.map(async kiosk => {
        await kiosk.setClock(nowMs)
        await kiosk.work(nowMs)
        if (kiosk.plan.lineKind !== 'none') await kiosk.syncWhole()
      }),
    )
    for (const kiosk of kiosks) if (kiosk.plan.lineKind === 'none') await courier.exchange(kiosk)
    await hub.askOn({ do: 'check' })
    if (round === 0) {
      await hub.askOn({ do: 'decide', share: DECIDED, day: days })
      await hub.askOn({ do: 'settle', share: SETTLED, day: days })
    }
    const written = await hub.askOn<number>({ do: 'written' })
    await Promise.all(kiosks.map(kiosk => kiosk.recount()))
    const now = JSON.stringify([written, ...kiosks.map(({ counts }) => counts)])
    if (now === before && kiosks.every(({ counts }) => counts.waiting === 0)) return
    before = now
  }
}
