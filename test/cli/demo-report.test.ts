import { expect, it } from 'vitest'
import { demoReport, escapeHtml } from '../../dist/cli/demo-report.js'

const NASTY = `<script>alert("x")</script> & 'co'`
const contents = { minutiae: [], quality: 50 }
const enrolled = { enrollee: { name: NASTY, nik: NASTY, finger: '101' }, print: { contents, extractMs: 5 } }
const visit = {
  visitor: { name: NASTY, nik: NASTY, print: '101_2', enrolledFinger: '101' },
  print: { contents, extractMs: 5 },
  ranking: [{ enrolled, score: 99.94 }],
  match: enrolled,
  asExpected: true,
  searchMs: 1,
}
const stranger = { ...visit, match: undefined, ranking: [] }
const result = { enrolled: [enrolled], enrolMs: 10, visits: [visit, stranger], threads: 2 }
const picture = { path: 'x.png', dataUri: 'data:image/png;base64,AAAA' }
// Only what the report reads of a print is given.
const html = demoReport(result as unknown as Parameters<typeof demoReport>[0], {
  enrolled: [picture],
  visits: [picture, picture],
})

it('escapes names and numbers wherever they stand', () => {
  expect(escapeHtml(NASTY)).toBe('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;co&#39;')
  expect(html).not.toContain('<script')
  expect(html).not.toContain(`alert("`)
  expect(html.match(/&lt;script&gt;/g)!.length).toBeGreaterThanOrEqual(8)
})

it('needs no other file and no network', () => {
  for (const [, source] of html.matchAll(/(?:src|href)="([^"]*)"/g)) expect(source).toMatch(/^data:image\//)
  expect(html).not.toMatch(/https?:|@import|url\(/)
})

it('tells both answers and the scores', () => {
  expect(html).toContain('enrolled before, as')
  expect(html).toContain('not enrolled before')
  expect(html).toContain('99.9')
})

it('closes what it opens', () => {
  for (const tag of ['section', 'figure', 'table', 'tr', 'td', 'div', 'p', 'h2', 'body', 'html']) {
    const opened = html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0
    expect(html.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0, tag).toBe(opened)
  }
})
