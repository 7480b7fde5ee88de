/** What the layers of the source may import, and which words the pure one may not contain. */
import { posix } from 'node:path'

export type SourceFile = { path: string; source: string }

/** Layers by folder, each with the layers it may import besides itself. */
const mayImport: Record<string, string[]> = {
  'src/protocol': [],
  'src/lib': ['src/protocol'],
  'src/domain': ['src/protocol', 'src/lib'],
  // These sit side by side on top of the domain and know each other.
  'src/database': ['shell'],
  'src/durable': ['shell'],
  'src/files': ['shell'],
  'src/http': ['shell'],
  'src/channels': ['shell'],
  'src/identity': ['shell'],
  'src/telemetry': ['shell'],
  'src/env.ts': ['shell'],
  'src/worker.ts': ['shell'],
  'web/src': ['src/protocol'],
}
const shell = [
  ...['src/protocol', 'src/lib', 'src/domain', 'src/database', 'src/durable'],
  ...['src/files', 'src/http'],
  ...['src/channels', 'src/identity', 'src/telemetry', 'src/env.ts'],
]

/** Time, chance and the platform come into the domain as inputs. */
const bannedInDomain: [string, RegExp][] = [
  ['Date.now', /\bDate\.now\b/],
  ['new Date()', /\bnew Date\(\s*\)/],
  ['performance', /\bperformance\./],
  ['Math.random', /\bMath\.random\b/],
  ['crypto', /\bcrypto\b/],
  ['cloudflare', /['"]cloudflare:/],
  ['node', /['"]node:/],
  ['process', /\bprocess\./],
  ['timers', /\b(setTimeout|setInterval|queueMicrotask)\b/],
  ['fetch', /\bfetch\(/],
  ['await', /\bawait\b/],
]

const importPattern =
  /\b(?:(import|export)\s+(type\s)?[^'"`;()]*?\bfrom\s*|import\s*\(\s*|import\s+)['"]([^'"]+)['"]/g

/** One line per violation: "path: what it must not". */
export function violations(files: SourceFile[]): string[] {
  return files.flatMap((file) => [...importViolations(file), ...wordViolations(file)])
}

function importViolations(file: SourceFile): string[] {
  const layer = layerOf(file.path)
  if (layer === undefined) return [`${file.path}: belongs to no layer`]
  const allowed = (mayImport[layer] ?? []).flatMap((name) => (name === 'shell' ? shell : [name]))

  return [...withoutComments(file.source).matchAll(importPattern)].flatMap((match) => {
    const [, , isType, specifier = ''] = match
    if (!specifier.startsWith('.')) {
      const foreign = layer === 'src/protocol' && !/^zod($|\/)/.test(specifier)
      return foreign ? [`${file.path}: imports ${specifier}; the wire imports only zod`] : []
    }
    const target = layerOf(posix.join(posix.dirname(file.path), specifier))
    if (target === layer || (target !== undefined && allowed.includes(target))) return []
    // The page may know the types of the app, which leave nothing in the bundle.
    if (layer === 'web/src' && isType !== undefined) return []
    // Styles, images and the like beside the source.
    if (target === undefined && layer === 'web/src' && !specifier.includes('src/')) return []
    return [`${file.path}: imports ${target ?? specifier}`]
  })
}

function wordViolations(file: SourceFile): string[] {
  if (layerOf(file.path) !== 'src/domain') return []
  const code = withoutComments(file.source)
  return bannedInDomain.flatMap(([name, pattern]) =>
    pattern.test(code) ? [`${file.path}: uses ${name}; it must come in as an input`] : [],
  )
}

function layerOf(path: string): string | undefined {
  return Object.keys(mayImport).find((layer) => path === layer || path.startsWith(`${layer}/`))
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')
}
