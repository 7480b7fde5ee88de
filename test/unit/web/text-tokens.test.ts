import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mentionNamesOf } from '../../../web/src/room/mention-names.ts'
import { isJumbo, tokensOf } from '../../../web/src/room/text-tokens.ts'
import { aMember } from './builders.ts'

const links = (text: string) =>
  tokensOf(text).flatMap((token) => (token.kind === 'link' ? [token.href] : []))

test.each([
  ['see https://a.example/x?y=1#z.', ['https://a.example/x?y=1#z']],
  ['(https://a.example/x)', ['https://a.example/x']],
  ['https://a.example/wiki/Mode_(a)', ['https://a.example/wiki/Mode_(a)']],
  ['請看https://a.example/x，謝謝', ['https://a.example/x']],
  ['http://a.example https://b.example!', ['http://a.example', 'https://b.example']],
  ['javascript:alert(1) data:text/html,x ftp://a.example', []],
  ['https:// and https://.', []],
])('[WEB-3] links of %s', (text, expected) => {
  expect(links(text)).toEqual(expected)
})

const people = [
  aMember({ user_id: 'ann@a.example', display_name: 'Ann' }),
  aMember({ user_id: 'lee@a.example', display_name: 'Ann Lee' }),
  aMember({ user_id: 'wang@a.example', display_name: '王小明' }),
]
const everybody = people.map((member) => member.user_id)
const marked = (text: string, mentions = everybody, own = 'ann@a.example') =>
  tokensOf(text, mentionNamesOf(mentions, people, own)).flatMap((token) =>
    token.kind === 'mention' ? [token.is_own ? `own ${token.text}` : token.text] : [],
  )

test.each([
  ['@Ann look', ['own @Ann']],
  ['@ann lee, please', ['@ann lee']],
  ['請@王小明看一下', ['@王小明']],
  ['@Annabel', []],
  ['mail x@Ann', []],
  ['@lee@a.example', ['@lee@a.example']],
  ['@here and @channel', ['own @here', 'own @channel']],
  ['https://a.example/@Ann', []],
  ['@Ann@Ann Lee', ['own @Ann']],
])('[WEB-4] mentions marked in %s', (text, expected) => {
  expect(marked(text)).toEqual(expected)
})

test('[WEB-4] only whom the server lists is marked', () => {
  expect(marked('@Ann and @王小明', ['wang@a.example'])).toEqual(['@王小明'])
  expect(marked('@here', ['wang@a.example'])).toEqual(['@here'])
  expect(marked('@Ann @here', [])).toEqual([])
})

/** Each token that is not plain, as `kind:what is shown`. */
const special = (text: string) =>
  tokensOf(text).flatMap((token) => {
    if (token.kind === 'text') return []
    if (token.kind === 'bold') return [`bold:${token.tokens.map((inner) => inner.text).join('')}`]
    return [`${token.kind}:${'code' in token ? token.code : token.text}`]
  })

test.each([
  ['run `pump --reset` now', ['code:pump --reset']],
  ['```\nline 1\nline 2\n```', ['block:line 1\nline 2']],
  ['```json\n{"a": 1}\n``` ok', ['block:{"a": 1}']],
  [
    '`https://a.example` and https://b.example',
    ['code:https://a.example', 'link:https://b.example'],
  ],
  ['請**立刻停機**，謝謝', ['bold:立刻停機']],
  ['**see https://a.example/x**', ['bold:see https://a.example/x']],
  ['2**3**4, ** not **, ****, ``, ``````, `\n`', []],
  ['an `unclosed mark and ```another', []],
])('[WEB-3] code and bold in %s', (text, expected) => {
  expect(special(text)).toEqual(expected)
})

test.each([
  ['👍', true],
  ['👩‍🚒 🇹🇼\n👍🏽', true],
  ['👍👍👍👍👍👍👍', false],
  ['ok 👍', false],
  ['12', false],
  ['  ', false],
])('[WEB-3] %s is shown large: %s', (text, expected) => {
  expect(isJumbo(text)).toBe(expected)
})

test('[SEC-3] nothing is lost, added or made executable', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      'https://a.example/',
      ' ',
      '.',
      ')',
      '<b>',
      'javascript:',
      '，',
      '"',
      '@Ann',
      '`',
      '```',
      '**',
      '\n',
    ),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      const tokens = tokensOf(text, mentionNamesOf(everybody, people, 'ann@a.example'))
      const all = tokens.flatMap((token) => (token.kind === 'bold' ? token.tokens : [token]))
      const hrefs = all.flatMap((token) => (token.kind === 'link' ? [token.href] : []))
      // No expectation for each: some hundred runs of many would take seconds.
      return (
        tokens.map((token) => token.text).join('') === text &&
        hrefs.every((href) => /^https?:$/.test(new URL(href).protocol))
      )
    }),
  )
})
