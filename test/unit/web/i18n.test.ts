import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { configurationTexts } from '../../../web/src/i18n/configuration-texts.ts'
import { en } from '../../../web/src/i18n/en.ts'
import { isLanguage } from '../../../web/src/i18n/languages.ts'
import { oneWayTexts } from '../../../web/src/i18n/one-way-texts.ts'
import { preferredLanguage } from '../../../web/src/i18n/preferred-language.ts'
import { settingsTexts } from '../../../web/src/i18n/settings-texts.ts'
import { zhTw } from '../../../web/src/i18n/zh-tw.ts'

const areas = globSync('*.ts', {
  cwd: resolve(import.meta.dirname, '../../../web/src/i18n/areas'),
}).map((file) => file.replace('.ts', '').replace('-', '_'))

/** Every text as `path: value`; functions are called with what they plausibly get. */
const textsOf = (value: unknown, path = ''): [string, string][] => {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') {
    const argument = /\.(typing|busy)$/.test(path) ? ['Amy', 'Ben', 'Cai'] : 3
    return [[path, String((value as (...args: unknown[]) => string)(argument, 'x'))]]
  }
  return Object.entries(value as object).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`))
}

const all = {
  en: {
    ...en,
    in_settings: settingsTexts.en,
    in_one_way: oneWayTexts.en,
    in_configuration: { ...configurationTexts.en, setting_helps: {} },
  },
  'zh-TW': {
    ...zhTw,
    in_settings: settingsTexts['zh-TW'],
    in_one_way: oneWayTexts['zh-TW'],
    // In English the server says them: configuration-texts.test.ts.
    in_configuration: { ...configurationTexts['zh-TW'], setting_helps: {} },
  },
}

test('[WEB-10] both languages have the same texts, none empty', () => {
  const english = textsOf(all.en)
  const chinese = textsOf(all['zh-TW'])
  expect(chinese.map(([path]) => path).toSorted()).toEqual(english.map(([path]) => path).toSorted())
  for (const [path, text] of [...english, ...chinese]) expect(text.trim(), path).not.toBe('')
})

test('[WEB-10] the Chinese texts are Chinese', () => {
  const same = textsOf(all['zh-TW']).filter(([, text]) => !/\p{Script=Han}/u.test(text))
  expect(same.map(([path]) => path).toSorted()).toEqual([
    '.in_configuration.back_named',
    '.in_configuration.quoted',
    '.list_separator',
    '.message_by',
    '.notifications.said',
    '.user_id_hint',
  ])
})

test('[WEB-10] values stand in the text, in the right number', () => {
  expect(en.typing(['Amy'])).toBe('Amy is typing…')
  expect(en.typing(['Amy', 'Ben'])).toBe('Amy and Ben are typing…')
  expect(en.busy(['typing'])).toMatch(/^Busy: typing is paused;/)
  expect(en.busy(['typing', 'presence'])).toMatch(/^Busy: typing and presence are paused;/)
  expect(en.members_count(1)).toBe('1 member')
  expect(zhTw.typing(['Amy', 'Ben'])).toBe('Amy、Ben 正在輸入…')
})

test('[WEB-10] the language follows the browser, Chinese of any kind is served in ours', () => {
  expect(preferredLanguage(['zh-HK', 'en'])).toBe('zh-TW')
  expect(preferredLanguage(['fr', 'en-GB', 'zh-TW'])).toBe('en')
  expect(preferredLanguage([])).toBe('en')
  expect(isLanguage('zh-TW')).toBe(true)
  expect(isLanguage('toString')).toBe(false)
})

test('[WEB-10] every text is used somewhere in the page', () => {
  const folder = resolve(import.meta.dirname, '../../../web/src')
  const sources = globSync('**/*.{svelte,ts}', { cwd: folder })
    // The dictionaries only say; what puts their texts together uses them.
    .filter((path) => !path.startsWith('i18n') || path === 'i18n/failure-text.ts')
    .map((path) => readFileSync(resolve(folder, path), 'utf8'))
    .join('\n')
  const is_unused = (path: string) =>
    !new RegExp(`\\bt\\.${path.replace('.', '\\.')}\\b`).test(sources)
  const paths = Object.entries(en).flatMap(([key, value]) =>
    areas.includes(key) ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
  )
  expect(paths.filter(is_unused)).toEqual([])
  const in_lazy = Object.keys({
    ...settingsTexts.en,
    ...oneWayTexts.en,
    ...configurationTexts.en,
  })
  expect(in_lazy.filter((key) => !new RegExp(`\\btexts\\.${key}\\b`).test(sources))).toEqual([])
})
