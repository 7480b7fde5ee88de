/**
 * R2 for plain workerd: miniflare's own simulator, the one behind `wrangler dev`, as services of
 * the configuration. It comes with wrangler, so the two never differ in version.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const miniflare = createRequire(require.resolve('wrangler/package.json')).resolve('miniflare')
const workersDir = join(dirname(miniflare), 'workers')

/** What these workers are written for, whatever ours is. */
const compatibilityDate = '2023-07-24'

export type BucketConfig = {
  /** Items of `services`. */
  readonly services: string[]
  /** Items of the Worker's `bindings`. */
  readonly bindings: string[]
  /** Items of `extensions`. */
  readonly extensions: string[]
}

/** @param embed an `embed` expression for the file at this path */
export function bucketConfig(
  buckets: readonly { binding: string; bucket_name?: string | undefined }[],
  { folder, embed }: { folder: string; embed: (path: string) => string },
): BucketConfig {
  const worker = (path: string) => embed(join(workersDir, path))
  const entries = buckets.map(({ binding, bucket_name }) => ({
    binding,
    service: `bucket-${binding}`,
    bucket: bucket_name ?? binding,
  }))
  return {
    bindings: entries.map(
      ({ binding, service }) => `(name = "${binding}", r2Bucket = "${service}")`,
    ),
    services: [
      `(name = "buckets", disk = (path = ${JSON.stringify(folder)}, writable = true))`,
      `(name = "bucket-objects", worker = (
      compatibilityDate = "${compatibilityDate}",
      compatibilityFlags = ["nodejs_compat", "experimental"],
      modules = [(name = "bucket.worker.js", esModule = ${worker('r2/bucket.worker.js')})],
      durableObjectNamespaces = [(className = "R2BucketObject", uniqueKey = "muster-R2BucketObject")],
      durableObjectStorage = (localDisk = "buckets"),
      bindings = [(name = "MINIFLARE_BLOBS", service = "buckets")],
    ))`,
      ...entries.map(
        ({ service, bucket }) => `(name = "${service}", worker = (
      compatibilityDate = "${compatibilityDate}",
      modules = [(name = "entry.js", esModule = ${worker('shared/object-entry.worker.js')})],
      bindings = [
        (name = "MINIFLARE_NAMESPACE", text = "${bucket}"),
        (name = "MINIFLARE_OBJECT", durableObjectNamespace = (
          className = "R2BucketObject", serviceName = "bucket-objects",
        )),
      ],
    ))`,
      ),
    ],
    extensions: [
      `(modules = [
      (name = "miniflare:shared", esModule = ${worker('shared/index.worker.js')}),
      (name = "miniflare:zod", esModule = ${worker('shared/zod.worker.js')}),
    ])`,
    ],
  }
}
