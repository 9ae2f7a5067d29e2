import { describe, expect, it } from 'vitest'
import { chainedHash } from '../../../../dist/capture/adapters/mosip-sbi/hash-chain.js'

describe('chainedHash', () => {
  // By Python: sha256(bytes.fromhex(previous) + sha256(record).digest()).hexdigest().upper()
  it('is the hash of the bytes of both hashes', () => {
    const first = chainedHash(
      'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855',
      Buffer.from('FIR\0first'),
    )
    expect(first).toBe('0ED8BC593A33CE48CD593D00AD08A91ADFB15E8395B8F315ABCCD84FD12683FA')
    expect(chainedHash(first, Buffer.from('FIR\0second'))).toBe(
      '5688B8088EA58CA5863DAEAE2904A7C77F46F0719CE4B42FE6CD106147FBB65D',
    )
  })
})
