/** What is known of one setting: its kind, its bounds, its unit, and a help for whoever changes it. */

/** The thresholds of the levels 1 to 5 (LIM-2), each above the one before. */
export type Levels = readonly [number, number, number, number, number]

type About = {
  /** What one of it is: `connections`, `ms`, `bytes`; empty for a choice. */
  readonly unit: string
  /** One or two sentences: what it does, and when to change it. */
  readonly help: string
}

type Bounds = { readonly min: number; readonly max: number }

export type IntegerSetting = About & Bounds & { readonly kind: 'integer'; readonly default: number }
export type NumberSetting = About & Bounds & { readonly kind: 'number'; readonly default: number }
export type LevelsSetting = About & Bounds & { readonly kind: 'levels'; readonly default: Levels }
export type ChoiceSetting<Choice extends string = string> = About & {
  readonly kind: 'choice'
  readonly default: Choice
  readonly choices: readonly Choice[]
}

export type Setting = IntegerSetting | NumberSetting | LevelsSetting | ChoiceSetting

export const integer = (about: Omit<IntegerSetting, 'kind'>): IntegerSetting => ({
  kind: 'integer',
  ...about,
})

export const number = (about: Omit<NumberSetting, 'kind'>): NumberSetting => ({
  kind: 'number',
  ...about,
})

export const levels = (about: Omit<LevelsSetting, 'kind'>): LevelsSetting => ({
  kind: 'levels',
  ...about,
})

export const choice = <const Choice extends string>(
  about: Omit<ChoiceSetting<Choice>, 'kind' | 'unit'>,
): ChoiceSetting<Choice> => ({ kind: 'choice', unit: '', ...about })
