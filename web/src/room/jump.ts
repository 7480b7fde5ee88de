/** Brings a message that is held into view and shows which one it is. */

export const messageElementId = (message_id: string): string => `message-${message_id}`

/** False when it is not on the page. */
export const jumpToMessage = (message_id: string): boolean => {
  const element = document.getElementById(messageElementId(message_id))
  if (element === null) return false
  element.scrollIntoView({ block: 'center' })
  element.focus({ preventScroll: true })
  element.animate([{ backgroundColor: 'var(--accent-soft)' }, {}], {
    duration: 1_600,
    easing: 'ease-in',
  })
  return true
}
