/**
 * Checks, or writes down, the licences of the packages that are installed together with this one.
 *
 *   node .ci/licences.js SBOM.json   checks the bill of materials, and THIRD-PARTY.md against the lock file
 *   node .ci/licences.js --write     writes THIRD-PARTY.md
 *
 * A package fails whose licence is none of those below, or whose package.json states none, until
 * somebody has read its text and entered it in READ with that text's hash.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const FILE = 'THIRD-PARTY.md'

/** Licences that ask for no more than their text in copies. */
const PERMISSIVE = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense']

/** Packages under the LGPL: loaded as a shared library, which a user can replace. */
const SHARED_LIBRARY = { licence: 'LGPL-3.0-or-later', packages: /^@img\/sharp-(libvips-|win32-|wasm32)/ }

/**
 * Packages whose licence a person has read: the file of the package that says it, and that file's
 * SHA-256.
 */
const READ = {
  'combine-errors@3.0.3': {
    licence: 'MIT',
    file: 'Readme.md',
    sha256: '7fcf5f7a668bd850f22616206261cda90774ed5a6450704dbe7f172ef9a44ec6',
  },
  'dejavu-fonts-ttf@2.37.3': {
    licence: 'Bitstream-Vera and Arev fonts, public domain',
    file: 'LICENSE',
    sha256: '7a083b136e64d064794c3419751e5c7dd10d2f64c108fe5ba161eae5e5958a93',
  },
  'png-js@2.0.0': {
    licence: 'MIT',
    file: 'LICENSE',
    sha256: 'bdb26a2ec815931ed6a38f3416362566204ee85ecdef96702b636402da4c75c3',
  },
}

const HEAD = `# What comes with Sidik

Written by \`node .ci/licences.js --write\` from package-lock.json: the packages that
\`npm install sidik\` brings along on one system or another, by licence. Their texts lie in the
packages.

- **libvips** and the libraries in it (glib, librsvg, pango, libheif, libexif, fribidi;
  LGPL-3.0-or-later, and others under permissive licences) come as a shared library in
  \`@img/sharp-libvips-*\`, whose README lists them. It can be replaced by a build of one's own, as
  sharp's documentation says.
- **DejaVu** fonts (Bitstream Vera's licence: may be embedded and sold with software, not alone
  under their names) are set in cards, letters and reports.

`

const failures = []
const packages = lockedPackages()
const text = HEAD + table(packages)
if (process.argv[2] === '--write') {
  writeFileSync(FILE, text)
} else {
  checkBill(JSON.parse(readFileSync(process.argv[2], 'utf8')))
  if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) failures.push(`${FILE} is not what the lock file says`)
}
for (const [name, { file, sha256 }] of Object.entries(READ)) {
  const path = `node_modules/${name.slice(0, name.lastIndexOf('@'))}/${file}`
  const now = createHash('sha256').update(readFileSync(path)).digest('hex')
  if (now !== sha256) failures.push(`${path} is not the text that was read: ${now}`)
}
for (const failure of failures) console.error(failure)
console.log(`${packages.length} packages, ${failures.length} to look at`)
process.exitCode = failures.length === 0 ? 0 : 1

/** Packages installed without --include=dev, on any system. */
function lockedPackages() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const found = new Map()
  for (const [path, { version, license, dev, devOptional }] of Object.entries(packages)) {
    if (path === '' || dev || devOptional) continue
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    found.set(`${name}@${version}`, { name, version, licence: licenceOf(name, version, license) })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function licenceOf(name, version, stated) {
  const read = READ[`${name}@${version}`]
  if (read !== undefined) return read.licence
  const terms = (stated ?? '').replaceAll(/[()]/g, '').split(/ (?:AND|OR) /)
  const isLibrary = term => SHARED_LIBRARY.packages.test(name) && term === SHARED_LIBRARY.licence
  const isWell = / OR /.test(stated ?? '')
    ? terms.some(term => PERMISSIVE.includes(term))
    : terms.every(term => PERMISSIVE.includes(term) || isLibrary(term))
  if (!isWell) failures.push(`${name}@${version}: ${stated ?? 'no licence'}: read its text, and enter it in READ`)
  return stated ?? 'none stated'
}

/** Checks that the bill of materials lists packages, and only those that the lock file has. */
function checkBill({ bomFormat, components }) {
  if (bomFormat !== 'CycloneDX' || components.length === 0) failures.push('the bill of materials is empty')
  const known = new Set(packages.map(({ name, version }) => `${name}@${version}`))
  for (const { name, version } of components) {
    if (!known.has(`${name}@${version}`)) failures.push(`${name}@${version} is installed and not in the lock file`)
  }
}

function table(packages) {
  const byLicence = new Map()
  for (const { name, version, licence } of packages) {
    byLicence.set(licence, [...(byLicence.get(licence) ?? []), `${name} ${version}`])
  }
  const rows = [...byLicence].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    '| licence | packages |',
    '| --- | --- |',
    ...rows.map(([licence, names]) => `| ${licence} | ${names.join(', ')} |`),
    '',
  ].join('\n')
}
