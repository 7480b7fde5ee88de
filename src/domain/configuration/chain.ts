/** How the versions of the configuration hang together: each holds the hash of the one before. */
import type { ConfigurationVersion } from '../../protocol/configuration.ts'

export type Unsigned = Omit<ConfigurationVersion, 'hash'>

/** Before the first version. */
export const NO_HASH = '0'.repeat(64)

/** What is hashed, as JSON: always the same text for the same version. */
export const chainedText = (version: Unsigned): string =>
  JSON.stringify([
    version.previous_hash,
    version.version,
    version.changed_at,
    version.changed_by,
    version.note,
    version.rolled_back_to,
    version.changes.map(({ name, from, to }) => [name, from, to]),
    Object.entries(version.overrides).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ])

/**
 * The oldest that is not as it was written, or does not follow the one before it; null: none.
 * @param versions oldest first, one after the other
 * @param hashes what the text of each hashes to, in the same order
 */
export const brokenAt = (
  versions: readonly ConfigurationVersion[],
  hashes: readonly string[],
): number | null => {
  const broken = versions.find((one, index) => {
    const before = versions[index - 1]
    if (one.hash !== hashes[index]) return true
    if (before) return one.previous_hash !== before.hash || one.version !== before.version + 1
    return one.version === 1 && one.previous_hash !== NO_HASH
  })
  return broken?.version ?? null
}
