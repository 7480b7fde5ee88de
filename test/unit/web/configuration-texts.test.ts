import { expect, test } from 'vitest'
import { nothingHeld } from '../../../src/domain/configuration/overrides.ts'
import { planChange } from '../../../src/domain/configuration/plan.ts'
import { allNames, settingOf } from '../../../src/domain/configuration/schema.ts'
import { settingsProblems } from '../../../src/http/settings.ts'
import { configurationTexts } from '../../../web/src/i18n/configuration-texts.ts'
import { inScope, matchesWords } from '../../../web/src/ops/configuration/filter.ts'
import {
  boundsText,
  helpOf,
  nameOf,
  problemText,
  refusalText,
  valueText,
} from '../../../web/src/ops/configuration/setting-words.ts'
import { formatDifference, inLargerUnit } from '../../../web/src/ops/configuration/value-text.ts'
import { aChoice, aSetting, someLevels } from './configuration-builders.ts'

const en = { texts: configurationTexts.en, language: 'en' } as const
const zh = { texts: configurationTexts['zh-TW'], language: 'zh-TW' } as const

test('[OPS-4] [WEB-10] every setting has a name in both languages, and a help in both', () => {
  for (const { texts } of [en, zh]) {
    const names = allNames.map((name) => texts.setting_names[name] ?? '')
    expect(names.filter((name) => name.trim() === '')).toEqual([])
    // Of two alike nobody could say which is which. Alerts may be called like what they watch.
    const within = new Set(
      allNames.map((name) => `${name.startsWith('alert_')} ${texts.setting_names[name]}`),
    )
    expect(within.size).toBe(allNames.length)
    expect(Object.keys(texts.setting_names).toSorted()).toEqual(allNames.toSorted())
  }
  // In English it is the server's own.
  for (const name of allNames) {
    expect(settingOf(name).help, name).not.toBe('')
    expect(zh.texts.setting_helps[name], name).toMatch(/\p{Script=Han}/u)
    expect(zh.texts.setting_names[name], name).toMatch(/\p{Script=Han}/u)
  }
})

test('[OPS-4] [WEB-10] every unit and every choice of the schema has its words', () => {
  const settings = allNames.map((name) => ({ name, ...settingOf(name) }))
  for (const { texts } of [en, zh]) {
    const units = new Set(settings.map(({ unit }) => unit).filter((unit) => unit !== ''))
    expect([...units].filter((unit) => texts.units[unit] === undefined)).toEqual([])
    expect(Object.keys(texts.units).filter((unit) => !units.has(unit))).toEqual([])
    for (const setting of settings)
      if (setting.kind === 'choice')
        expect(Object.keys(texts.choices[setting.name] ?? {})).toEqual(setting.choices)
  }
})

test('[OPS-4] a setting that the page does not know is shown as the server tells it', () => {
  const unknown = aSetting({ name: 'db_new_thing', help: 'From a newer server.' })
  expect(nameOf(unknown.name, zh)).toBe('db new thing')
  expect(helpOf(unknown, zh)).toBe('From a newer server.')
})

test('[OPS-4] values are read with their unit, and in a larger one where that says more', () => {
  const bytes = aSetting({ unit: 'bytes' })
  expect(valueText(1_048_576, bytes, en)).toBe('1,048,576 bytes (1 MiB)')
  expect(valueText(20, aSetting(), en)).toBe('20 connections')
  expect(valueText(0.8, aSetting({ unit: 'ratio' }), en)).toBe('0.8 (80%)')
  expect(valueText('group', aChoice, zh)).toBe('合併寫入')
  expect(valueText([1, 2, 3, 4, 5_000], someLevels, en)).toBe('1 · 2 · 3 · 4 · 5,000 ms')
  expect(inLargerUnit(1_800, 's', 'en')).toBe('30 min')
  expect(inLargerUnit(500, 'ms', 'en')).toBeUndefined()
  expect(inLargerUnit(30_000, 'ms', 'zh-TW')).toBe('30 秒')
  expect(boundsText(aSetting(), en)).toBe('1 to 500')
  expect(boundsText(aChoice, en)).toBe('')
})

test('[OPS-4] by how much a value differs', () => {
  expect(formatDifference(20, 40, 'en')).toBe('+100%')
  expect(formatDifference(40, 20, 'en')).toBe('-50%')
  expect(formatDifference(300, 301, 'en')).toBe('+0.3%')
  expect(formatDifference(0, 20, 'en')).toBeUndefined()
  expect(formatDifference('each', 'group', 'en')).toBeUndefined()
})

test('[OPS-4] what is wrong is said with the bound or the level', () => {
  const size = aSetting()
  expect(problemText({ kind: 'too_large', bound: 86_400, at: 0 }, size, en)).toBe('At most 86,400.')
  expect(problemText({ kind: 'empty', at: 2 }, someLevels, en)).toBe('Level 3: Enter a value.')
  expect(problemText({ kind: 'not_ascending', at: 2 }, someLevels, zh)).toBe(
    '第 3 級須高於第 2 級。',
  )
  expect(refusalText('heartbeat_timeout_ms is 5; not some_thing', en)).toBe(
    '“Wait for a heartbeat” is 5; not some_thing',
  )
})

test('[OPS-4] [WEB-10] what settings have to do with each other is said in both languages', () => {
  const standing = { environment: {}, held: nothingHeld, check: settingsProblems }
  const plan = planChange(standing, { heartbeat_timeout_ms: 30_000, dispatch_slow_low_ratio: 0.95 })
  const said = plan.ok ? [] : plan.problems.map(({ message }) => message)
  expect(said.map((message) => refusalText(message, zh))).toEqual([
    '「心跳回應時限」為 30000，必須小於「心跳間隔」（30000）',
    '「減緩低優先訊息的使用率」為 0.95，不得大於「減緩一般優先訊息的使用率」（0.9）',
  ])
  expect(refusalText(String(said[0]), en)).toBe(
    '“Wait for a heartbeat” is 30000; it must be less than “Pause between heartbeats” (30000)',
  )
})

test('[OPS-4] found by any of its words, whatever their case and width', () => {
  const texts = ['Pool size', 'db_pool_size', 'DB_POOL_SIZE', 'Database connections']
  expect(matchesWords(texts, 'pool database')).toBe(true)
  expect(matchesWords(texts, 'ＤＢ_pool')).toBe(true)
  expect(matchesWords(texts, '')).toBe(true)
  expect(matchesWords(texts, 'pool socket')).toBe(false)
})

test('[OPS-4] only those that operators have set, or only those being edited', () => {
  const set = aSetting({ source: 'runtime' })
  const draft = new Map([['db_max_overflow', { kind: 'typed', texts: ['1'] } as const]])
  expect(inScope(set, 'runtime', draft)).toBe(true)
  expect(inScope(aSetting(), 'runtime', draft)).toBe(false)
  expect(inScope(set, 'edited', draft)).toBe(false)
  expect(inScope(aSetting({ name: 'db_max_overflow' }), 'edited', draft)).toBe(true)
})
