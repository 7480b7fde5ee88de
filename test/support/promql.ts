/** What is wrong with an expression of PromQL, as far as the catalogue of the metrics knows. */
import { parser } from '@prometheus-io/lezer-promql'
import type { SyntaxNode } from '@lezer/common'
import { catalogue, type MetricDefinition } from '../../src/domain/metrics/catalogue.ts'

/** Grafana puts these in place. */
const variables = [[/\$__rate_interval/g, '5m']] as const

const grows = ['rate', 'increase', 'irate']

/** Of Prometheus itself. */
const itsOwn: Readonly<Record<string, readonly string[]>> = { up: ['job', 'instance'] }

export function problemsOf(expression: string): string[] {
  const text = variables.reduce((rest, [name, value]) => rest.replaceAll(name, value), expression)
  const tree = parser.parse(text)
  const problems: string[] = []
  const say = (node: SyntaxNode, problem: string): void => {
    problems.push(`${text.slice(node.from, node.to)}: ${problem}`)
  }
  tree.iterate({
    enter({ node, type }) {
      if (type.isError) say(node.parent ?? node, 'is no PromQL')
      if (type.name === 'VectorSelector') checkSelector(node, text, say)
      if (type.name === 'FunctionCall' && functionOf(node, text) === 'histogram_quantile')
        checkQuantile(node, text, say)
      if (type.name === 'AggregateExpr') checkGrouping(node, text, say)
    },
  })
  return problems
}

/** Labels that its result can have. */
export function labelsOf(expression: string): Set<string> {
  const text = variables.reduce((rest, [name, value]) => rest.replaceAll(name, value), expression)
  const found = inside(parser.parse(text).topNode, 'GroupingLabels')
  return new Set(found.flatMap((node) => namesIn(node, text)))
}

type Say = (node: SyntaxNode, problem: string) => void

function checkSelector(node: SyntaxNode, text: string, say: Say): void {
  const name = nameOf(node, text)
  const own = itsOwn[name]
  const metric = own ? undefined : metricOf(name)
  if (!own && !metric) return say(node, 'is not in the catalogue')
  const labels = own ?? labelsOfMetric(name)
  for (const label of namesIn(node, text))
    if (!labels.includes(label)) say(node, `has no label ${label}`)
  if (!metric) return
  const callers = callersOf(node, text)
  const isCounted = metric.type !== 'gauge'
  const isRated = callers.some((caller) => grows.includes(caller))
  if (isCounted !== isRated) say(node, isCounted ? 'only grows: use rate()' : 'is a gauge')
  if (name.endsWith('_bucket') && !callers.includes('histogram_quantile'))
    say(node, 'is of use to histogram_quantile() only')
}

function checkQuantile(node: SyntaxNode, text: string, say: Say): void {
  const names = inside(node, 'VectorSelector').map((selector) => nameOf(selector, text))
  const areBuckets = names.every((name) => name.endsWith('_bucket'))
  const hasBounds = inside(node, 'GroupingLabels').every((labels) =>
    namesIn(labels, text).includes('le'),
  )
  if (names.length !== 1 || !areBuckets) say(node, 'is not of one histogram')
  if (!hasBounds) say(node, 'has lost its le')
}

function checkGrouping(node: SyntaxNode, text: string, say: Say): void {
  const labels = node.getChild('AggregateModifier')?.getChild('GroupingLabels')
  if (!labels) return
  for (const selector of inside(node, 'VectorSelector')) {
    const known = labelsOfMetric(nameOf(selector, text))
    for (const label of namesIn(labels, text))
      if (!known.includes(label)) say(node, `${nameOf(selector, text)} has no label ${label}`)
  }
}

function metricOf(name: string): MetricDefinition | undefined {
  const definitions: Readonly<Record<string, MetricDefinition>> = catalogue
  const definition = definitions[name]
  if (definition) return definition.type === 'histogram' ? undefined : definition
  const histogram = definitions[name.replace(/_(bucket|sum|count)$/, '')]
  return histogram?.type === 'histogram' ? histogram : undefined
}

function labelsOfMetric(name: string): readonly string[] {
  const labels = metricOf(name)?.labels ?? []
  return name.endsWith('_bucket') ? [...labels, 'le'] : labels
}

function nameOf(selector: SyntaxNode, text: string): string {
  const name = selector.getChild('Identifier')
  return name ? text.slice(name.from, name.to) : ''
}

const namesIn = (node: SyntaxNode, text: string): string[] =>
  inside(node, 'LabelName').map(({ from, to }) => text.slice(from, to))

function functionOf(call: SyntaxNode, text: string): string {
  const name = call.getChild('FunctionIdentifier')
  return name ? text.slice(name.from, name.to) : ''
}

/** Functions around it. */
function callersOf(node: SyntaxNode, text: string): string[] {
  const callers: string[] = []
  for (let above = node.parent; above; above = above.parent)
    if (above.name === 'FunctionCall') callers.push(functionOf(above, text))
  return callers
}

function inside(node: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = []
  node.cursor().iterate((one) => {
    if (one.name === name) found.push(one.node)
  })
  return found
}
