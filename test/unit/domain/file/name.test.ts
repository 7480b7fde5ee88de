/** Names of files: in any script, and nothing in them that deceives (API-5, SEC-3). */
import { expect, test } from 'vitest'
import { cleanName, dispositionOf } from '../../../../src/domain/file/name.ts'

test.each([
  ['壓力表.jpg', '壓力表.jpg'],
  ['تقرير.pdf', 'تقرير.pdf'],
  ['👩‍🔧 fixes it.png', '👩‍🔧 fixes it.png'],
  ['e\u0301tat.txt', 'état.txt'],
  ['../../etc/passwd', 'passwd'],
  [String.raw`C:\Users\mei\photo.png`, 'photo.png'],
  ['a/b/', 'file'],
  ['..', 'file'],
  ['', 'file'],
  ['  .  ', 'file'],
  ['\u0000\r\nset-cookie: a=b', 'set-cookie: a=b'],
  ['a\u0000b\u007f.png', 'ab.png'],
  // Shown as "photo-exe.png" by everything that obeys it.
  ['photo-\u202egnp.exe', 'photo-gnp.exe'],
  ['a\u2066b\u2069\u200fc\ufeff.txt', 'abc.txt'],
  ['a\ud800b.txt', 'a\ufffdb.txt'],
  ['.env', '.env'],
])('[API-5] %j becomes %j', (given, expected) => {
  expect(cleanName(given)).toBe(expected)
})

test('[API-5] a long name keeps its ending, and no half of a character', () => {
  expect(cleanName(`${'x'.repeat(300)}.png`)).toBe(`${'x'.repeat(196)}.png`)
  const emoji = cleanName(`a${'👍'.repeat(150)}.png`)
  expect(emoji.length).toBeLessThanOrEqual(200)
  expect(emoji.isWellFormed()).toBe(true)
  expect(emoji.endsWith('👍.png')).toBe(true)
  expect(cleanName(`a.${'x'.repeat(300)}`)).toHaveLength(200)
})

test.each([
  ['a.png', `inline; filename="a.png"; filename*=UTF-8''a.png`],
  ['圖 1.png', `inline; filename="_ 1.png"; filename*=UTF-8''%E5%9C%96%201.png`],
  [
    `a"b\\c%'(1)*.txt`,
    `inline; filename="a_b_c_'(1)*.txt"; filename*=UTF-8''a%22b%5Cc%25%27%281%29%2A.txt`,
  ],
  ['👍.txt', `inline; filename="_.txt"; filename*=UTF-8''%F0%9F%91%8D.txt`],
])('[SEC-3] the header for %s holds nothing but its name', (name, header) => {
  expect(dispositionOf('inline', name)).toBe(header)
})
