import { DEFAULTS } from '../options.js'
import type { DemoPictures } from './demo-pictures.js'
import type { DemoResult, Visit } from './demo-run.js'
import { formatMs, formatScore } from './text.js'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in HTML, between tags and in quoted attributes. */
export const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, letter => ENTITIES[letter])

const STYLE = `
:root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; color: #1c2733; background: #f5f6f8 }
body { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem }
p.lead { color: #51606f; margin: .3rem 0 0; max-width: 46rem }
section, figure { background: #fff; border: 1px solid #dde2e8; border-radius: 10px; margin: 1rem 0 }
section { padding: 1rem 1.25rem } section h3 { margin: 0 } section img { display: block; max-width: 100%; margin: .8rem auto 0 }
.verdict { display: inline-block; padding: .1rem .7rem; border-radius: 1rem; font-weight: 600 }
.known { background: #fde5d6; color: #8a3a00 } .new { background: #dcefe4; color: #145a32 }
table { border-collapse: collapse; margin: .6rem 0 } th, td { text-align: left; padding: .25rem 1.2rem .25rem 0 }
th { color: #51606f; font-weight: 500; font-size: .85rem } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 1rem }
figure { margin: 0; padding: .6rem } figure img { width: 100%; border-radius: 6px } figcaption { font-size: .85rem }
small, .nik { color: #51606f; font-size: .85rem }
`

function rankingTable({ ranking }: Visit): string {
  const rows = ranking.map(
    ({ enrolled: { enrollee }, score }) =>
      `<tr><td>${escapeHtml(enrollee.name)}</td><td class="nik">${escapeHtml(enrollee.nik)}</td><td class="n">${formatScore(score)}</td></tr>`,
  )
  return `<table><tr><th>resembles most</th><th>NIK</th><th class="n">score</th></tr>${rows.join('')}</table>`
}

function visitSection(visit: Visit, dataUri: string): string {
  const { visitor, match, print, searchMs } = visit
  const verdict = match
    ? `<span class="verdict known">enrolled before, as ${escapeHtml(match.enrollee.name)}</span>`
    : '<span class="verdict new">not enrolled before</span>'
  const best = visit.ranking[0]?.enrolled.enrollee.name
  const alt = best ? `The print of ${visitor.name} beside that of ${best}` : `The print of ${visitor.name}`
  return `<section><h3>${escapeHtml(visitor.name)} ${verdict}</h3>
<span class="nik">gives the NIK ${escapeHtml(visitor.nik)}; ${print.contents.minutiae.length} minutiae, quality ${print.contents.quality}; extracted in ${formatMs(print.extractMs ?? 0)}, searched in ${formatMs(searchMs)}</span>
${rankingTable(visit)}<img src="${dataUri}" alt="${escapeHtml(alt)}"></section>`
}

/** The demonstration as one HTML page that needs no other file and no network. */
export function demoReport(result: DemoResult, pictures: DemoPictures): string {
  const visits = result.visits.map((visit, index) => visitSection(visit, pictures.visits[index].dataUri))
  const enrolled = result.enrolled.map(({ enrollee, print }, index) => {
    const facts = `${print.contents.minutiae.length} minutiae, quality ${print.contents.quality}`
    return `<figure><img src="${pictures.enrolled[index].dataUri}" alt="Print of ${escapeHtml(enrollee.name)}"><figcaption><b>${escapeHtml(enrollee.name)}</b><br><span class="nik">${escapeHtml(enrollee.nik)}</span><br>${facts}</figcaption></figure>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sidik: enrolled before, or not?</title><style>${STYLE}</style></head><body>
<h1>Enrolled before, or not?</h1>
<p class="lead">${result.enrolled.length} residents are enrolled, each by one print. ${result.visits.length} people come to the office: is a finger of theirs already known? From a score of ${DEFAULTS.leastScore} on, two prints count as of one finger.</p>
<h2>At the office</h2>
${visits.join('\n')}
<h2>Enrolled</h2>
<p class="lead">Enrolment of all took ${formatMs(result.enrolMs)} with ${result.threads} worker threads.</p>
<div class="grid">${enrolled.join('\n')}</div>
<p><small>People, names and numbers are invented; the prints are synthetic, made by sidik itself.</small></p>
</body></html>
`
}
