import * as z from 'zod/mini'
import { describe, expect, test } from 'vitest'
import { MessageQuery, positionOf } from '../../../src/http/message-query.ts'
import { parse } from '../../../src/http/parse.ts'

z.config(z.locales.en())

const position = (query: Record<string, string>) => positionOf(MessageQuery.parse(query))

test('[API-1] fifty of the newest, where nothing is said', () => {
  expect(MessageQuery.parse({})).toEqual({ limit: 50 })
  expect(position({})).toEqual({ kind: 'newest' })
})

test('[API-1] each position', () => {
  expect(position({ before_sequence: '51' })).toEqual({ kind: 'before_sequence', sequence: 51 })
  expect(position({ after_sequence: '0' })).toEqual({ kind: 'after_sequence', sequence: 0 })
  expect(position({ around: '7' })).toEqual({ kind: 'around', sequence: 7 })
})

test.each([
  ['2026-11-22T09:32:42Z', '2026-11-22T09:32:42.000000Z'],
  ['2026-11-22T09:32:42.1Z', '2026-11-22T09:32:42.100000Z'],
  ['2026-11-22T09:32:42.123456Z', '2026-11-22T09:32:42.123456Z'],
  ['2026-11-22T17:32:42.123456789+08:00', '2026-11-22T09:32:42.123456Z'],
])('[API-1] before=%s keeps its microseconds', (before, at) => {
  expect(position({ before })).toEqual({ kind: 'before', at })
})

describe('[API-1] a bad value names its field', () => {
  test.each<[string, Record<string, unknown>]>([
    ['limit', { limit: '0' }],
    ['limit', { limit: '201' }],
    ['limit', { limit: '-1' }],
    ['limit', { limit: '' }],
    ['limit', { limit: 'ten' }],
    ['limit', { limit: '1e2' }],
    ['limit', { limit: '1.5' }],
    ['before', { before: 'yesterday' }],
    ['before', { before: '' }],
    ['before', { before: '2026-11-22' }],
    ['before', { before: '2026-02-30T00:00:00Z' }],
    ['before', { before: '0000-01-01T00:00:00Z' }],
    ['before', { before: '0001-01-01T00:00:00+01:00' }],
    ['before', { before: '9999-12-31T23:59:59-01:00' }],
    ['before_sequence', { before_sequence: '-1' }],
    ['before_sequence', { before_sequence: '99999999999999999999' }],
    ['after_sequence', { after_sequence: "1' OR '1'='1" }],
    ['around', { around: 'NaN' }],
    ['before_sequence', { before: '2026-11-22T09:32:42Z', before_sequence: '1' }],
    ['around', { after_sequence: '1', around: '1' }],
    ['around', { around: '1', data: { line: ['eq:3'] } }],
    ['data', { data: 'eq:3' }],
    ['data.line', { data: { line: ['3'] } }],
    ['data.line', { data: { line: ['between:3'] } }],
    ['data.line', { data: { line: ['eq:'] } }],
    ['data.line', { data: { line: ['eq:a\u0000'] } }],
    ['data.line', { data: { line: [`eq:${'x'.repeat(201)}`] } }],
    ['data.line', { data: { line: ['exists:maybe'] } }],
    ['data.is_open', { data: { is_open: ['gt:true'] } }],
    ['data.oven..zone', { data: { 'oven..zone': ['eq:3'] } }],
    ['data.', { data: { '': ['eq:3'] } }],
    ['data.a.b.c.d.e', { data: { 'a.b.c.d.e': ['eq:3'] } }],
    ['data.b', { data: { a: ['gt:1', 'lt:2', 'ne:1', 'ne:2', 'ne:3'], b: ['eq:3'] } }],
  ])('%s: %j', (field, query) => {
    expect(parse(MessageQuery, query)).toMatchObject({
      ok: false,
      field,
      refusal: { code: 'bad_request', message: expect.stringContaining(`${field}: `) as string },
    })
  })
})

test('[MSG-4] conditions on incident data, by what their values look like', () => {
  const filter = {
    temperature: ['gt:80', 'lt:1.5e2'],
    'oven.zone1': ['exists:true'],
    at: ['gte:2026-11-22T17:00:00+08:00'],
    state: ['ne:過熱: 3'],
  }
  expect(MessageQuery.parse({ data: filter }).data).toEqual([
    { path: ['temperature'], operator: 'gt', operand: '80', as: 'number' },
    { path: ['temperature'], operator: 'lt', operand: '1.5e2', as: 'number' },
    { path: ['oven', 'zone1'], operator: 'exists', is_there: true },
    { path: ['at'], operator: 'gte', operand: '2026-11-22T09:00:00.000000Z', as: 'time' },
    { path: ['state'], operator: 'ne', operand: '過熱: 3', as: 'text' },
  ])
  expect(MessageQuery.parse({ data: { is_open: ['eq:true'] } }).data).toMatchObject([
    { operand: 'true', as: 'boolean' },
  ])
})
