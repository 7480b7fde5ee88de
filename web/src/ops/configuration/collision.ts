/**
 * One's own draft after somebody else has changed the configuration (OPS-4): what does not touch
 * their change goes on, what does is held until it is decided. Pure.
 */
import type {
  Configuration,
  ConfigurationChange,
  ConfigurationSetting,
} from '../../../../src/protocol/configuration.ts'
import { isSame, type Draft, type Entry } from './draft.ts'
import { readTexts } from './read-value.ts'

/** Both changed it, to different values. */
export type Collision = { readonly name: string; readonly mine: Entry }

export type Rebased = {
  readonly draft: Draft
  readonly collisions: readonly Collision[]
  /** From the values that one saw to those that hold. */
  readonly theirs: readonly ConfigurationChange[]
}

export const rebase = (before: Configuration, after: Configuration, draft: Draft): Rebased => {
  const known = new Map(before.settings.map((setting) => [setting.name, setting]))
  const changed = after.settings.filter(
    ({ name, source, base }) =>
      !isSame(before.values[name], after.values[name]) ||
      // Where its value comes from, or would: somebody has decided about this one.
      source !== known.get(name)?.source ||
      !isSame(base, known.get(name)?.base),
  )
  const left = new Map(draft)
  const collisions: Collision[] = []
  for (const setting of changed) {
    const mine = draft.get(setting.name)
    if (mine === undefined) continue
    left.delete(setting.name)
    if (!isReached(after, setting, mine)) collisions.push({ name: setting.name, mine })
  }
  return {
    draft: left,
    collisions,
    theirs: changed.flatMap(({ name }) => {
      const [from, to] = [before.values[name], after.values[name]]
      return from === undefined || to === undefined ? [] : [{ name, from, to }]
    }),
  }
}

/** They set what one wanted oneself. */
const isReached = (
  { values }: Configuration,
  setting: ConfigurationSetting,
  mine: Entry,
): boolean => {
  if (mine.kind === 'back') return setting.source !== 'runtime'
  const read = readTexts(setting, mine.texts)
  return read.ok && isSame(read.value, values[setting.name])
}
