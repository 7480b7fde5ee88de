/** Tells `cloudflare:workers` which module is under test, so that `exports` has its types. */
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import('../../src/worker.ts')
  }
}
