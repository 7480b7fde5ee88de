/**
 * How large a picture is when it is shown, from its first bytes: a page keeps its place before it
 * comes (API-5). Only for types that the content itself proved.
 */
import { GIF } from 'image-size/types/gif'
import { HEIF } from 'image-size/types/heif'
import type { ISize } from 'image-size/types/interface'
import { JPG } from 'image-size/types/jpg'
import { PNG } from 'image-size/types/png'
import { WEBP } from 'image-size/types/webp'

/** Pixels. */
export type Dimensions = { readonly width: number; readonly height: number }

/** HEIC is left out: phones store it in tiles and turned, and hardly a browser shows it. */
const readers: Readonly<Record<string, (bytes: Uint8Array) => ISize>> = {
  'image/avif': (bytes) => HEIF.calculate(bytes),
  'image/gif': (bytes) => GIF.calculate(bytes),
  'image/jpeg': (bytes) => JPG.calculate(bytes),
  'image/png': (bytes) => PNG.calculate(bytes),
  'image/webp': (bytes) => WEBP.calculate(bytes),
}

/** More than any camera has, and than any page has room for. */
const sideMax = 100_000

/** Undefined where it is no picture, or is broken, or does not say. */
export const dimensionsOf = (bytes: Uint8Array, content_type: string): Dimensions | undefined => {
  try {
    // A buffer of its own: the readers do not heed where a view begins in one.
    const size = readers[content_type]?.(bytes.slice())
    if (size === undefined || !isSide(size.width) || !isSide(size.height)) return undefined
    const { width, height } = size
    return isTurned(size.orientation) ? { width: height, height: width } : { width, height }
  } catch {
    return undefined
  }
}

const isSide = (length: number): boolean =>
  Number.isInteger(length) && length > 0 && length <= sideMax

/** EXIF: from 5 on, width and height change places. */
const isTurned = (orientation = 1): boolean => orientation >= 5 && orientation <= 8
