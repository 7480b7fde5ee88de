/** Beginnings of files of many kinds, made by hand, and forms that carry them. */

export const bytesOf = (...pieces: readonly (string | readonly number[] | Uint8Array)[]) => {
  const parts = pieces.map((piece) =>
    typeof piece === 'string' ? new TextEncoder().encode(piece) : Uint8Array.from(piece),
  )
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}

const u16 = (value: number): number[] => [value >> 8, value & 0xff]
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)]
const littleU16 = (value: number): number[] => u16(value).toReversed()

type Size = { readonly width: number; readonly height: number }

export const pngBytes = ({ width, height }: Size, after: string | Uint8Array = '') =>
  bytesOf(
    [0x89],
    'PNG\r\n',
    [0x1a, 0x0a],
    u32(13),
    'IHDR',
    u32(width),
    u32(height),
    [...[8, 6, 0, 0, 0, 0, 0, 0, 0]],
    after,
  )

export const gifBytes = ({ width, height }: Size, after = '') =>
  bytesOf('GIF89a', littleU16(width), littleU16(height), [0, 0, 0], after, [0x3b])

/** @param orientation of EXIF, 1 to 8; absent: none is said. */
export const jpegBytes = ({ width, height }: Size, orientation?: number, before: number = 0) =>
  bytesOf(
    [0xff, 0xd8],
    orientation === undefined ? [] : exif(orientation),
    ...Array.from({ length: before }, () =>
      bytesOf([0xff, 0xe2], u16(60_000), new Uint8Array(59_998)),
    ),
    [0xff, 0xdb],
    u16(67),
    new Uint8Array(65),
    [0xff, 0xc0],
    u16(17),
    [8],
    u16(height),
    u16(width),
    [3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1],
    [0xff, 0xd9],
  )

/** An APP1 segment that says nothing but how the picture is to be turned. */
export const exif = (orientation: number): Uint8Array => {
  const entry = bytesOf(u16(0x0112), u16(3), u32(1), u16(orientation), u16(0))
  const tiff = bytesOf('MM', u16(42), u32(8), u16(1), entry, u32(0))
  return bytesOf([0xff, 0xe1], u16(2 + 6 + tiff.length), 'Exif', [0, 0], tiff)
}

export const webpBytes = ({ width, height }: Size) =>
  bytesOf(
    'RIFF',
    [22, 0, 0, 0],
    'WEBP',
    'VP8X',
    [10, 0, 0, 0, 0, 0, 0, 0],
    [...[(width - 1) & 0xff, (width - 1) >> 8, 0], ...[(height - 1) & 0xff, (height - 1) >> 8, 0]],
  )

export const boxBytes = (...brands: readonly string[]) => {
  const [major = '', ...others] = brands
  return bytesOf(u32(16 + 4 * others.length), 'ftyp', major, [0, 0, 0, 0], ...others)
}

export const avifBytes = ({ width, height }: Size) => {
  const box = (type: string, ...content: readonly (string | readonly number[] | Uint8Array)[]) => {
    const inner = bytesOf(...content)
    return bytesOf(u32(8 + inner.length), type, inner)
  }
  const ispe = box('ispe', u32(0), u32(width), u32(height))
  const meta = box('meta', u32(0), box('iprp', box('ipco', ispe)))
  return bytesOf(boxBytes('avif', 'mif1', 'miaf'), meta)
}

export const zipBytes = (...names: readonly string[]) =>
  bytesOf(
    ...names.map((name) =>
      bytesOf(
        [0x50, 0x4b, 3, 4],
        new Uint8Array(22),
        littleU16(name.length),
        [0, 0],
        name,
        'content',
      ),
    ),
  )

export const html = '<!doctype html><script>document.title = "ran"</script>'
export const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>document.title = "ran"</script></svg>'

export type FormPart = {
  readonly name?: string
  readonly filename?: string
  readonly content: string | Uint8Array
}

/** As a browser writes it. */
export const formBytes = (boundary: string, parts: readonly FormPart[]): Uint8Array =>
  bytesOf(
    ...parts.map(({ name = 'file', filename, content }) => {
      const named = filename === undefined ? '' : `; filename="${filename}"`
      const head = `content-disposition: form-data; name="${name}"${named}`
      return bytesOf(`--${boundary}\r\n${head}\r\ncontent-type: text/html\r\n\r\n`, content, '\r\n')
    }),
    `--${boundary}--\r\n`,
  )
