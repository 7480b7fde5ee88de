/** Builds the page in `web/` into `web/dist`, which the Worker serves as static assets. */
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { docsAssets } from './tools/docs-assets.ts'
import { pageIcons } from './tools/page-icons.ts'
import { serviceWorker } from './tools/service-worker.ts'

/** Where `npm start` listens; only `vite dev` forwards to it. */
const server_url = `http://localhost:${process.env['PORT'] ?? '8000'}`

export default defineConfig({
  root: 'web',
  plugins: [svelte(), docsAssets(), pageIcons(), serviceWorker()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': { target: server_url },
      '/ws': { target: server_url, ws: true },
    },
  },
})
