/**
 * Draws the page's icons from its one drawing, `web/public/favicon.svg`, as a step of the page's
 * build: what is generated is not committed. `web/public/manifest.webmanifest` names them.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import sharp from 'sharp'
import type { Plugin } from 'vite'

const drawing = resolve(import.meta.dirname, '../web/public/favicon.svg')

/** The drawing's own ground, which a maskable icon continues to its edges. */
const ground = '#0f5c66'

/** A mask may cut away all but the inner 80 %; the letter stays well inside that. */
const MASK_SAFE_FRACTION = 0.7

/** Platforms show a badge as its opaque part in one colour: the letter, without its ground. */
const BADGE_PX = 96

export const pageIcons = (): Plugin => ({
  name: 'muster-page-icons',
  apply: 'build',
  async generateBundle() {
    const svg = await readFile(drawing, 'utf8')
    const icons = {
      'icon-192.png': plain(svg, 192),
      'icon-512.png': plain(svg, 512),
      'icon-maskable-192.png': onGround(svg, 192),
      'icon-maskable-512.png': onGround(svg, 512),
      // iOS rounds the corners itself and shows black where there is nothing.
      'apple-touch-icon.png': onGround(svg, 180),
      'badge-96.png': plain(svg.replace(/<rect[^>]*>/, ''), BADGE_PX),
    }
    for (const [fileName, drawn] of Object.entries(icons))
      this.emitFile({ type: 'asset', fileName, source: await drawn })
  },
})

/** The drawing is 32 units wide; 72 dots per inch would make it 32 pixels. */
const drawn = (svg: string, px: number) =>
  sharp(Buffer.from(svg), { density: (72 * px) / 32 }).resize(px, px)

const plain = (svg: string, px: number): Promise<Buffer> => drawn(svg, px).png().toBuffer()

const onGround = async (svg: string, px: number): Promise<Buffer> => {
  const inner_px = Math.round(px * MASK_SAFE_FRACTION)
  const before_px = Math.floor((px - inner_px) / 2)
  const after_px = px - inner_px - before_px
  return drawn(svg, inner_px)
    .flatten({ background: ground })
    .extend({
      top: before_px,
      left: before_px,
      bottom: after_px,
      right: after_px,
      background: ground,
    })
    .png()
    .toBuffer()
}
