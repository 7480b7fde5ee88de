import MarkdownIt from 'markdown-it'
import { expect, test } from 'vitest'
import { BLOCK_LINES_MAX_COUNT, MarkdownBlocks } from '../../../web/src/report/markdown-blocks.ts'
import { readReport } from '../../../web/src/report/read-report.ts'
import { isRangeWrong, reportAddress, zoneChoices } from '../../../web/src/report/report-address.ts'

const items = (count: number): string =>
  Array.from({ length: count }, (_, n) => `- **#${n}** said\\\n  #${n} again\n`).join('')

const rows = (count: number): string =>
  `| number | value |\n| --- | --- |\n${Array.from({ length: count }, (_, n) => `| #${n} | ${n} |\n`).join('')}`

const report = `# Report: x\n\nRoom as of\n\n## Timeline\n\n${items(700)}\n## Readings\n\n${rows(650)}\n## Transcript\n\n${items(900)}\n*totals*\n`

const cut = (text: string, chunk_length: number): string[] => {
  const blocks = new MarkdownBlocks()
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += chunk_length)
    pieces.push(...blocks.add(text.slice(at, at + chunk_length)))
  return [...pieces, ...blocks.end()]
}

/** What is shown, whatever lists and tables it is spread over. */
const shown = (pieces: readonly string[]): string[] => {
  const parser = new MarkdownIt()
  return pieces.flatMap((piece) =>
    parser
      .parse(piece, {})
      .flatMap(({ type, content }, index, tokens) =>
        type === 'inline' ? [`${tokens[index - 1]?.tag} ${content}`] : [],
      ),
  )
}

test('[WEB-7] pieces of a report show what the whole shows, a table with its head again', () => {
  const pieces = cut(report, 1_000)
  expect(pieces.length).toBeGreaterThan(5)
  const heads = new Set(['th number', 'th value'])
  const withoutHeads = (texts: string[]) => texts.filter((text) => !heads.has(text))
  expect(withoutHeads(shown(pieces))).toEqual(withoutHeads(shown([report])))
  expect(shown(pieces).filter((text) => text === 'th number').length).toBeGreaterThan(2)
  for (const piece of pieces)
    expect(piece.split('\n').length).toBeLessThanOrEqual(BLOCK_LINES_MAX_COUNT + 5)
})

test('[WEB-7] it does not matter how the text arrives', () => {
  const expected = cut(report, report.length)
  for (const chunk_length of [1, 7, 4_096]) expect(cut(report, chunk_length)).toEqual(expected)
  const blocks = new MarkdownBlocks()
  blocks.add(report)
  blocks.end()
  expect(blocks.line_count).toBe(report.split('\n').length - 1)
})

test('[API-6] the address names the range by Taipei clocks', () => {
  const wish = {
    from: '2026-11-24T08:00',
    to: '2026-11-24T09:30',
    with_transcript: true,
    language: 'zh-TW',
    time_zone: 'Asia/Taipei',
  } as const
  const address = new URL(reportAddress('r', wish, true), 'http://page')
  expect(address.pathname).toBe('/api/rooms/r/report')
  expect(Object.fromEntries(address.searchParams)).toEqual({
    lang: 'zh-TW',
    time_zone: 'Asia/Taipei',
    from: '2026-11-24T00:00:00.000Z',
    to: '2026-11-24T01:30:00.000Z',
    transcript: 'true',
    download: '1',
  })
  expect(isRangeWrong(wish)).toBe(false)
  expect(isRangeWrong({ ...wish, to: wish.from })).toBe(true)
  expect(zoneChoices('UTC').filter((zone) => zone === 'UTC')).toHaveLength(1)
  expect(zoneChoices('Europe/Vienna')).toContain('Europe/Vienna')
})

const reading = (answer: () => Promise<Response>, abort = new AbortController()) => {
  const texts: string[] = []
  let signed_out_count = 0
  const end = readReport({
    fetch: answer,
    path: '/r',
    signal: abort.signal,
    onText: (text) => texts.push(text),
    onSignedOut: () => (signed_out_count += 1),
  })
  return { end, texts, signedOutCount: () => signed_out_count }
}

const streamed = (...chunks: (Uint8Array<ArrayBuffer> | 'error')[]) =>
  new Response(
    new ReadableStream({
      pull(controller) {
        const chunk = chunks.shift()
        if (chunk === undefined) controller.close()
        else if (chunk === 'error') controller.error(new TypeError('network'))
        else controller.enqueue(chunk)
      },
    }),
  )

test('[WEB-7] a report is whole only when its stream ended; characters may be cut in two', async () => {
  const bytes = new TextEncoder().encode('# 報告')
  const whole = reading(async () => streamed(bytes.slice(0, 3), bytes.slice(3)))
  expect(await whole.end).toEqual({ kind: 'whole' })
  expect(whole.texts.join('')).toBe('# 報告')
  const broken = reading(async () => streamed(bytes, 'error'))
  expect(await broken.end).toEqual({ kind: 'broken' })
})

test('[WEB-7] a refusal is told by its code, no answer and a stop as such', async () => {
  const problem = { type: 'x', title: 'x', status: 403, code: 'forbidden', detail: 'no' }
  const refused = reading(async () => Response.json(problem, { status: 403 }))
  expect(await refused.end).toMatchObject({ kind: 'refused', failure: { code: 'forbidden' } })
  const ended = reading(async () => new Response(null, { status: 401 }))
  await ended.end
  expect(ended.signedOutCount()).toBe(1)
  const nobody = reading(() => Promise.reject(new TypeError('network')))
  expect(await nobody.end).toMatchObject({ kind: 'refused', failure: { code: 'unreachable' } })
  const abort = new AbortController()
  const stopped = reading(() => {
    abort.abort()
    return Promise.reject(new DOMException('stop', 'AbortError'))
  }, abort)
  expect(await stopped.end).toEqual({ kind: 'cancelled' })
})
