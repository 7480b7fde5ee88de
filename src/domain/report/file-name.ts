/** The name under which a browser keeps a report. */

const titleMaxLength = 60

/** `incident-0198d7f0-r58.md` */
export const plainFileName = (room_id: string, revision: number): string =>
  `incident-${room_id.slice(0, 8)}-r${revision}.md`

/** The same with the room's title, in any script, without what file systems or readers trip over. */
export const titledFileName = (title: string, room_id: string, revision: number): string => {
  const words = [...title.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-')]
    .slice(0, titleMaxLength)
    .join('')
  const name = words.replaceAll(/^-+|-+$/g, '')
  return name === '' ? plainFileName(room_id, revision) : `${name}-r${revision}.md`
}
