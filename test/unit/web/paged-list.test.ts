import { expect, test } from 'vitest'
import type { Result } from '../../../web/src/sync/api.ts'
import {
  emptyList,
  PagedList,
  type ListPage,
  type PagedState,
} from '../../../web/src/sync/paged-list.ts'

type Answer = Result<ListPage<string>>

const page = (items: string[], next_cursor: string | null = null): Answer => ({
  ok: true,
  value: { items, next_cursor },
})
const failed: Answer = { ok: false, failure: { code: 'unreachable', detail: '' } }

/** A list whose answers are given by hand, in any order. */
const setUp = () => {
  const asked: { name: string; cursor: string | undefined; answer: (a: Answer) => void }[] = []
  let state: PagedState<string> = emptyList
  const list = new PagedList<string>((next) => (state = next))
  const load = (name: string) => (cursor: string | undefined) =>
    new Promise<Answer>((answer) => asked.push({ name, cursor, answer }))
  const settle = async (index: number, answer: Answer) => {
    asked[index]?.answer(answer)
    await new Promise(setImmediate)
  }
  return { list, asked, load, settle, state: () => state }
}

test('[WEB-8] the answer to an earlier question never replaces that to a later one', async () => {
  const { list, load, settle, state } = setUp()
  list.ask(load('pum'))
  list.ask(load('pump'))
  await settle(1, page(['of pump']))
  await settle(0, page(['of pum']))
  expect(state()).toEqual({ items: ['of pump'], has_more: false, work: { kind: 'idle' } })
})

test('[WEB-8] the old answer stays until the new one is there, and a forgotten one never comes', async () => {
  const { list, load, settle, state } = setUp()
  list.ask(load('a'))
  await settle(0, page(['a1']))
  list.ask(load('b'))
  expect(state()).toMatchObject({ items: ['a1'], work: { kind: 'loading' } })
  list.clear()
  await settle(1, page(['b1']))
  expect(state()).toEqual(emptyList)
})

test('[API-2] pages follow each other by cursor, one at a time', async () => {
  const { list, asked, load, settle, state } = setUp()
  list.ask(load('a'))
  await settle(0, page(['1', '2'], 'after-2'))
  list.more()
  list.more()
  expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, 'after-2'])
  await settle(1, page(['3']))
  expect(state()).toEqual({ items: ['1', '2', '3'], has_more: false, work: { kind: 'idle' } })
  list.more()
  expect(asked).toHaveLength(2)
})

test('[API-2] an empty page is passed over where more may come, but not for ever', async () => {
  const { list, asked, load, settle, state } = setUp()
  list.ask(load('a'))
  await settle(0, page([], 'x'))
  await settle(1, page([], 'y'))
  await settle(2, page([], 'z'))
  expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, 'x', 'y'])
  expect(state()).toEqual({ items: [], has_more: true, work: { kind: 'idle' } })
})

test('[WEB-8] what failed is tried again, and only that', async () => {
  const { list, asked, load, settle, state } = setUp()
  list.ask(load('a'))
  await settle(0, failed)
  expect(state()).toMatchObject({ items: undefined, work: { kind: 'failed', is_more: false } })
  list.retry()
  await settle(1, page(['1'], 'after-1'))
  list.more()
  await settle(2, failed)
  expect(state()).toMatchObject({ items: ['1'], work: { kind: 'failed', is_more: true } })
  list.retry()
  await settle(3, page(['2']))
  expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, undefined, 'after-1', 'after-1'])
  expect(state().items).toEqual(['1', '2'])
})
