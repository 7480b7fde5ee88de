/**
 * The log (OPS-5): one line of JSON for an event, with its name, its level, when it was, and fields
 * that `events.ts` allows it. What is no such field is left out, whoever passes it, and text loses
 * what looks like a secret or an address.
 */
import { events, type EventDefinition, type EventName } from './events.ts'
import { fields as kinds, type FieldKind, type FieldName } from './fields.ts'
import { scrub } from './scrub.ts'

/** By name and kind; null stands for none, undefined is left out. */
export type LogFields<Event extends EventName> = {
  readonly [Field in (typeof events)[Event]['fields'][number]]?:
    Values[(typeof kinds)[Field]] | null | undefined
}

type Values = {
  readonly uuid: string
  readonly id: string
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

/** Longest values, in UTF-16 units. */
const longest: Readonly<Record<Exclude<FieldKind, 'number'>, number>> = {
  uuid: 36,
  id: 200,
  word: 100,
  text: 300,
  texts: 300,
  stack: 2_000,
}

const TEXTS_MAX_COUNT = 40

const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** A word of the code, or a host with its port. */
const isWord = /^[\w.:*-]+$/

const fit = (name: FieldName, value: unknown): unknown => {
  if (value === undefined || value === null) return value
  const kind = kinds[name]
  if (kind === 'number') return typeof value === 'number' ? value : undefined
  const cut = (text: string) => text.slice(0, longest[kind])
  switch (kind) {
    case 'uuid':
      return isUuid.test(String(value)) ? value : undefined
    case 'id':
      return cut(String(value))
    case 'word':
      return typeof value === 'number'
        ? value
        : isWord.test(String(value))
          ? cut(String(value))
          : '?'
    case 'texts':
      return Array.isArray(value)
        ? value.slice(0, TEXTS_MAX_COUNT).map((one) => cut(scrub(String(one))))
        : undefined
    case 'text':
    case 'stack':
      // Long before it is cut, lest half a secret be left that no longer looks like one.
      return cut(scrub(String(value).slice(0, 8_000)))
  }
}
