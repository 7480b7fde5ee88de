/**
 * What the server sent, text to frames (CONN-12). Apart from `codec.ts`, and with types only, so
 * that the page does not carry the schemas.
 */
import type { DownFrame } from './down.ts'

/**
 * Reads one frame, or a batch. The server is trusted for the shape; what is not JSON, or has no
 * `type`, is dropped.
 */
export const decodeDown = (data: unknown): DownFrame[] => {
  if (typeof data !== 'string') return []
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return []
  }
  return (Array.isArray(value) ? value : [value]).filter(isFrame)
}

const isFrame = (value: unknown): value is DownFrame =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
