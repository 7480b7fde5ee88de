/** Which of the settings are shown: by words, and by what has become of them. Pure. */
import type { ConfigurationSetting } from '../../../../src/protocol/configuration.ts'
import type { Draft } from './draft.ts'

export const scopes = ['all', 'runtime', 'edited'] as const
/** `runtime`: set by operators; `edited`: in the draft. */
export type Scope = (typeof scopes)[number]

export const inScope = (setting: ConfigurationSetting, scope: Scope, draft: Draft): boolean => {
  if (scope === 'all') return true
  return scope === 'runtime' ? setting.source === 'runtime' : draft.has(setting.name)
}

/** @param texts what is said of the setting; every word has to occur in one of them */
export const matchesWords = (texts: readonly string[], words: string): boolean => {
  const all = folded(texts.join('\n'))
  return folded(words)
    .split(/\s+/)
    .every((word) => all.includes(word))
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase()
