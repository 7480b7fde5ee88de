import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { numberSetting, settingIn } from '../../../../src/domain/configuration/read.ts'
import { checkRule, rules } from '../../../../src/domain/configuration/rules.ts'
import {
  allNames,
  groupOf,
  isSettingName,
  schema,
  settingOf,
  variableOf,
} from '../../../../src/domain/configuration/schema.ts'
import { pressureSettings } from '../../../../src/domain/limits/pressure-settings.ts'
import { pressureSettingsFrom } from '../../../../src/domain/limits/pressure-settings-from.ts'
import { defaultDispatchSettings } from '../../../../src/domain/dispatch/settings.ts'
import { defaultRoomSettings } from '../../../../src/domain/room/settings.ts'
import { readDispatchSettings } from '../../../../src/durable/dispatch-settings.ts'
import { readRoomSettings } from '../../../../src/durable/room-settings.ts'
import { configurationDocument } from '../../../../tools/configuration-list.ts'
import { SettingsError } from '../../../../src/lib/variables.ts'

const projectDir = join(import.meta.dirname, '../../../..')
const example = readFileSync(join(projectDir, '.dev.vars.example'), 'utf8')

describe('[OPS-4] the schema', () => {
  test('knows every setting once, each in a group', () => {
    expect(new Set(allNames).size).toBe(allNames.length)
    expect([...allNames].toSorted()).toEqual(Object.keys(schema).toSorted())
    expect(allNames.map(groupOf)).not.toContain(undefined)
    expect(isSettingName('db_pool_size')).toBe(true)
    expect(isSettingName('auth_secret')).toBe(false)
    expect(isSettingName('toString')).toBe(false)
  })

  test.each(allNames)('%s has a help, a unit and a default that it allows itself', (name) => {
    const setting = settingOf(name)
    expect(setting.help.length).toBeGreaterThan(20)
    expect(setting.help).toMatch(/\.$/)
    expect(setting.unit === '').toBe(setting.kind === 'choice')
    // What stands in the environment as text is the default again, bounds and all.
    const value = settingIn({}, name)
    expect(settingIn({ [variableOf(name)]: String(value) }, name)).toEqual(value)
  })

  test.each(allNames)('%s is explained in .dev.vars.example with its default', (name) => {
    const line = new RegExp(`^(?:# )?${variableOf(name)}=(.*)$`, 'm').exec(example)
    expect(line?.[1], variableOf(name)).toBe(String(settingOf(name).default))
  })

  test('is the list of docs/configuration.md; if not: node tools/configuration-list.ts', async () => {
    const written = readFileSync(join(projectDir, 'docs/configuration.md'), 'utf8')
    expect(written).toBe(await configurationDocument())
  }, 30_000)

  test.each(rules)('its defaults keep the rule of $lower and $upper', (rule) => {
    expect(() => checkRule(rule, {})).not.toThrow()
  })

  test('nothing set: rooms, bursts and shedding are as the domain has them', () => {
    expect(readRoomSettings({})).toEqual(defaultRoomSettings)
    expect(readDispatchSettings({})).toEqual(defaultDispatchSettings)
    expect(pressureSettingsFrom({})).toEqual(pressureSettings)
  })
})

describe('[OPS-4] a value of the environment', () => {
  test.each([
    ['HEARTBEAT_INTERVAL_MS', '999'],
    ['HEARTBEAT_INTERVAL_MS', '1500.5'],
    ['COMMIT_MODE', 'both'],
    ['SHED_COMMIT_MS', '1,2,3,4'],
    ['SHED_COMMIT_MS', '1,2,3,4,4'],
    ['SHED_COMMIT_MS', '1,2,,4,5'],
    ['SHED_COMMIT_MS', '1,2,3,4,60001'],
    ['SHED_COMMIT_MS', '5,4,3,2,1'],
    ['ALERT_ERROR_RATIO', 'few'],
  ])('%s=%s is refused, and named', (variable, text) => {
    const name = allNames.find((one) => variableOf(one) === variable)
    if (!name) throw new Error(`${variable} is not known`)
    const read = () => settingIn({ [variable]: text }, name)
    expect(read).toThrow(SettingsError)
    expect(read).toThrow(variable)
    expect(read).toThrow(text)
  })

  test('is used, an empty one not', () => {
    expect(numberSetting({ ALERT_ERROR_RATIO: '0.5' }, 'alert_error_ratio')).toBe(0.5)
    expect(numberSetting({ ALERT_ERROR_RATIO: '' }, 'alert_error_ratio')).toBe(0.02)
    expect(readRoomSettings({ PENDING_MAX_COUNT: '77' }).pending_max_count).toBe(77)
    expect(readRoomSettings({ COMMIT_MODE: 'group' }).commit_in_group).toBe(true)
    expect(pressureSettingsFrom({ SHED_COMMIT_MS: '1,2,3,4,5.5' }).up.commit_ms).toEqual([
      1, 2, 3, 4, 5.5,
    ])
    const small = readDispatchSettings({ DISPATCH_BATCH_MAX_COUNT: '20' })
    expect(small).toMatchObject({ batch_max_count: 20, batch_start_count: 20 })
  })
})
