import { formatReport } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'
import { exampleReport } from './report-example.js'

describe('formatReport', () => {
  const text = formatReport(exampleReport(['fvc2002-db1b', 'x']))
  const lines = text.split('\n')

  it('has a row a set and one pooled, in percent', () => {
    // EER between 0.1 and 0.4, where 1 of 6 mated scores is below and 67 of 400 non-mated ones are above: 16.67 and 16.75
    expect(
      lines.filter(line => /^fvc2002-db1b +6 +400 +16\.71 +33\.33 +33\.33 +- +- +33\.33$/.test(line)),
    ).toHaveLength(1)
    expect(lines.filter(line => /^pooled +6 +400 +16\.71 /.test(line))).toHaveLength(1)
    expect(lines.filter(line => /^pooled +6 +0 +- +- +- +- +- +-$/.test(line))).toHaveLength(1)
    expect(text).toContain('95 % interval 1.23 to 20.00 %')
  })

  it('keeps columns in line', () => {
    const table = lines.slice(lines.findIndex(line => /^set +mated/.test(line)))
    const rows = table.slice(0, 5)
    expect(new Set(rows.map(row => row.length)).size).toBe(1)
  })

  it('names the prints that failed, ten at most, and says what is unknown by a dash', () => {
    expect(text).toContain('fvc2002-db1b/1_9.png: IMAGE_CORRUPT')
    expect(text).not.toContain('1_10.png')
    expect(text).toContain('and 2 more')
    expect(lines.find(line => /^x +80/.test(line))).toMatch(/^x +80 +1 +38\.3 +61 +-$/)
  })

  it('passes no control character of a name on to the terminal', () => {
    expect(formatReport(exampleReport(['evil\u001b[2J']))).toContain('evil?[2J')
  })
})
