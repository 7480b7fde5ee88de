/** PROTOCOL.md leaves nothing out, and its examples are true. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { closeCodes } from '../../../src/protocol/close-codes.ts'
import { DownFrame } from '../../../src/protocol/down.ts'
import { errorCodes } from '../../../src/protocol/errors.ts'
import { InboxDownFrame, InboxUpFrame } from '../../../src/protocol/inbox.ts'
import { CONTENT_MAX_LENGTH, FRAME_MAX_BYTES } from '../../../src/protocol/limits.ts'
import { UpFrame } from '../../../src/protocol/up.ts'
import { SUBPROTOCOL } from '../../../src/protocol/version.ts'
import { frameNames } from './schema-names.ts'

const path = new URL('../../../src/protocol/PROTOCOL.md', import.meta.url)
const text = readFileSync(path, 'utf8')

/** The part under a heading, up to the next. */
const section = (heading: string): string =>
  text.split('\n## ').find((part) => part.startsWith(`${heading}\n`)) ?? ''

const mentions = (part: string, name: string): boolean =>
  name.split(' ').every((word) => part.includes(`\`${word}\``))

test.each([
  ['Frames up', frameNames(UpFrame)],
  ['Frames down', frameNames(DownFrame)],
  ['Inbox frames up', frameNames(InboxUpFrame)],
  ['Inbox frames down', frameNames(InboxDownFrame)],
  ['Errors', [...errorCodes]],
])('“%s” names every one', (heading, names) => {
  expect(names.length).toBeGreaterThan(0)
  expect(names.filter((name) => !mentions(section(heading), name))).toEqual([])
})

test('[CONN-7] “Closing” names every code', () => {
  const missing = Object.values(closeCodes).filter(
    (code) => !section('Closing').includes(`| ${code} |`),
  )
  expect(missing).toEqual([])
})

test('the limits it names are the limits', () => {
  for (const limit of [FRAME_MAX_BYTES, CONTENT_MAX_LENGTH])
    expect(text).toContain(limit.toLocaleString('en-US'))
  expect(text).toContain(SUBPROTOCOL)
})

const schemas = {
  up: UpFrame,
  down: DownFrame,
  'inbox-up': InboxUpFrame,
  'inbox-down': InboxDownFrame,
}

test('its examples pass their schemas', () => {
  const examples = [...text.matchAll(/```json (up|down|inbox-up|inbox-down)\n([\s\S]*?)```/g)]
  expect(examples.length).toBeGreaterThan(3)
  for (const [, direction, example = ''] of examples) {
    const schema = schemas[direction as keyof typeof schemas]
    expect(schema.safeParse(JSON.parse(example)).error).toBeUndefined()
  }
})
