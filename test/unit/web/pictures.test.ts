import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isPictureFile,
  isPictureMessage,
  pictureBox,
  picturesAround,
  PICTURE_MAX_HEIGHT_PX,
  type PictureMessage,
} from '../../../web/src/pictures/pictures.ts'
import { FITTED, fittedSize, movedBy, SCALE_MAX, zoomAt } from '../../../web/src/pictures/zoom.ts'
import { aMessage, at } from './builders.ts'

const file = {
  file_id: 'file-1',
  name: 'seal.jpg',
  size: 1_000,
  content_type: 'image/jpeg',
  width: 4_000,
  height: 3_000,
}
const picture = (n: number): PictureMessage => ({
  ...aMessage(n, { message_type: 'image_ref' }),
  file,
})

test('[API-5] a picture is what has a known size; its box is never taller than allowed', () => {
  expect(isPictureFile(file)).toBe(true)
  expect(isPictureFile({ ...file, width: null, height: null })).toBe(false)
  expect(isPictureFile({ ...file, content_type: 'video/mp4' })).toBe(false)
  expect(pictureBox(file)).toEqual({ width: 427, height: PICTURE_MAX_HEIGHT_PX })
  expect(pictureBox({ ...file, width: 2, height: 1 })).toEqual({ width: 2, height: 1 })
})

test("[WEB-3] the viewer goes through the room's pictures, without those deleted", () => {
  const deleted = { ...picture(2), deleted_at: at }
  const held = [picture(1), deleted, aMessage(3), picture(4)]
  const ids = picturesAround(picture(1), held).map(({ message_id }) => message_id)
  expect(ids).toEqual(['message-1', 'message-4'])
  expect(isPictureMessage(deleted)).toBe(false)
  expect(picturesAround(picture(9), held)).toEqual([picture(9)])
})

const frame = { picture: { width: 4_000, height: 3_000 }, screen: { width: 400, height: 600 } }

test('[WEB-3] a picture is fitted to the screen, and a small one not blown up', () => {
  expect(fittedSize(frame)).toEqual({ width: 400, height: 300 })
  expect(fittedSize({ ...frame, picture: { width: 20, height: 10 } })).toEqual({
    width: 20,
    height: 10,
  })
})

test('[WEB-3] what is under the finger stays there while zooming', () => {
  const zoom = zoomAt(FITTED, 4, { x: 100, y: 0 }, frame)
  expect(zoom).toEqual({ scale: 4, x: -300, y: 0 })
  expect(zoomAt(zoom, 1 / 4, { x: 50, y: 10 }, frame)).toEqual(FITTED)
})

test('[WEB-3] however it is zoomed and moved, no gap opens that it could fill', () => {
  const point = fc.record({
    x: fc.integer({ min: -300, max: 300 }),
    y: fc.integer({ min: -300, max: 300 }),
  })
  const act = fc.record({ factor: fc.double({ min: 0.2, max: 5, noNaN: true }), point, by: point })
  fc.assert(
    fc.property(fc.array(act), (acts) => {
      let zoom = FITTED
      const { width, height } = fittedSize(frame)
      for (const { factor, point: center, by } of acts) {
        zoom = movedBy(zoomAt(zoom, factor, center, frame), by, frame)
        expect(zoom.scale).toBeGreaterThanOrEqual(1)
        expect(zoom.scale).toBeLessThanOrEqual(SCALE_MAX)
        const limit = (size: number, screen: number) =>
          Math.max(0, (size * zoom.scale - screen) / 2)
        expect(Math.abs(zoom.x)).toBeLessThanOrEqual(limit(width, 400) + 1e-6)
        expect(Math.abs(zoom.y)).toBeLessThanOrEqual(limit(height, 600) + 1e-6)
      }
    }),
  )
})
