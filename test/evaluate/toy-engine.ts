import { SidikError } from 'sidik'
import type { EvaluationEngine } from 'sidik/evaluate'

/**
 * An engine whose images are JSON, such as {"place": 3.5}: the score is 1 at equal places and falls with their distance.
 * {"code": "..."} is thrown as that error.
 */
export class ToyEngine implements EvaluationEngine {
  readonly threads: number
  inFlight = 0
  mostInFlight = 0
  extracted = 0
  compared = 0
  readonly ppis: (number | undefined)[] = []

  constructor(threads = 2) {
    this.threads = threads
  }

  async extract(bytes: Uint8Array, options?: { ppi?: number }) {
    this.extracted++
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight)
    this.ppis.push(options?.ppi)
    await new Promise(resolve => setTimeout(resolve, 1))
    this.inFlight--
    const { place, code, minutiae = 2 } = JSON.parse(new TextDecoder().decode(bytes))
    if (code !== undefined) throw new SidikError(code, 'this toy is broken')
    const minutia = { xPx: 0, yPx: 0, directionRad: 0, type: 'other', quality: 0 } as const
    return {
      template: new Uint8Array(Float64Array.of(place).buffer),
      minutiae: new Array(minutiae).fill(minutia),
      quality: { score: 10 * minutiae },
      extractMs: 5,
    }
  }

  match(a: Uint8Array, b: Uint8Array) {
    this.compared++
    const place = (template: Uint8Array) => new Float64Array(template.buffer)[0]
    return { score: 1 / (1 + Math.abs(place(a) - place(b))) }
  }
}
