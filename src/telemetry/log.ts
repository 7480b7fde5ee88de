/**
 * The log (OPS-5): one line of JSON for an event, with its name, its level, when it was, and fields
 * that `events.ts` allows it. What is no such field is left out, whoever passes it, and text loses
 * what looks like a secret or an address.
 */
import { events, type EventDefinition, type EventName } from './events.ts'
import { fields as kinds, type FieldName } from './fields.ts'
import { scrub } from './scrub.ts'

/** By name and kind; null stands for none, undefined is left out. */
export type LogFields<Event extends EventName> = {
  readonly [Field in (typeof events)[Event]['fields'][number]]?:
    Values[(typeof kinds)[Field]] | null | undefined
}

type Values = {
  readonly uuid: string
  readonly id: string
  readonly reference: string
  readonly references: readonly string[]
  readonly word: string | number
  readonly number: number
  readonly text: string
  readonly texts: readonly string[]
  readonly stack: string
}

type Level = 'info' | 'warn' | 'error'

type Write = <Event extends EventName>(event: Event, fields?: LogFields<Event>) => void

const writer =
  (level: Level): Write =>
  (event, fields = {}) =>
    console[level](lineOf(level, event, fields))

export const log: Readonly<Record<Level, Write>> = {
  info: writer('info'),
  warn: writer('warn'),
  error: writer('error'),
}

const lineOf = (level: Level, event: EventName, given: Readonly<Record<string, unknown>>) => {
  const line: Record<string, unknown> = { event, level, at: new Date().toISOString() }
  const { fields }: EventDefinition = events[event]
  for (const name of fields) {
    const value = fit(name, given[name])
    if (value !== undefined) line[name] = value
  }
  return JSON.stringify(line)
}

const TEXT_MAX_LENGTH = 300
const STACK_MAX_LENGTH = 2_000
const TEXTS_MAX_COUNT = 40
const REFERENCES_MAX_COUNT = 20

const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** It may be an e-mail address, as identity providers name people. */
const isId = /^[^\s"'`<>{}?#/]{1,200}$/

/** A client may put anything there, words even. What is none is told to be there, no more. */
const isReference = /^[\w.:-]{1,64}$/

/** A word of the code, or a host with its port. */
const isWord = /^[\w.:*-]{1,100}$/

const fit = (name: FieldName, value: unknown): unknown => {
  if (value === undefined || value === null) return value
  const kind = kinds[name]
  switch (kind) {
    case 'number':
      return typeof value === 'number' ? value : undefined
    case 'uuid':
      return isUuid.test(String(value)) ? value : undefined
    case 'id':
      return only(isId, value)
    case 'reference':
      return only(isReference, value)
    case 'references':
      return listOf(value, REFERENCES_MAX_COUNT, (one) => only(isReference, one))
    case 'word':
      return typeof value === 'number' ? value : only(isWord, value)
    case 'text':
      return scrubbed(value, TEXT_MAX_LENGTH)
    case 'texts':
      return listOf(value, TEXTS_MAX_COUNT, (one) => scrubbed(one, TEXT_MAX_LENGTH))
    case 'stack':
      return scrubbed(value, STACK_MAX_LENGTH)
  }
}

const only = (pattern: RegExp, value: unknown): unknown =>
  typeof value === 'string' && pattern.test(value) ? value : '?'

const listOf = (value: unknown, count: number, each: (one: unknown) => unknown): unknown =>
  Array.isArray(value) ? value.slice(0, count).map(each) : undefined

/** Cut long before, for the time it takes; and after, lest half a secret be left that looks like none. */
const scrubbed = (value: unknown, max_length: number): string =>
  scrub(String(value).slice(0, 8_000)).slice(0, max_length)
