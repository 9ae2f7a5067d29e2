/**
 * What a worker thread loads first. Piscina loads a worker's file by `require`; of an ES module that is still loading,
 * Node 20 aborts the whole process when the thread is stopped meanwhile (an engine closed right after its first task:
 * v8::Module::IsGraphAsync). A CommonJS file that imports the module is loaded at once, and a stop then waits its turn.
 */
const worker = import('./worker.js')

export = {
  extract: worker.then(({ extract }) => extract),
  decode: worker.then(({ decode }) => decode),
  encodeWsq: worker.then(({ encodeWsq }) => encodeWsq),
  index: worker.then(({ index }) => index),
  describe: worker.then(({ describe }) => describe),
  scan: worker.then(({ scan }) => scan),
  screen: worker.then(({ screen }) => screen),
  rescore: worker.then(({ rescore }) => rescore),
  forget: worker.then(({ forget }) => forget),
  warm: worker.then(({ warm }) => warm),
  version: worker.then(({ version }) => version),
}
