import { escapeXml } from './xml.js'

/** Colours that colour-blind people can tell apart (Okabe and Ito, "Color Universal Design", 2008), yellow left out. */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f7f7f'] as const

/** A drawing on white. `title`: what it is, for those who cannot see it. */
export function svgDocument(title: string, widthPx: number, heightPx: number, lines: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" role="img" font-family="sans-serif" font-size="13">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${widthPx}" height="${heightPx}" fill="#fff"/>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}

/** A tenth of a pixel is as much as can be seen. */
export function pixel(position: number): string {
  return String(Math.round(position * 10) / 10)
}

export function text(x: number, y: number, content: string, style = ''): string {
  return `<text x="${pixel(x)}" y="${pixel(y)}" ${style}>${escapeXml(content)}</text>`
}
