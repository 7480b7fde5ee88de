/**
 * Decoded frames, shared by every client of a test: a broadcast is the same text for all, so it
 * is parsed once and kept in memory once, however many histories it is part of.
 */
import { decodeDown } from '../../src/protocol/decode-down.ts'
import type { DownFrame } from '../../src/protocol/down.ts'

/** Texts remembered; two hundred clients read the same few broadcasts at any moment. */
const rememberedMax = 256
const remembered = new Map<string, DownFrame[]>()

export function decodeShared(text: string): DownFrame[] {
  const known = remembered.get(text)
  if (known !== undefined) return known
  const frames = decodeDown(text)
  remembered.set(text, frames)
  if (remembered.size > rememberedMax) {
    const [oldest] = remembered.keys()
    if (oldest !== undefined) remembered.delete(oldest)
  }
  return frames
}
