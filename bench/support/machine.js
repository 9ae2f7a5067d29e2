import { arch, cpus, platform, totalmem } from 'node:os'

/** What the figures of a run depend on beside the code. */
export function describeMachine() {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    platform: `${platform()} ${arch()}`,
    node: process.version,
    v8: process.versions.v8,
  }
}
