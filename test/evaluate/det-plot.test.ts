import sharp from 'sharp'
import { detPlotSvg } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'
import { exampleReport } from './report-example.js'

/** Rendered by a strict XML parser, so it throws on what is not XML. */
async function render(svg: string) {
  const { data, info } = await sharp(Buffer.from(svg))
    .flatten()
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const isBlack = (x: number, y: number) => [0, 1, 2].every(c => data[(y * info.width + x) * 3 + c] < 40)
  return { width: info.width, height: info.height, isBlack }
}

describe('detPlotSvg', () => {
  it('draws the pooled curve where its points are', async () => {
    const report = exampleReport(['a', 'b'])
    const { width, height, isBlack } = await render(detPlotSvg(report))
    expect([width, height]).toEqual([956, 692])
    // plot area: 76..656 by 48..628, 145 px a decade; the last step, at ZeroFMR, runs to the left edge
    const y = Math.round(48 - 145 * Math.log10(report.pooled.allPairs.zeroFmr!))
    expect(isBlack(100, y)).toBe(true)
    expect(isBlack(100, y + 8)).toBe(false)
    expect(isBlack(100, y - 8)).toBe(false)
  })

  it('draws many sets, each in the legend', async () => {
    const names = Array.from({ length: 60 }, (_, k) => `set ${k}`)
    const svg = detPlotSvg(exampleReport(names))
    for (const name of names) expect(svg).toContain(`>${name}<`)
    expect((await render(svg)).height).toBeGreaterThan(60 * 20)
    const strokes = [...svg.matchAll(/h28" fill="none" (stroke=.*?)\/>/g)].map(([, stroke]) => stroke)
    expect(strokes).toHaveLength(61)
    expect(new Set(strokes.slice(0, 28)).size).toBe(28)
  })

  it('survives names that are not XML, and long ones', async () => {
    const svg = detPlotSvg(exampleReport(['<&"\'>', 'bell\u0007 null\u0000', 'half \ud800', ']]>', 'x'.repeat(300)]))
    expect(svg).toContain('&lt;&amp;&quot;&apos;&gt;')
    expect(svg).not.toMatch(/x{23}/)
    await render(svg)
  })

  it('has axes without any curve', async () => {
    const none = exampleReport(['empty'])
    const rates = { ...none.pooled.allPairs, eer: null }
    const report = {
      sets: none.sets.map(set => ({ ...set, det: [], allPairs: rates })),
      pooled: { ...none.pooled, det: [], allPairs: rates },
    }
    await render(detPlotSvg(report))
  })
})
