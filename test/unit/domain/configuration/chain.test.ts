/** The hash chain of the configuration's versions finds what was altered. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { brokenAt, chainedText, NO_HASH } from '../../../../src/domain/configuration/chain.ts'
import type { ConfigurationVersion } from '../../../../src/protocol/configuration.ts'

const hashOf = (version: ConfigurationVersion) =>
  createHash('sha256').update(chainedText(version)).digest('hex')

const chainOf = (count: number): ConfigurationVersion[] => {
  const versions: ConfigurationVersion[] = []
  for (let version = 1; version <= count; version += 1) {
    const entry: ConfigurationVersion = {
      version,
      changed_at: `2026-11-30T21:00:0${version}.000Z`,
      changed_by: 'mei@example.com',
      note: 'why',
      rolled_back_to: null,
      changes: [{ name: 'gather_ms', from: version, to: version + 1 }],
      overrides: { gather_ms: version + 1, shed_commit_ms: [1, 2, 3, 4, 5] },
      previous_hash: versions.at(-1)?.hash ?? NO_HASH,
      hash: '',
    }
    versions.push({ ...entry, hash: hashOf(entry) })
  }
  return versions
}

const broken = (versions: readonly ConfigurationVersion[]) =>
  brokenAt(versions, versions.map(hashOf))

describe('[OPS-4] the chain', () => {
  test('control: is whole, from the first version and from a later one', () => {
    expect(broken([])).toBeNull()
    expect(broken(chainOf(4))).toBeNull()
    expect(broken(chainOf(4).slice(2))).toBeNull()
  })

  test.each<[string, Partial<ConfigurationVersion>]>([
    ['changed_by', { changed_by: 'somebody@else.com' }],
    ['changed_at', { changed_at: '2026-11-30T22:00:00.000Z' }],
    ['note', { note: 'why not' }],
    ['rolled_back_to', { rolled_back_to: 1 }],
    ['changes', { changes: [] }],
    ['overrides', { overrides: { gather_ms: 4, shed_commit_ms: [1, 2, 3, 4, 6] } }],
    ['hash', { hash: 'f'.repeat(64) }],
    ['previous_hash', { previous_hash: 'f'.repeat(64) }],
  ])('%s altered later is found', (_, altered) => {
    const versions = chainOf(4).map((one) => (one.version === 3 ? { ...one, ...altered } : one))
    expect(broken(versions)).toBe(3)
  })

  test('a version that was taken out, or written anew with its hash, is found', () => {
    expect(broken(chainOf(4).filter(({ version }) => version !== 3))).toBe(4)
    const anew = chainOf(4).map((one) => {
      const forged = one.version === 3 ? { ...one, note: 'forged' } : one
      return { ...forged, hash: hashOf(forged) }
    })
    expect(broken(anew)).toBe(4)
  })
})
