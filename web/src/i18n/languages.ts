/** The languages of the page. */
import { en, type Dictionary } from './en.ts'
import { zhTw } from './zh-tw.ts'

export const dictionaries = { 'zh-TW': zhTw, en } as const satisfies Record<string, Dictionary>

export type Language = keyof typeof dictionaries

export const isLanguage = (value: unknown): value is Language =>
  typeof value === 'string' && Object.hasOwn(dictionaries, value)
