/** What a worker thread loads first; entry.cts says why it is no ES module. */
const blocks = import('../synthesize/synthetic-block.js')

export = blocks.then(({ syntheticBlock }) => syntheticBlock)
