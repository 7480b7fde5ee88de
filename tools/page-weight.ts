/**
 * How much JavaScript a browser fetches before it shows the page: the scripts that index.html
 * names, and what those import at once. What is fetched later, when it is wanted, does not count.
 */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const distDir = resolve(import.meta.dirname, '../web/dist')

/** Goal P10: on a phone's poor network the page must be there within seconds. */
export const INITIAL_JS_MAX_BYTES = 120_000

/** Of the page in web/dist. @returns bytes, each file gzipped by itself */
export async function initialJsBytes(): Promise<number> {
  const html = await readFile(join(distDir, 'index.html'), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path]) => path ?? '')
  const seen = new Set<string>()
  let bytes = 0
  for (let path = named.pop(); path !== undefined; path = named.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const source = await readFile(join(distDir, path))
    bytes += (await promisify(gzip)(source)).byteLength
    named.push(...staticImportsOf(source.toString(), path))
  }
  return bytes
}

/** Rolldown writes `import{a}from"./b.js"` and `import"./b.js"`; `import("./b.js")` is for later. */
function staticImportsOf(source: string, path: string): string[] {
  return [...source.matchAll(/(?:from|\bimport)\s*["'](\.[^"']+\.js)["']/g)].map(
    ([, specifier]) => new URL(specifier ?? '', `http://page${path}`).pathname,
  )
}
