/**
 * Where a picture stands that is zoomed and moved about: a scale of its fitted size, and how far
 * its middle is from the middle of the screen. Pure; all in CSS pixels.
 */

export type Zoom = { readonly scale: number; readonly x: number; readonly y: number }
export type Point = { readonly x: number; readonly y: number }
export type Size = { readonly width: number; readonly height: number }
export type Frame = { readonly picture: Size; readonly screen: Size }

export const FITTED: Zoom = { scale: 1, x: 0, y: 0 }

/** Enough to read a label on a photo of a whole cabinet. */
export const SCALE_MAX = 10

/** The size at which the whole picture is seen; small ones are not blown up. */
export const fittedSize = ({ picture, screen }: Frame): Size => {
  const scale = Math.min(1, screen.width / picture.width, screen.height / picture.height)
  return { width: picture.width * scale, height: picture.height * scale }
}

/** @param point from the middle of the screen; what is there stays there */
export const zoomAt = (zoom: Zoom, factor: number, point: Point, frame: Frame): Zoom => {
  const scale = Math.min(SCALE_MAX, Math.max(1, zoom.scale * factor))
  const by = scale / zoom.scale
  return held(
    { scale, x: point.x - (point.x - zoom.x) * by, y: point.y - (point.y - zoom.y) * by },
    frame,
  )
}

export const movedBy = (zoom: Zoom, by: Point, frame: Frame): Zoom =>
  held({ ...zoom, x: zoom.x + by.x, y: zoom.y + by.y }, frame)

/** Never so far that its edge leaves a gap which it could fill. */
const held = ({ scale, x, y }: Zoom, frame: Frame): Zoom => {
  const { width, height } = fittedSize(frame)
  const max_x = Math.max(0, (width * scale - frame.screen.width) / 2)
  const max_y = Math.max(0, (height * scale - frame.screen.height) / 2)
  return { scale, x: clamp(x, max_x), y: clamp(y, max_y) }
}

const clamp = (value: number, max: number): number => Math.min(max, Math.max(-max, value)) + 0
