/** The list of messages: unread, history, places in it. */
export const timelineEn = {
  unread_line: 'New',
  newer_failed: 'Later messages could not be loaded.',
  unopened: 'The messages could not be loaded. The server does not answer.',
  unopened_offline: 'The messages could not be loaded: you are offline.',
  going: 'Going to the message…',
  going_failed: 'The message could not be loaded.',
  missing: 'There is no such message in this room.',
  go_to_quoted: 'Go to the message this answers',
}

export const timelineZhTw: typeof timelineEn = {
  unread_line: '新訊息',
  newer_failed: '無法載入後面的訊息。',
  unopened: '無法載入訊息，伺服器沒有回應。',
  unopened_offline: '無法載入訊息，目前沒有網路。',
  going: '正在前往該則訊息…',
  going_failed: '無法載入該則訊息。',
  missing: '這個事件室裡沒有這則訊息。',
  go_to_quoted: '前往被回覆的訊息',
}
