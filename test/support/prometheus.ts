/**
 * A strict reader of Prometheus's text format 0.0.4: what Prometheus would pass over or take for
 * something else is an error here, with its line.
 */

export type Sample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export type Family = {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped']
const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/
/** As Go reads a float, without hexadecimal. */
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]Inf)$/

type Open = { name: string; type: string | undefined; help: string | undefined; samples: Sample[] }

/** @throws Error that names the line */
export const parsePrometheus = (text: string): Map<string, Family> => {
  if (!text.endsWith('\n')) throw new Error('the text does not end with a newline')
  const families = new Map<string, Open>()
  const seen = new Set<string>()
  let open: Open | undefined
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const fail = (what: string): never => {
      throw new Error(`line ${index + 1}: ${what}: ${line}`)
    }
    const begin = (name: string): Open => {
      if (open?.name === name) return open
      if (families.has(name)) fail('a second block of the same metric')
      open = { name, type: undefined, help: undefined, samples: [] }
      families.set(name, open)
      return open
    }
    if (line.startsWith('#')) {
      const comment = readComment(line)
      if (!comment) return fail('no HELP, no TYPE')
      const family = begin(comment.name)
      if (family.samples.length > 0) fail(`${comment.kind} after samples`)
      if (comment.kind === 'HELP') {
        if (family.help !== undefined) fail('a second HELP')
        family.help = comment.rest
      } else {
        if (family.type !== undefined) fail('a second TYPE')
        if (!TYPES.includes(comment.rest)) fail('an unknown type')
        family.type = comment.rest
      }
      continue
    }
    const sample = readSample(line)
    if (typeof sample === 'string') return fail(sample)
    const family: Open | undefined = open
    if (!family?.type || family.help === undefined) return fail('a sample before HELP and TYPE')
    if (!namesOf(family).includes(sample.name))
      fail(`a sample of another metric than ${family.name}`)
    const series = `${sample.name}${JSON.stringify(Object.entries(sample.labels).toSorted())}`
    if (seen.has(series)) fail('a second sample of the same series')
    seen.add(series)
    if (family.type === 'counter' && !(sample.value >= 0)) fail('a counter that is negative')
    family.samples.push(sample)
  }
  for (const family of families.values()) {
    if (family.type === undefined) throw new Error(`${family.name} has no TYPE`)
    if (family.help === undefined) throw new Error(`${family.name} has no HELP`)
    if (family.type === 'histogram') checkHistogram(family)
  }
  return families as Map<string, Family>
}

/** The value of one series; undefined where there is none. */
export const sampleOf = (
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined =>
  [...families.values()]
    .flatMap(({ samples }) => samples)
    .find(
      (sample) =>
        sample.name === name &&
        Object.keys(sample.labels).length === Object.keys(labels).length &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )?.value

/** A histogram has no sample of its own name. */
const namesOf = ({ name, type }: Open): string[] => {
  if (type === 'histogram') return [`${name}_bucket`, `${name}_sum`, `${name}_count`]
  return type === 'summary' ? [name, `${name}_sum`, `${name}_count`] : [name]
}

const readComment = (line: string) => {
  const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
  if (kind === undefined || !METRIC.test(name)) return undefined
  // In a help text only \\ and \n are escapes.
  if (kind === 'HELP' && /\\(?![\\n])/.test(rest.replaceAll('\\\\', ''))) return undefined
  return { kind: kind as 'HELP' | 'TYPE', name, rest }
}

/** @returns what is wrong, as text */
const readSample = (line: string): Sample | string => {
  const name = /^[^{\s]*/.exec(line)?.[0] ?? ''
  if (!METRIC.test(name)) return 'no name of a metric'
  const rest = line.slice(name.length)
  const labelled = rest.startsWith('{') ? readLabels(rest) : { labels: {}, length: 0 }
  if (typeof labelled === 'string') return labelled
  const value = rest.slice(labelled.length)
  if (!value.startsWith(' ') || !NUMBER.test(value.slice(1))) return 'no value'
  return { name, labels: labelled.labels, value: numberOf(value.slice(1)) }
}

const readLabels = (text: string): { labels: Record<string, string>; length: number } | string => {
  const labels: Record<string, string> = {}
  let at = 1
  for (;;) {
    const rest = text.slice(at)
    const [all, label = '', value = '', end] = /^([^=]*)="((?:[^"\\]|\\.)*)"([,}])/.exec(rest) ?? []
    if (all === undefined) return 'labels that cannot be read'
    if (!LABEL.test(label)) return 'no name of a label'
    if (label in labels) return 'a label twice'
    if (/\\[^\\"n]/.test(value.replaceAll('\\\\', ''))) return 'an unknown escape'
    labels[label] = value.replaceAll(/\\(.)/g, (_, escape: string) =>
      escape === 'n' ? '\n' : escape,
    )
    at += all.length
    if (end === '}') return { labels, length: at }
  }
}

const numberOf = (text: string): number => {
  if (text === '+Inf') return Infinity
  return text === '-Inf' ? -Infinity : Number(text)
}

const checkHistogram = ({ name, samples }: Open): void => {
  const bySeries = Map.groupBy(samples, ({ labels }) =>
    JSON.stringify(
      Object.entries(labels)
        .filter(([label]) => label !== 'le')
        .toSorted(),
    ),
  )
  for (const [series, parts] of bySeries) {
    const fail = (what: string): never => {
      throw new Error(`${name}${series}: ${what}`)
    }
    const one = (suffix: string) => {
      const found = parts.filter((part) => part.name === `${name}_${suffix}`)
      if (found.length !== 1 || !found[0] || 'le' in found[0].labels)
        return fail(`no one _${suffix}`)
      return found[0].value
    }
    one('sum')
    const buckets = parts.filter((part) => part.name === `${name}_bucket`)
    let bound = -Infinity
    let count = 0
    for (const { labels, value } of buckets) {
      const le = labels['le'] ?? ''
      if (!NUMBER.test(le)) fail('a bucket without a bound')
      if (!(numberOf(le) > bound)) fail('bounds that do not ascend')
      if (!(value >= count)) fail('buckets that do not grow')
      bound = numberOf(le)
      count = value
    }
    if (bound !== Infinity) fail('no bucket for all')
    if (count !== one('count')) fail('the last bucket is not the count')
  }
}
