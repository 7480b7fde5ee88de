/** Where a message stands in the document. */

export const messageElementId = (message_id: string): string => `message-${message_id}`
