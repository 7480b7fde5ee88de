/** Imports point one way, and the domain is pure: see "The tree" in docs/architecture.md. */
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { violations, type SourceFile } from '../support/imports.ts'

const projectDir = resolve(import.meta.dirname, '../..')

function sourceFiles(): SourceFile[] {
  const paths = globSync(['src/**/*.ts', 'web/src/**/*.{ts,svelte}'], { cwd: projectDir })
  return paths.map((path) => ({ path, source: readFileSync(join(projectDir, path), 'utf8') }))
}

test('the layers import only downwards and the domain is pure', () => {
  const files = sourceFiles()
  expect(files.some((file) => file.path === 'src/worker.ts')).toBe(true)
  expect(violations(files)).toEqual([])
})

describe('control: a planted violation is found', () => {
  const planted: [string, string, string][] = [
    ['src/protocol/up.ts', "import { a } from '../domain/a.ts'", 'imports src/domain'],
    ['src/protocol/up.ts', "import { a } from 'hono'", 'imports hono'],
    ['src/protocol/up.ts', "export * from '../lib/a.ts'", 'imports src/lib'],
    ['src/domain/room/state.ts', "import { a } from '../../database/a.ts'", 'src/database'],
    ['src/domain/a.ts', "import type { a } from '../durable/a.ts'", 'imports src/durable'],
    ['src/domain/a.ts', "import {\n  a,\n  b,\n} from '../http/a.ts'", 'imports src/http'],
    ['src/domain/a.ts', "import { a } from 'cloudflare:workers'", 'uses cloudflare'],
    ['src/domain/a.ts', 'const now = Date.now()', 'uses Date.now'],
    ['src/domain/a.ts', 'const now = new Date()', 'uses new Date()'],
    ['src/domain/a.ts', 'const id = crypto.randomUUID()', 'uses crypto'],
    ['src/domain/a.ts', 'const chance = Math.random()', 'uses Math.random'],
    ['src/domain/a.ts', 'const debug = process.env.DEBUG', 'uses process'],
    ['src/http/a.ts', "import app from '../worker.ts'", 'imports src/worker.ts'],
    ['src/lib/a.ts', "import { a } from '../domain/a.ts'", 'imports src/domain'],
    ['web/src/a.ts', "const a = await import('../../src/domain/a.ts')", 'imports src/domain'],
    ['web/src/sync/a.svelte', "import { a } from '../../../src/http/a.ts'", 'imports src/http'],
    ['src/elsewhere/a.ts', '', 'belongs to no layer'],
  ]
  test.each(planted)('%s: %s', (path, source, message) => {
    expect(violations([{ path, source }])).toEqual([expect.stringContaining(message)])
  })
})

test.each([
  ['src/domain/a.ts', "import type { Up } from '../protocol/up.ts'\nconst at = new Date(now)"],
  ['src/domain/a.ts', '// Date.now() is banned here.\n/* crypto too */'],
  ['src/protocol/up.ts', "import { z } from 'zod'\nimport { a } from './a.ts'"],
  ['src/http/a.ts', "import { room } from '../durable/stubs.ts'"],
  ['web/src/a.ts', "import type { App } from '../../src/worker.ts'\nimport './styles/a.css'"],
])('control: %s may do this', (path, source) => {
  expect(violations([{ path, source }])).toEqual([])
})
