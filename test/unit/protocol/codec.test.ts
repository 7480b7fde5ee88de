import { describe, expect, test } from 'vitest'
import { decodeUp, encode, joinBatch } from '../../../src/protocol/codec.ts'
import { decodeDown } from '../../../src/protocol/decode-down.ts'
import { DownFrame } from '../../../src/protocol/down.ts'
import { CONTENT_MAX_LENGTH, FRAME_MAX_BYTES } from '../../../src/protocol/limits.ts'
import { UpFrame } from '../../../src/protocol/up.ts'
import { downFrames, nameOf, upFrames } from './samples.ts'
import { frameNames } from './schema-names.ts'

const message = (content: string): string => JSON.stringify({ type: 'message', content })

const padded = (padding: string): string => `{"type":"ping","x":"${padding}"}`

/** The content that arrives, or undefined where the frame is refused. */
const arriving = (data: string): string | undefined => {
  const decoded = decodeUp(data)
  return decoded.ok && decoded.frame.type === 'message' && decoded.frame.message_type === 'text'
    ? decoded.frame.content
    : undefined
}

describe('round trips', () => {
  test('there is a sample of every frame', () => {
    expect(upFrames.map(nameOf).toSorted()).toEqual(frameNames(UpFrame).toSorted())
    expect(downFrames.map(nameOf).toSorted()).toEqual(frameNames(DownFrame).toSorted())
  })

  test.each(upFrames.map((frame) => [nameOf(frame), frame] as const))('up: %s', (_, frame) => {
    expect(decodeUp(JSON.stringify(frame))).toEqual({ ok: true, frame })
  })

  test.each(downFrames.map((frame) => [nameOf(frame), frame] as const))('down: %s', (_, frame) => {
    expect(decodeDown(encode(frame))).toEqual([frame])
    expect(DownFrame.parse(JSON.parse(encode(frame)))).toEqual(frame)
  })

  test('[CONN-12] a batch is an array in order, and a single frame is none', () => {
    expect(decodeDown(joinBatch(downFrames.map(encode)))).toEqual(downFrames)
  })

  test('the page drops what is no frame', () => {
    for (const data of ['{', '7', 'null', '{"type":7}', new ArrayBuffer(1)])
      expect(decodeDown(data)).toEqual([])
    expect(decodeDown('[{"type":"ping"},null]')).toEqual([{ type: 'ping' }])
  })
})

describe('defaults and unknown fields', () => {
  test('[MSG-1] a message needs its content only', () => {
    expect(decodeUp(message('x'))).toEqual({
      ok: true,
      frame: { type: 'message', content: 'x', message_type: 'text', mentions: [], reply_to: null },
    })
  })

  test('what is not in the schema is left out', () => {
    const data = '{"type":"ping","__proto__":{"polluted":true},"constructor":1,"x":2}'
    expect(decodeUp(data)).toEqual({ ok: true, frame: { type: 'ping' } })
    expect('polluted' in {}).toBe(false)
  })
})

describe('[MSG-12] text', () => {
  test('every Unicode scalar value but NUL arrives as it was sent', () => {
    const perFrame = CONTENT_MAX_LENGTH / 2 - 1
    let content = 'x'
    let count = 0
    const check = () => {
      expect(arriving(message(content)) === content).toBe(true)
      content = 'x'
      count = 0
    }
    for (let scalar = 1; scalar <= 0x10ffff; scalar += 1) {
      if (scalar >= 0xd800 && scalar <= 0xdfff) continue
      content += String.fromCodePoint(scalar)
      count += 1
      if (count === perFrame) check()
    }
    check()
  })

  test('NUL and every lone surrogate are refused with a clear error, raw or escaped', () => {
    const refused = ['\u0000', ...range(0xd800, 0xdfff).map((unit) => String.fromCharCode(unit))]
    for (const unit of refused) {
      for (const data of [message(`a${unit}b`), `{"type":"message","content":"a${unit}b"}`]) {
        const decoded = decodeUp(data)
        expect(decoded.ok).toBe(false)
        if (!decoded.ok) expect(decoded.refusal.code).toBe('bad_request')
      }
    }
    const decoded = decodeUp(message('a\ud800b'))
    expect(decoded).toMatchObject({
      refusal: { message: 'content: must not contain NUL or a lone surrogate' },
    })
  })

  test.each([
    ['a family of emoji', '👩‍👩‍👧‍👦'],
    ['right to left', 'مرحبا بالعالم'],
    ['Chinese', '三號線停機'],
    ['not normalised', 'e\u0301 \u212b'],
    ['controls', 'a\tb\nc\u0007\u200f\ufeff'],
  ])('%s is kept byte for byte', (_, content) => {
    expect(arriving(message(content))).toBe(content)
  })

  test.each([
    ['empty', ''],
    ['blank', ' \n\u3000'],
    ['too long', 'x'.repeat(CONTENT_MAX_LENGTH + 1)],
  ])('%s is refused', (_, content) => {
    expect(arriving(message(content))).toBeUndefined()
  })

  test('the longest fits into a frame in any escaping', () => {
    const escaped = '\\u4e09'.repeat(CONTENT_MAX_LENGTH)
    expect(arriving(`{"type":"message","content":"${escaped}"}`)).toHaveLength(CONTENT_MAX_LENGTH)
    expect(arriving(message('三'.repeat(CONTENT_MAX_LENGTH)))).toHaveLength(CONTENT_MAX_LENGTH)
  })
})

describe('[CONN-11] the size of a frame', () => {
  const overhead = padded('').length

  test.each([
    ['one byte each', 'x', 1],
    ['three bytes each', '三', 3],
    ['four bytes each', '🎉', 4],
  ])('is counted in bytes: %s', (_, letter, bytes) => {
    const fitting = Math.floor((FRAME_MAX_BYTES - overhead) / bytes)
    expect(decodeUp(padded(letter.repeat(fitting))).ok).toBe(true)
    expect(decodeUp(padded(letter.repeat(fitting + 1)))).toMatchObject({
      ok: false,
      refusal: { code: 'too_large' },
    })
  })
})

describe('[CONN-11] the reference of a refused frame', () => {
  test.each([
    [{ type: 'x', ref: 'r', client_message_id: 'c' }, 'r'],
    [{ type: 'x', client_message_id: 'c' }, 'c'],
    [{ type: 'x', ref: 7, client_message_id: 'c' }, 'c'],
    [{ type: 'x', ref: 'r'.repeat(129) }, undefined],
    [{ type: 'x' }, undefined],
    [['ref'], undefined],
  ])('of %j is %j', (frame, ref) => {
    expect(decodeUp(JSON.stringify(frame))).toMatchObject({ ok: false, ref })
  })
})

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
