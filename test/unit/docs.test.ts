/** The documents' links: every file and every heading that one points to is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import markdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import { rules } from '../../src/domain/alerts/rules.ts'

const projectDir = join(import.meta.dirname, '../..')
const folders = ['.', 'docs', 'docs/decisions', 'src/protocol', 'ops']
const documents = folders
  .map((folder) => join(projectDir, folder))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  )
const parser = markdownIt()

/** As GitHub makes them: lower case, no punctuation but dashes and underscores, spaces to dashes. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')

const anchorsOf = (file: string): Set<string> => {
  const tokens = parser.parse(readFileSync(file, 'utf8'), {})
  const headings = tokens.flatMap((token, index) =>
    token.type === 'heading_open' ? [tokens[index + 1]?.children ?? []] : [],
  )
  return new Set(headings.map((parts) => anchorOf(parts.map(({ content }) => content).join(''))))
}

const linksOf = (file: string): string[] =>
  parser
    .parse(readFileSync(file, 'utf8'), {})
    .flatMap((token) => token.children ?? [])
    .flatMap((token) => [token.attrGet('href'), token.attrGet('src')])
    .filter((link) => typeof link === 'string')
    .filter((link) => !/^[a-z]+:/.test(link))

const isBroken = (file: string, link: string): boolean => {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? file : resolve(dirname(file), path)
  if (!existsSync(target)) return true
  return anchor !== undefined && !anchorsOf(target).has(anchor)
}

describe('documents', () => {
  test.each(documents.map((file) => [relative(projectDir, file), file] as const))(
    '%s points to what is there',
    (_, file) => {
      expect(linksOf(file).filter((link) => isBroken(file, link))).toEqual([])
    },
  )

  test.each(rules.map(({ name }) => name))('[OPS-2] the runbook has a paragraph for %s', (name) => {
    const runbook = readFileSync(join(projectDir, 'docs/operations.md'), 'utf8')
    const paragraph = runbook.split(`### Alert: ${name}\n`)[1]?.split('\n#')[0] ?? ''
    for (const part of ['Means', 'People notice', 'Confirm', 'Do', 'Over'])
      expect(paragraph).toContain(`- **${part}**:`)
  })

  test('[OPS-2] the runbook has no paragraph for an alert that there is not', () => {
    const runbook = readFileSync(join(projectDir, 'docs/operations.md'), 'utf8')
    const named = [...runbook.matchAll(/^### Alert: (.*)$/gm)].map((match) => match[1])
    expect(named.toSorted()).toEqual(rules.map(({ name }) => name).toSorted())
  })

  test('a link to what is not there would be found', () => {
    const file = join(projectDir, 'README.md')
    expect(linksOf(file).length).toBeGreaterThan(10)
    expect(isBroken(file, 'docs/operations.md#alert-error_rate')).toBe(false)
    expect(isBroken(file, 'docs/operations.md#alert-nothing')).toBe(true)
    expect(isBroken(file, 'docs/nothing.md')).toBe(true)
  })
})
