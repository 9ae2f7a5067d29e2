/**
 * The nonces that were seen, each for as long as its request would be taken again. Only those of requests with a valid signature come here, so a
 * stranger cannot fill it, and a station no more than its share.
 */
export class Nonces {
  /** With when they may be forgotten, in s: in the order in which they came, and so in that of these times. */
  readonly #seen = new Map<string, number>()
  readonly #ofStation = new Map<string, number>()
  readonly #keptS: number
  readonly #mostOfStation: number

  constructor(keptS: number, mostOfStation: number) {
    this.#keptS = keptS
    this.#mostOfStation = mostOfStation
  }

  /** 'new' once for each nonce of a station; 'full' when it has used too many in a short time, and then nothing is noted. */
  take(station: string, nonce: string, nowS: number): 'new' | 'seen' | 'full' {
    this.#forget(nowS)
    // No id of a station holds a space.
    const name = `${station} ${nonce}`
    if (this.#seen.has(name)) return 'seen'
    const count = this.#ofStation.get(station) ?? 0
    if (count >= this.#mostOfStation) return 'full'
    this.#ofStation.set(station, count + 1)
    this.#seen.set(name, nowS + this.#keptS)
    return 'new'
  }

  #forget(nowS: number): void {
    for (const [name, until] of this.#seen) {
      if (until >= nowS) return
      this.#seen.delete(name)
      const station = name.slice(0, name.indexOf(' '))
      const rest = (this.#ofStation.get(station) ?? 1) - 1
      if (rest === 0) this.#ofStation.delete(station)
      else this.#ofStation.set(station, rest)
    }
  }
}
