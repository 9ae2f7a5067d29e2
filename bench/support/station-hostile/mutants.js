/** A message of a station with something in it changed, as its station can do: signed after that. */
const ODD = [
  null,
  true,
  -1,
  1.5,
  9_007_199_254_740_991,
  1e300,
  '',
  'x',
  '\u0000',
  '\ud800',
  'é'.repeat(100),
  [],
  {},
  [[[[]]]],
  '2026',
]

/** Whether a value can be written as JSON: one that was put into itself cannot. */
const isText = value => {
  try {
    return JSON.stringify(value).length > 0
  } catch {
    return false
  }
}

/** The text of a message with one to three values changed, dropped, doubled or put elsewhere. */
export function mutated(message, random) {
  const copy = structuredClone(message)
  for (let left = 1 + random.below(3); left > 0; left--) change(copy, random)
  return isText(copy) ? copy : mutated(message, random)
}

function change(message, random) {
  const places = []
  collect(message, places, 0)
  const { holder, name } = places[random.below(places.length)]
  const other = places[random.below(places.length)]
  const value = holder[name]
  const put = (to, name, what) => {
    to[name] = what
  }
  const ways = [
    () => put(holder, name, ODD[random.below(ODD.length)]),
    () => put(holder, name, other.holder[other.name]),
    () => (Array.isArray(holder) ? holder.splice(name, 1) : delete holder[name]),
    () => (Array.isArray(holder) ? holder.splice(name, 0, value) : put(holder, `${name}x`, value)),
    () => typeof value === 'string' && put(holder, name, bent(value, random)),
    () => typeof value === 'number' && put(holder, name, value + random.below(3) - 1),
  ]
  ways[random.below(ways.length)]()
}

function collect(value, places, depth) {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array || depth > 4) return
  for (const name of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    places.push({ holder: value, name })
    collect(value[name], places, depth + 1)
  }
}

function bent(text, random) {
  const at = random.below(text.length + 1)
  return `${text.slice(0, at)}${String.fromCharCode(random.below(128))}${text.slice(at + 1)}`
}
