/** What a worker thread loads first; src/workers/entry.cts says why it is no ES module. */
const blocks = import('./synthetic-block.js')

export = blocks.then(({ syntheticBlock }) => syntheticBlock)
