import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokensOf } from '../../../web/src/room/text-tokens.ts'

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

test('[SEC-3] nothing is lost, added or made executable', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('https://a.example/', ' ', '.', ')', '<b>', 'javascript:', '，', '"'),
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('')
      const tokens = tokensOf(text)
      expect(tokens.map((token) => token.text).join('')).toBe(text)
      for (const token of tokens)
        if (token.kind === 'link') expect(new URL(token.href).protocol).toMatch(/^https?:$/)
    }),
  )
})
