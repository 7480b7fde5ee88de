import { expect, test } from 'vitest'
import {
  enteredReadings,
  enteredTime,
  knownFields,
  type ReadingField,
  type ReadingKind,
} from '../../../web/src/room/reading-fields.ts'
import { ReadingMemory } from '../../../web/src/room/reading-memory.ts'
import { memoryStore } from './fakes.ts'

let last_id = 0
const field = (name: string, value: string, kind: ReadingKind = 'number'): ReadingField => ({
  id: (last_id += 1),
  name,
  kind,
  value,
})

const dataOf = (...fields: ReadingField[]) => {
  const entered = enteredReadings(fields)
  return entered.kind === 'fit' ? entered.data : entered
}

/** Each field's problem, in the order given. */
const problemsOf = (...fields: ReadingField[]) => {
  const entered = enteredReadings(fields)
  return entered.kind === 'fit' ? [] : fields.map(({ id }) => entered.fields.get(id))
}

test('[MSG-4] each kind becomes its own JSON type; times are Taipei’s', () => {
  expect(
    dataOf(
      field(' temperature_C ', '80.5'),
      field('state', ' stopped ', 'text'),
      field('door open', 'no', 'yes_no'),
      field('since', '2026-11-22T06:12', 'time'),
    ),
  ).toEqual({
    temperature_C: 80.5,
    state: 'stopped',
    'door open': false,
    since: '2026-11-22T06:12:00+08:00',
  })
})

test.each([
  ['-3', -3],
  ['−3.5', -3.5],
  ['８０．５', 80.5],
  ['1,234.5', 1234.5],
  ['1e3', 1000],
  ['.5', 0.5],
])('[MSG-4] %s is a number', (entered, number) => {
  expect(dataOf(field('n', entered))).toEqual({ n: number })
})

test.each(['abc', '1,2', '0x10', 'Infinity', '1e999', '--1'])('[MSG-4] %s is none', (entered) => {
  expect(problemsOf(field('n', entered))).toEqual([{ value: 'no_number' }])
})

test('[MSG-4] what is wrong is told at its field', () => {
  expect(
    problemsOf(
      field('', '1'),
      field('a.b', '1'),
      field('x'.repeat(65), '1'),
      field('t', '1'),
      field('t', '2'),
      field('v', ' '),
      field('w', '', 'yes_no'),
    ),
  ).toEqual([
    { name: 'no_name' },
    { name: 'name_characters' },
    { name: 'name_too_long' },
    undefined,
    { name: 'name_twice' },
    { value: 'no_value' },
    { value: 'no_value' },
  ])
})

test('[MSG-4] empty rows are left out; nothing at all is told, and too much', () => {
  expect(dataOf(field('', ''), field('n', '1'))).toEqual({ n: 1 })
  expect(dataOf(field('', ''))).toMatchObject({ whole: 'nothing' })
  const many = Array.from({ length: 201 }, (_, n) => field(`n${n}`, '1'))
  expect(dataOf(...many)).toMatchObject({ whole: 'too_much' })
})

test('[MSG-4] a name of the language itself is a name like others', () => {
  const data = dataOf(field('__proto__', '1'))
  expect(JSON.stringify(data)).toBe('{"__proto__":1}')
})

test('[MSG-4] fields said before are known with their last kind', () => {
  expect(
    knownFields([
      { bar: 4, since: '2026-11-22T06:12:00+08:00' },
      { bar: 'high', open: true, inner: { x: 1 } },
    ]),
  ).toEqual([
    { name: 'bar', kind: 'number' },
    { name: 'since', kind: 'time' },
    { name: 'open', kind: 'yes_no' },
  ])
})

test('[MSG-4] the fields last sent are remembered per room; junk is nothing', () => {
  const store = memoryStore()
  const memory = new ReadingMemory(store, 'alice', 'room')
  memory.keep([field('bar', '4')])
  expect(memory.recall()).toEqual([{ name: 'bar', kind: 'number' }])
  expect(new ReadingMemory(store, 'alice', 'other').recall()).toEqual([])
  store.set('muster.readings.alice.room', '{nonsense')
  expect(memory.recall()).toEqual([])
  store.set('muster.readings.alice.room', '[{"name":1},{"name":"a","kind":"b"}]')
  expect(memory.recall()).toEqual([])
})

test('[MSG-4] a time begins as now, in Taipei, and is sent as that instant', () => {
  const at_ms = Date.parse('2026-11-22T23:59:30.000Z')
  const entered = enteredTime(at_ms)
  expect(entered).toBe('2026-11-23T07:59')
  expect(dataOf(field('since', entered, 'time'))).toEqual({ since: '2026-11-23T07:59:00+08:00' })
})
