import { describe, expect, test } from 'vitest'
import { parsePrometheus, sampleOf } from '../../support/prometheus.ts'

const right = `# HELP a_total What \\\\ happened.
# TYPE a_total counter
a_total{x="1",y="a\\"b\\\\c\\nd"} 3
a_total{x="2",y=""} 1.5e+21
# HELP b Now.
# TYPE b gauge
b -0.25
# HELP h_seconds How long.
# TYPE h_seconds histogram
h_seconds_bucket{x="1",le="0.5"} 1
h_seconds_bucket{x="1",le="+Inf"} 2
h_seconds_sum{x="1"} 3.5
h_seconds_count{x="1"} 2
# HELP none_total Never.
# TYPE none_total counter
`

test('[OPS-1] what is right is read', () => {
  const families = parsePrometheus(right)
  expect([...families.keys()]).toEqual(['a_total', 'b', 'h_seconds', 'none_total'])
  expect(sampleOf(families, 'a_total', { x: '1', y: 'a"b\\c\nd' })).toBe(3)
  expect(sampleOf(families, 'a_total', { x: '2', y: '' })).toBe(1.5e21)
  expect(sampleOf(families, 'b')).toBe(-0.25)
  expect(sampleOf(families, 'h_seconds_count', { x: '1' })).toBe(2)
  expect(sampleOf(families, 'a_total')).toBeUndefined()
})

describe('[OPS-1] a planted mistake is found', () => {
  const planted: [string, string, string, string][] = [
    ['no newline at the end', 'counter\n', 'counter', 'newline'],
    ['a sample before its TYPE', '# TYPE b gauge\n', '', 'before HELP and TYPE'],
    ['a sample before its HELP', '# HELP b Now.\n', '', 'before HELP and TYPE'],
    ['HELP after samples', 'b -0.25\n', 'b -0.25\n# HELP b Now.\n', 'after samples'],
    ['a second TYPE', '# TYPE b gauge\n', '# TYPE b gauge\n# TYPE b gauge\n', 'second TYPE'],
    ['an unknown type', 'b gauge', 'b gouge', 'unknown type'],
    ['a second block', '# HELP none_total', '# HELP a_total', 'second block'],
    ['a sample of another metric', 'b -0.25', 'c -0.25', 'another metric'],
    [
      'a histogram’s own name',
      'h_seconds_sum{x="1"} 3.5',
      'h_seconds{x="1"} 3.5',
      'another metric',
    ],
    ['a series twice', 'b -0.25', 'b -0.25\nb 1', 'same series'],
    ['the same in another order', 'b -0.25', 'b{x="1",y="2"} 1\nb{y="2",x="1"} 1', 'same series'],
    ['a name that is none', 'b -0.25', '1b -0.25', 'no name of a metric'],
    ['a label that is none', '{x="2",y=""}', '{x-y="2",y=""}', 'name of a label'],
    ['a label twice', '{x="2",y=""}', '{x="2",x=""}', 'label twice'],
    ['an unknown escape', 'y=""', 'y="\\t"', 'unknown escape'],
    ['a quote that is not escaped', 'y=""', 'y="""', 'cannot be read'],
    ['a newline in a label', 'y=""', 'y="\n"', 'cannot be read'],
    ['no value', 'b -0.25', 'b', 'no value'],
    ['a value that is no number', 'b -0.25', 'b undefined', 'no value'],
    ['a counter below zero', ' 1.5e+21', ' -1', 'negative'],
    ['buckets that fall', 'le="0.5"} 1', 'le="0.5"} 3', 'do not grow'],
    [
      'bounds that fall',
      'le="0.5"} 1',
      'le="0.5"} 1\nh_seconds_bucket{x="1",le="0.1"} 1',
      'ascend',
    ],
    ['no bucket for all', 'h_seconds_bucket{x="1",le="+Inf"} 2\n', '', 'no bucket for all'],
    [
      'a count that is not the last bucket',
      'h_seconds_count{x="1"} 2',
      'h_seconds_count{x="1"} 3',
      'not the count',
    ],
    ['no sum', 'h_seconds_sum{x="1"} 3.5\n', '', 'no one _sum'],
    ['no count', 'h_seconds_count{x="1"} 2\n', '', 'no one _count'],
    ['an empty line', 'b -0.25\n', 'b -0.25\n\n', 'no name of a metric'],
    ['another comment', '# HELP b Now.', '# Now.\n# HELP b Now.', 'no HELP'],
    ['an escape in a help text', 'What \\\\ happened', 'What \\q happened', 'no HELP'],
  ]
  test.each(planted)('%s', (name, from, to, message) => {
    expect(right).toContain(from)
    const wrong =
      name === 'no newline at the end' ? right.slice(0, -1) : right.replace(from, () => to)
    expect(() => parsePrometheus(wrong)).toThrow(message)
  })
})
