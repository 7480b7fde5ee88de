import { expect, test } from 'vitest'
import { durabilityProblems } from '../../../src/database/ping.ts'

test.each(['on', 'local', 'remote_write', 'remote_apply'])(
  '[OPS-1] a database that waits for its disk is taken: synchronous_commit = %s',
  (synchronous_commit) => {
    expect(durabilityProblems({ fsync: 'on', synchronous_commit })).toEqual([])
  },
)

test('[OPS-1] one that does not is refused, with the setting by name', () => {
  const [fsync, synchronous_commit] = [
    'fsync is off: what was committed may be lost',
    'synchronous_commit is off: what was committed may be lost',
  ]
  expect(durabilityProblems({ fsync: 'off', synchronous_commit: 'on' })).toEqual([fsync])
  expect(durabilityProblems({ fsync: 'on', synchronous_commit: 'off' })).toEqual([
    synchronous_commit,
  ])
  expect(durabilityProblems({ fsync: 'off', synchronous_commit: 'off' })).toEqual([
    fsync,
    synchronous_commit,
  ])
})
