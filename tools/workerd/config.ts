/**
 * workerd's own configuration for the built Worker, made from wrangler.toml: objects with SQLite
 * on disk, buckets, variables, and the page as the ASSETS binding.
 */
import { join, relative } from 'node:path'
import type { Unstable_Config } from 'wrangler'
import { bucketConfig } from './bucket.ts'

export type WorkerdConfigOptions = {
  wrangler: Unstable_Config
  /** The folder that the configuration will lie in; it embeds files relative to it. */
  folder: string
  mainModule: string
  pageDir: string
  objectsDir: string
  bucketsDir: string
  port: number
  vars: Record<string, string>
}

const runtimeDir = join(import.meta.dirname, 'runtime')

/** Text of a Cap'n Proto file for `workerd serve`. */
export function workerdConfig(options: WorkerdConfigOptions): string {
  const { wrangler } = options
  const objects = wrangler.durable_objects.bindings
  const classes = [...new Set(objects.map((object) => object.class_name))]
  const embed = (path: string) => `embed ${text(relative(options.folder, path))}`
  const buckets = bucketConfig(wrangler.r2_buckets, { folder: options.bucketsDir, embed })
  const compatibility =
    `compatibilityDate = ${text(wrangler.compatibility_date ?? '')},` +
    ` compatibilityFlags = [${wrangler.compatibility_flags.map(text).join(', ')}],`

  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "assets", worker = .assets),
    (name = "page", disk = ${text(options.pageDir)}),
    (name = "objects", disk = (path = ${text(options.objectsDir)}, writable = true)),
    (name = "internet", network = (
      allow = ["public", "private", "local"],
      tlsOptions = (trustBrowserCas = true),
    )),
    ${list(buckets.services)}
  ],
  extensions = [
    ${list(buckets.extensions)}
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:${options.port}", http = (), service = "main"),
  ],
);

const main :Workerd.Worker = (
  modules = [
    (name = "entry.js", esModule = ${embed(join(runtimeDir, 'entry.js'))}),
    (name = "worker.js", esModule = ${embed(options.mainModule)}),
    (name = "worker-first.json", json = ${text(JSON.stringify(workerFirst(wrangler)))}),
  ],
  ${compatibility}
  bindings = [
    ${list([
      ...objects.map(
        ({ name, class_name }) =>
          `(name = ${text(name)}, durableObjectNamespace = ${text(class_name)})`,
      ),
      ...Object.entries(options.vars).map(
        ([name, value]) => `(name = ${text(name)}, text = ${text(value)})`,
      ),
      ...buckets.bindings,
      `(name = "ASSETS", service = "assets")`,
    ])}
  ],
  durableObjectNamespaces = [
    ${list(
      classes.map(
        (name) =>
          `(className = ${text(name)}, uniqueKey = ${text(`muster-${name}`)}, enableSql = true)`,
      ),
    )}
  ],
  durableObjectStorage = (localDisk = "objects"),
);

const assets :Workerd.Worker = (
  modules = [(name = "assets.js", esModule = ${embed(join(runtimeDir, 'assets.js'))})],
  ${compatibility}
  bindings = [(name = "PAGE", service = "page")],
);
`
}

function workerFirst(wrangler: Unstable_Config): string[] {
  const rules = wrangler.assets?.run_worker_first ?? false
  return typeof rules === 'boolean' ? (rules ? ['/*'] : []) : rules
}

function list(items: string[]): string {
  return items.map((item) => `${item},`).join('\n    ')
}

/** A Cap'n Proto text literal. */
function text(value: string): string {
  return JSON.stringify(value)
}
