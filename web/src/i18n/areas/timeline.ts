/** The list of messages: unread, history, places in it. */
export const timelineEn = {}

export const timelineZhTw: typeof timelineEn = {}
