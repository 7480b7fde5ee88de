/** The sounds to choose from; `tone-player.ts` makes them. */

export type Tone = 'chime' | 'drop' | 'knock' | 'alarm' | 'none'

export const tones: readonly Tone[] = ['chime', 'drop', 'knock', 'alarm', 'none']

export const isTone = (value: unknown): value is Tone => tones.some((tone) => tone === value)
