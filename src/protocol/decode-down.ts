/**
 * What the server sent, text to frames (CONN-12). Apart from `codec.ts`, and with types only, so
 * that the page does not carry the schemas.
 */
import type { DownFrame } from './down.ts'

/** Reads what a room sent: one frame, or a batch. */
export const decodeDown = (data: unknown): DownFrame[] => decodeFrames<DownFrame>(data)

/** The server is trusted for the shape; what is not JSON, or has no `type`, is dropped. */
export const decodeFrames = <Frame extends { readonly type: string }>(data: unknown): Frame[] => {
  if (typeof data !== 'string') return []
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return []
  }
  return (Array.isArray(value) ? value : [value]).filter(isFrame<Frame>)
}

const isFrame = <Frame>(value: unknown): value is Frame =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
