/** The proxy breaks the right moment only if it reads the protocol right. */
import { expect, test } from 'vitest'
import {
  CommitCalls,
  FrameReader,
  isReadyForQuery,
  STARTUP,
} from '../../support/postgres-frames.ts'

test('messages are found however the stream is cut', () => {
  const stream = Buffer.concat([
    startup('user\0muster\0\0'),
    frame('Q', 'SELECT 1\0'),
    frame('X', ''),
  ])
  for (let size = 1; size <= stream.length; size += 1) {
    const reader = new FrameReader('client')
    const frames = chunksOf(stream, size).flatMap((chunk) => reader.read(chunk))
    expect(frames.map(({ type }) => type)).toEqual([STARTUP, 'Q', 'X'])
    expect(Buffer.concat(frames.map(({ bytes }) => bytes))).toEqual(stream)
  }
})

test('a commit call is its Bind, the first time and every later time', () => {
  const calls = new CommitCalls()
  const isCall = (type: string, body: string) =>
    new FrameReader('server').read(frame(type, body)).some((one) => calls.isCall(one))
  expect(isCall('P', 'commit-room\0CALL commit_room($1, $2)\0')).toBe(false)
  expect(isCall('B', '\0commit-room\0')).toBe(true)
  expect(isCall('B', '\0commit-room\0')).toBe(true)
  expect(isCall('P', 'read-user\0SELECT 1\0')).toBe(false)
  expect(isCall('B', '\0read-user\0')).toBe(false)
  expect(isCall('Q', 'CALL commit_room(1, 2)\0')).toBe(true)
  expect(isCall('Q', 'SELECT 1\0')).toBe(false)
})

test('an answer ends with ReadyForQuery', () => {
  const reader = new FrameReader('server')
  const frames = reader.read(Buffer.concat([frame('C', 'CALL\0'), frame('Z', 'I')]))
  expect(frames.map(isReadyForQuery)).toEqual([false, true])
})

function startup(body: string): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(8 + Buffer.byteLength(body), 0)
  bytes.writeUInt32BE(196_608, 4)
  return Buffer.concat([bytes, Buffer.from(body)])
}

function frame(type: string, body: string): Buffer {
  const header = Buffer.alloc(5)
  header.write(type)
  header.writeUInt32BE(4 + Buffer.byteLength(body), 1)
  return Buffer.concat([header, Buffer.from(body)])
}

function chunksOf(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}
