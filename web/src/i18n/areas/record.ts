/** What a member can see of the record: position, checks. */
const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

export const recordEn = {
  heading: 'Record',
  connection: 'Connection',
  retry_in: (seconds: number) => `Next try in ${seconds} s`,
  position: 'What this page has',
  last_revision: 'Last revision applied',
  last_sequence: 'Last message number',
  held: 'Messages held here',
  outbox: 'Waiting to be sent',
  clock: 'Server clock',
  clock_same: 'as this device',
  clock_ahead: (seconds: number) => `${seconds} s ahead of this device`,
  clock_behind: (seconds: number) => `${seconds} s behind this device`,
  unknown: 'not known yet',
  check: 'Is the record whole?',
  check_now: 'Check now',
  checking: 'The whole record is being checked…',
  unchecked: 'Not checked yet.',
  whole: 'The record is whole',
  not_whole: 'The record is not whole',
  check_failed: 'The check could not be made.',
  state_name: {
    unchecked: 'Record: not checked yet',
    checking: 'Record: being checked',
    whole: 'Record: whole',
    broken: 'Record: not whole',
    failed: 'Record: could not be checked',
  },
  checked_at: (time: string) => `Checked at ${time}`,
  messages_checked: (n: number) =>
    n === 0
      ? 'There are no messages yet.'
      : `Messages 1 to ${n} are all there, without a gap, and say what the record says.`,
  revisions_checked: (n: number) =>
    `${count(n, 'revision', 'revisions')}: each follows from the one before, by its hash.`,
  checkpoints_checked: (n: number) =>
    n === 0
      ? 'There is no checkpoint yet to hold it against.'
      : `It agrees with ${count(n, 'signed checkpoint', 'signed checkpoints')} kept outside the database.`,
  foreign_checkpoints: (n: number) =>
    `${count(n, 'checkpoint was', 'checkpoints were')} signed with another key and could not be used.`,
  receipt_checked: 'It still contains what this device noted at its last check.',
  no_receipt: 'This device had noted nothing before; from now on it knows this state.',
  receipt_refused:
    'The server no longer accepts what this device noted at its last check. Its key may have been changed. Ask those who run Muster.',
  forget_noted: 'Forget it and note the present state',
  page_agrees: 'It contains everything this page has been told.',
  behind_page: (what: string, server: number, page: number) =>
    `The server’s record ends at ${what} ${server}, but this page has already been told of ${page}. The end of the record has been lost.`,
  behind_receipt: (server: number, noted: number) =>
    `The server’s record ends at revision ${server}, but this device noted revision ${noted} at an earlier check. The end of the record has been lost.`,
  other_hash: (revision: number) =>
    `Revision ${revision} is not the one this device noted at an earlier check. The record was made anew.`,
  revision_word: 'revision',
  message_word: 'message',
  damage: {
    revision_missing: 'A revision is missing.',
    revision_unexpected: 'There is a revision where none can be.',
    revision_unlinked: 'A revision does not follow from the one before.',
    revision_altered: 'A revision was changed afterwards.',
    revision_invalid: 'A revision says what Muster never writes.',
    sequence_broken: 'The messages are not numbered without a gap.',
    counter_wrong: 'The room’s own counters do not agree with its last revision.',
    history_rewritten: 'The record is another than the one attested before: it was made anew.',
    tail_cut: 'The end of the record has been cut off.',
    room_altered: 'A field of the room is not what the record says.',
    room_missing: 'The room itself is missing.',
    member_missing: 'A member is missing.',
    member_unexpected: 'There is a member the record does not know.',
    member_altered: 'A member is not what the record says.',
    message_missing: 'A message is missing.',
    message_unexpected: 'There is a message the record does not know.',
    message_altered: 'A message is not what the record says.',
    reaction_missing: 'A reaction is missing.',
    reaction_unexpected: 'There is a reaction the record does not know.',
    reaction_altered: 'A reaction is not what the record says.',
  },
  at_revision: (n: number) => `Revision ${n}`,
  at_message: (n: number) => `Message #${n}`,
  at_field: (name: string) => `Field ${name}`,
  what_now: 'Do not change anything. Tell those who run Muster, with this text:',
  how: 'How is this checked?',
  how_chain:
    'Every change of this room is a numbered revision. Each has a hash made of its content and of the hash before it, so nothing can be changed, added or taken out without breaking the chain.',
  how_tables:
    'The server computes all hashes anew and holds every message, reaction, member and field against the revisions.',
  how_outside:
    'Somebody who rewrote everything would be found by the checkpoints, which are kept outside the database and signed, and by what this device noted: the number and hash of the last revision at its last check.',
  how_limits:
    'This does not show whether what people wrote is true, and the server checks itself. For a check without it there is a command for those who run Muster.',
  history: 'Checks in this session',
}

export const recordZhTw: typeof recordEn = {
  heading: '紀錄',
  connection: '連線',
  retry_in: (seconds) => `${seconds} 秒後重試`,
  position: '此頁面目前的進度',
  last_revision: '已套用的最後修訂',
  last_sequence: '最後一則訊息編號',
  held: '此頁面保有的訊息',
  outbox: '等待送出',
  clock: '伺服器時鐘',
  clock_same: '與此裝置相同',
  clock_ahead: (seconds) => `比此裝置快 ${seconds} 秒`,
  clock_behind: (seconds) => `比此裝置慢 ${seconds} 秒`,
  unknown: '尚未得知',
  check: '紀錄是否完整？',
  check_now: '立即查驗',
  checking: '正在查驗整份紀錄…',
  unchecked: '尚未查驗。',
  whole: '紀錄完整',
  not_whole: '紀錄不完整',
  check_failed: '無法完成查驗。',
  state_name: {
    unchecked: '紀錄：尚未查驗',
    checking: '紀錄：查驗中',
    whole: '紀錄：完整',
    broken: '紀錄：不完整',
    failed: '紀錄：無法查驗',
  },
  checked_at: (time) => `查驗時間 ${time}`,
  messages_checked: (n) =>
    n === 0 ? '還沒有訊息。' : `第 1 到第 ${n} 則訊息全部都在、沒有缺號，內容與紀錄一致。`,
  revisions_checked: (n) => `共 ${n} 筆修訂，每一筆都以雜湊值與前一筆相連。`,
  checkpoints_checked: (n) =>
    n === 0 ? '還沒有可比對的檢查點。' : `與資料庫之外保存的 ${n} 個簽章檢查點一致。`,
  foreign_checkpoints: (n) => `有 ${n} 個檢查點以其他金鑰簽署，無法採用。`,
  receipt_checked: '仍包含此裝置上次查驗時記下的內容。',
  no_receipt: '此裝置先前沒有記錄可比對，從現在起會記住目前的狀態。',
  receipt_refused:
    '伺服器不再接受此裝置上次查驗時記下的憑據，金鑰可能已更換。請洽 Muster 的維運人員。',
  forget_noted: '捨棄舊憑據並記住目前狀態',
  page_agrees: '包含此頁面收到過的所有內容。',
  behind_page: (what, server, page) =>
    `伺服器的紀錄只到${what} ${server}，但此頁面已收到 ${page}。紀錄的結尾遺失了。`,
  behind_receipt: (server, noted) =>
    `伺服器的紀錄只到修訂 ${server}，但此裝置先前查驗時已記下修訂 ${noted}。紀錄的結尾遺失了。`,
  other_hash: (revision) => `修訂 ${revision} 與此裝置先前查驗時記下的不同。紀錄被重新製作過。`,
  revision_word: '修訂',
  message_word: '訊息',
  damage: {
    revision_missing: '缺少一筆修訂。',
    revision_unexpected: '出現不應存在的修訂。',
    revision_unlinked: '有一筆修訂無法與前一筆相連。',
    revision_altered: '有一筆修訂事後遭到更動。',
    revision_invalid: '有一筆修訂的內容不可能由 Muster 寫入。',
    sequence_broken: '訊息編號有缺漏。',
    counter_wrong: '事件室的計數與最後一筆修訂不符。',
    history_rewritten: '紀錄與先前驗證過的不同：它被重新製作過。',
    tail_cut: '紀錄的結尾被截斷。',
    room_altered: '事件室的某個欄位與紀錄不符。',
    room_missing: '事件室本身遺失。',
    member_missing: '缺少一位成員。',
    member_unexpected: '出現紀錄中沒有的成員。',
    member_altered: '有一位成員與紀錄不符。',
    message_missing: '缺少一則訊息。',
    message_unexpected: '出現紀錄中沒有的訊息。',
    message_altered: '有一則訊息與紀錄不符。',
    reaction_missing: '缺少一個回應表情。',
    reaction_unexpected: '出現紀錄中沒有的回應表情。',
    reaction_altered: '有一個回應表情與紀錄不符。',
  },
  at_revision: (n) => `修訂 ${n}`,
  at_message: (n) => `訊息 #${n}`,
  at_field: (name) => `欄位 ${name}`,
  what_now: '請勿更動任何內容，並將以下文字告知 Muster 的維運人員：',
  how: '如何查驗？',
  how_chain:
    '事件室的每一次變更都是一筆有編號的修訂，其雜湊值由內容與前一筆的雜湊值算出，因此任何更改、增加或刪除都會使鏈結斷裂。',
  how_tables: '伺服器會重新計算所有雜湊值，並將每則訊息、回應表情、成員與欄位逐一與修訂比對。',
  how_outside:
    '即使有人重寫了全部內容，也會被存放在資料庫之外的簽章檢查點，以及此裝置上次查驗時記下的最後修訂編號與雜湊值揭穿。',
  how_limits:
    '這無法證明人們所寫的是否屬實，而且是由伺服器自我查驗。維運人員另有不需透過伺服器的查驗指令。',
  history: '本次使用期間的查驗',
}
