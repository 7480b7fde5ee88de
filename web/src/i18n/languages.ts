/** The languages of the page, and which of them a person most likely wants. */
import { en, type Dictionary } from './en.ts'
import { zhTw } from './zh-tw.ts'

export const dictionaries = { 'zh-TW': zhTw, en } as const satisfies Record<string, Dictionary>

export type Language = keyof typeof dictionaries

export const isLanguage = (value: unknown): value is Language =>
  typeof value === 'string' && Object.hasOwn(dictionaries, value)

/** The first of the browser's languages that we speak; any Chinese is served in ours. */
export const preferredLanguage = (wanted: readonly string[]): Language => {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-TW'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'en'
}
