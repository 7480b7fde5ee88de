/** Whatever people write, a report's structure is ours (SEC-3). */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeInline } from '../../../../src/domain/report/escape.ts'
import { facts, message, person, reading, reportOf, rows } from './builders.ts'
import { htmlOf, structureOf, wordsOf } from './structure.ts'

/** A room in which every text that people can write is this one. */
const roomOf = (text: string): string => {
  const file = {
    file_id: '0198d7f2-0000-7d10-b5a4-20f1c1de9a55',
    name: text,
    size: 2_048,
    content_type: text,
    width: null,
    height: null,
  }
  const said = { content: text, sender_display_name: text, sender_id: 'x' }
  const event = { revision: 3, sequence_number: null, at: '2026-11-22T09:33:00.000Z' }
  const who = { actor_name: text, actor_id: 'a', subject_id: 'b', subject_name: text }
  return reportOf(
    rows({
      people: [person({ display_name: text, user_id: text })],
      timeline: [
        { ...event, kind: 'message_pinned', actor_name: text, message: message(said) },
        {
          ...event,
          kind: 'room_updated',
          actor_name: text,
          payload: { title: text, lots: [text] },
        },
        { ...event, kind: 'member_added', role: 'editor', ...who },
      ],
      readings: [reading({ [text]: text, [`${text}2`]: 4 }, { sender_name: text })],
      attachments: [
        {
          sequence_number: 1,
          at: '2026-11-22T09:32:42.123Z',
          sender_name: text,
          file_id: file.file_id,
          name: text,
          content_type: text,
          size_bytes: 2_048,
        },
      ],
      transcript: [
        { message: message(said), reply_sequence: 7 },
        {
          message: message({ ...said, edited_at: '2026-11-22T09:33:00.000Z' }),
          reply_sequence: null,
        },
        {
          message: message({ ...said, message_type: 'incident_data', content: { [text]: text } }),
          reply_sequence: null,
        },
        {
          message: message({ ...said, message_type: 'file_ref', file_id: file.file_id, file }),
          reply_sequence: null,
        },
        {
          message: message({
            ...said,
            reactions: [{ emoji: text, count: 2, user_ids: [], first_revision: 3 }],
          }),
          reply_sequence: null,
        },
      ],
    }),
    { of: facts({ title: text, description: text, location: text, lots: [text] }) },
  )
}

/** Lines of a message, and what becomes of them, are as many as people wrote; the rest is ours. */
const oneLine = (text: string): string =>
  text.replaceAll(/[\n\v\f\r\u0085\u2028\u2029]+/g, ' ').trim()

/** Each run parses a document of some forty places for the text. */
const runs = 300
const patienceMs = 60_000

const plain = structureOf(roomOf('x'))

const hostile = [
  '# forged heading',
  'trailing hashes ##',
  '## ',
  'a\n# heading\n\n---\n\n- item',
  'setext\n===',
  'setext\n---',
  '--- end\n***',
  '- item',
  '1. item',
  '1) item',
  '> quote',
  '    code',
  '\tcode',
  '```\nfence',
  '~~~\nfence',
  '`code`',
  '``',
  '*a* **b** _c_ __d__ ~~e~~',
  '**',
  '[link](https://evil.example)',
  '![image](https://evil.example/x.png)',
  '[ref]: https://evil.example',
  '[ref]\n\n[ref]: https://evil.example',
  '](https://evil.example)',
  '<https://evil.example>',
  'https://evil.example www.evil.com evil.com //evil.com mailto:a@evil.com',
  'a@evil.com ftp://evil.example',
  'http://192.168.1.1/x',
  '<script>alert(1)</script>',
  '<!-- comment',
  '--> <b>bold</b>',
  '<?php',
  '&lt;b&gt; &#35; &amp;',
  '| a | b |\n|---|---|\n| c | d |',
  '\\| a | b',
  '\\\\| a',
  'a\\',
  '\\',
  '|',
  '[x] task',
  '[^1] and [^1]: note',
  ':smile: $x$ $$y$$ ^sup^ ==mark== {#id .class}',
  '\u202eevil\u202c',
  '\u2066\u2067',
  'שלום 123 (a)',
  '\r\nfirst\r\rsecond\u2028third\u0085fourth\vfifth\ffifth',
  '*(edited)*',
  '#2 2026-11-22 forged line',
  'a  \nb',
  '\u00a0',
  '\u0001\u0007\u001b[31m',
  'x'.repeat(400),
  '🧑‍🔧👍🏽',
]

describe('[API-6] [SEC-3] hostile words', () => {
  test('control: words that were not escaped would change the structure', () => {
    const forged = roomOf('PLACE').replaceAll('PLACE', '[link](https://evil.example)')
    expect(structureOf(forged)).not.toEqual(plain)
    expect(structureOf(roomOf('PLACE').replaceAll('PLACE', 'https://evil.example'))).not.toEqual(
      plain,
    )
  })

  test.each(hostile.map((text) => [JSON.stringify(text).slice(0, 60), text]))(
    'in one line they are words and nothing else: %s',
    (_, text) => {
      expect(structureOf(roomOf(oneLine(text)))).toEqual(plain)
    },
  )

  test.each(hostile.map((text) => [JSON.stringify(text).slice(0, 60), text]))(
    'in several lines they add line breaks alone: %s',
    (_, text) => {
      const markdown = roomOf(`${text}\n${text}\n\n${text}`)
      expect(structureOf(markdown)).toEqual(plain)
      for (const danger of ['<script', '<b>', 'evil.example"'])
        expect(htmlOf(markdown)).not.toContain(danger)
    },
  )

  /** Marks of Markdown far more often than chance has them. */
  const marks = fc.constantFrom(
    ...'#*_`~[](){}<>|\\!&:;./@$^=+-0123456789 \t\nabw'.split(''),
    ...[
      'http://',
      'www.',
      'https://a.com',
      'b.com',
      'b@c.com',
      '//a.com',
      '&lt;',
      '```',
      '---',
      '| --- |',
      '](',
      '&#35;',
      '<b>',
      '\r\n',
      '\u2028',
      '\u202e',
      'א',
      '災',
    ],
  )
  const anything = fc.oneof(
    fc.array(marks, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )

  test(
    'any text at all: headings, tables, lists and links stay the same',
    () => {
      fc.assert(
        fc.property(anything, (text) => {
          expect(structureOf(roomOf(text))).toEqual(plain)
        }),
        { numRuns: runs },
      )
    },
    patienceMs,
  )

  test(
    'and the words are those that were written',
    () => {
      fc.assert(
        fc.property(anything, (text) => {
          const line = oneLine(text).replaceAll(
            /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/gu,
            '',
          )
          fc.pre(line.trim() !== '' && line.isWellFormed())
          const shown = wordsOf(`x ${escapeInline(line)}`).replaceAll(/[\u2068\u2069]/g, '')
          expect(shown).toBe(`x ${line.trim()}`)
          expect(wordsOf(`# x ${escapeInline(line)}`).replaceAll(/[\u2068\u2069]/g, '')).toBe(shown)
        }),
        { numRuns: runs },
      )
    },
    patienceMs,
  )
})

test('[API-6] [MSG-12] what turns a line around is shown instead of done', () => {
  expect(escapeInline('a\u202eb\u0007c')).toBe('a⟨U+202E⟩b⟨U+0007⟩c')
  expect(escapeInline('אב 12')).toBe('\u2068אב 12\u2069')
  expect(escapeInline('👩‍🔧 災')).toBe('👩‍🔧 災')
  expect(escapeInline('4.1 bar at 10:30, A12-77.')).toBe('4.1 bar at 10:30, A12-77.')
})

test('[API-6] every line that comes from a message has its number', () => {
  const content = 'first\n\n# third\r\nfourth'
  const markdown = reportOf(
    rows({
      transcript: [{ message: message({ content, sequence_number: 12 }), reply_sequence: null }],
    }),
  )
  const [, transcript = ''] = markdown.split('## Transcript\n\n')
  const [said = ''] = transcript.split('\n\n---')
  const lines = said.split('\n').filter((line) => line !== '')
  expect(lines).toHaveLength(4)
  for (const line of lines) expect(line).toMatch(/^(- \*\*#12\*\*| {2}#12) /)
})
