/**
 * Runs inside workerd, in front of the built Worker: the part of Cloudflare's asset routing that
 * wrangler.toml's `run_worker_first` describes. The same isolate, so it costs no extra hop.
 */
import worker from './worker.js'
import workerFirst from './worker-first.json'

export * from './worker.js'

const positive = rules(workerFirst.filter((pattern) => !pattern.startsWith('!')))
const negative = rules(
  workerFirst.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
)

export default {
  fetch(request, env, context) {
    const { pathname } = new URL(request.url)
    const matches = (list) => list.some((rule) => rule.test(pathname))
    return matches(positive) && !matches(negative)
      ? worker.fetch(request, env, context)
      : env.ASSETS.fetch(request)
  },
}

function rules(patterns) {
  return patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w/]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`)
  })
}
