/** The longest turn of the event loop while `work` runs, in milliseconds. */
export async function longestTurn(work) {
  let isOver = false
  let longest = 0
  let last = performance.now()
  const look = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  await work()
  isOver = true
  await new Promise(resolve => setImmediate(resolve))
  return longest
}
