/** Tells `cloudflare:workers` which module is under test, so that `exports` has its types. */
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import('../../src/worker.ts')
  }
}

/** Files as text. */
declare module '*?raw' {
  const text: string
  export default text
}
