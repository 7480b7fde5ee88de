/** What the operations views say: fetched with them, as only admins need it. */
import type { AlertSeverity } from '../../../src/protocol/alerts.ts'
import type { RangeSeconds } from '../ops/charts.ts'
import type { Verdict } from '../ops/diagnosis.ts'
import type { OpsTab } from '../routing.ts'
import type { Language } from './languages.ts'

const en = {
  admins_only_heading: 'Only for admins',
  admins_only: 'Ask an admin of this deployment to look after it with you.',
  view: 'View',
  tabs: {
    now: 'Live',
    alerts: 'Alerts',
    configuration: 'Configuration',
  } satisfies Record<OpsTab, string>,

  // How fresh it is.
  range: 'Time range',
  ranges: {
    300: '5 min',
    900: '15 min',
    3600: '1 h',
    21600: '6 h',
    86400: '24 h',
  } satisfies Record<RangeSeconds, string>,
  pause: 'Pause',
  resume: 'Resume',
  as_of: (time: string) => `As of ${time}`,
  paused_at: (time: string) => `Paused at ${time}`,
  figures_failed: 'The figures could not be loaded.',
  shown_are_old: (time: string, age: string) => `Shown are those of ${time}, ${age} old.`,
  collectors_silent: (time: string) =>
    `Nothing has reported since ${time}: the charts stand still.`,
  collectors_never: 'Nothing has reported yet. Figures come with the first use.',
  environment: (name: string, version: number) => `${name} · configuration ${version}`,
  not_ready: 'Not ready:',

  // What fires.
  firing_heading: (n: number) => (n === 1 ? '1 alert fires' : `${n} alerts fire`),
  firing_name: 'Alerts that fire',
  nothing_fires: 'Nothing fires',
  nothing_fires_note: (n: number) => `${n} rules are watched.`,
  to_alerts: 'All alerts',
  severity: { warning: 'Warning', critical: 'Critical' } satisfies Record<AlertSeverity, string>,
  since: (time: string, ago: string) => `since ${time} (${ago})`,
  now_at: (figure: string) => `now ${figure}`,
  worst_at: (figure: string) => `worst ${figure}`,
  fires_from: (figure: string) => `fires from ${figure}`,
  runbook: 'Runbook',
  acknowledge: 'Acknowledge',
  acknowledged: (who: string, time: string) => `Acknowledged by ${who} at ${time}`,
  acknowledge_failed: 'It was not acknowledged.',

  // Figures now.
  figures_heading: 'Now',
  figures: {
    messages: 'Messages',
    broadcast: 'Broadcast, p99',
    commit: 'Commit, p99',
    pool_wait: 'Pool wait, p99',
    sockets: 'Sockets',
    rooms: 'Rooms',
    level: 'Degradation',
  },
  level_of: (level: number) => `${level} of 5`,
  nothing_paused: 'nothing left out',
  left_out: (parts: string) => `left out: ${parts}`,
  of_room_and_inbox: (rooms: string, inboxes: string) => `${rooms} room, ${inboxes} inbox`,
  said_and_burst: (said: string, burst: string) => `${said} said, ${burst} burst`,
  not_measured: 'nothing measured',

  // Where the time goes.
  diagnosis_heading: 'Where does the time go?',
  diagnosis_note: 'Of the slowest 1 % of messages, in the last minute.',
  spent: {
    queue_ms: 'Room queue',
    pool_wait_ms: 'Wait for a connection',
    statement_ms: 'Statement',
  },
  verdicts: {
    fine: 'Messages come through quickly.',
    pool_wait:
      'Most time goes into waiting for a connection while statements are quick: the pool is too small.',
    database:
      'Statements themselves are slow, and hold the connections for which others wait: look at the database.',
    both: 'Most time goes into waiting for a connection, but statements are slow, too: look at the database first, then at the pool.',
    room: 'Commits are quick, but messages wait for their turn: one room is too hot.',
    elsewhere:
      'It is slow, and neither the pool nor statements show why: see circuits, the database’s reachability and the logs.',
    unknown: 'Nothing was said in the last minute, so nothing was measured.',
  } satisfies Record<Verdict, string>,
  to_pool: 'Change the pool',
  to_rooms_settings: 'Change how rooms commit',
  hottest: 'Hottest:',

  // Tables.
  pool_heading: 'Pool per gateway shard',
  pool_columns: {
    shard: 'Shard',
    in_use: 'In use',
    idle: 'Idle',
    waiting: 'Waiting',
    overflow: 'Overflow',
    max: 'Max',
    timeouts: 'Timed out',
    rejected: 'Turned away',
  },
  not_used_yet: 'not used yet, or does not answer',
  statements_heading: 'Slow statements',
  statements_note: (slow: string) =>
    `Since each gateway woke; slow is what takes longer than ${slow}.`,
  statements_columns: {
    statement: 'Statement',
    count: 'Count',
    mean: 'Mean',
    max: 'Max',
    slow: 'Slow',
    failed: 'Failed',
  },
  replica: 'replica',
  no_statements: 'No statement has run yet.',
  circuits_heading: 'Circuits',
  circuits_columns: {
    service: 'Service',
    state: 'State',
    since: 'Since',
    next: 'Tried again',
    failed: 'Failed / sent',
  },
  circuit_states: { closed: 'Closed', open: 'Open', half_open: 'Trying' },
  no_circuits: 'No service has been asked yet.',
  rooms_heading: 'Hottest rooms',
  rooms_note: 'Of the last minute.',
  rooms_columns: {
    room: 'Room',
    rate: 'Messages',
    queue: 'Longest wait',
    sockets: 'Sockets',
  },
  no_rooms: 'No room was busy in the last minute.',

  // The view of alerts.
  rules_heading: 'Rules',
  rules_columns: {
    rule: 'Rule',
    state: 'State',
    value: 'Now',
    threshold: 'Fires from',
    clears: 'Ends below',
  },
  rule_states: { ok: 'Calm', pending: 'Pending', firing: 'Firing' },
  for_so_long: (duration: string) => `for ${duration}`,
  rules_failed: 'The alerts could not be loaded.',
  history_heading: 'History',
  history_failed: 'The history could not be loaded.',
  history_empty: 'No alert has fired yet.',
  history_none_match: 'None of these.',
  filter_state: 'Show',
  filter_states: { all: 'All', firing: 'Firing', resolved: 'Ended' },
  filter_rule: 'Rule',
  any_rule: 'Any rule',
  history_columns: {
    alert: 'Alert',
    began: 'Began',
    lasted: 'Lasted',
    worst: 'Worst',
    acknowledged: 'Acknowledged',
  },
  still_firing: 'fires now',
  nobody: 'nobody',
  scroll_table: (heading: string) => `${heading}, as a table`,

  /** Roughly, as one says it. */
  age: ({ days, hours, minutes, seconds }: Age) =>
    days > 0
      ? `${days} d ${hours} h`
      : hours > 0
        ? `${hours} h ${minutes} min`
        : minutes > 0
          ? `${minutes} min`
          : `${seconds} s`,
}

export type Age = {
  readonly days: number
  readonly hours: number
  readonly minutes: number
  readonly seconds: number
}

const zhTw: typeof en = {
  admins_only_heading: '僅限管理員',
  admins_only: '請聯絡此系統的管理員協助處理。',
  view: '檢視',
  tabs: { now: '即時', alerts: '警示', configuration: '設定' },

  range: '時間範圍',
  ranges: { 300: '5 分鐘', 900: '15 分鐘', 3600: '1 小時', 21600: '6 小時', 86400: '24 小時' },
  pause: '暫停',
  resume: '繼續',
  as_of: (time) => `更新於 ${time}`,
  paused_at: (time) => `已暫停於 ${time}`,
  figures_failed: '無法載入數據。',
  shown_are_old: (time, age) => `目前顯示 ${time} 的數據（${age}前）。`,
  collectors_silent: (time) => `自 ${time} 起沒有任何回報，圖表停止更新。`,
  collectors_never: '尚無任何回報，開始使用後即有數據。',
  environment: (name, version) => `${name} · 設定版本 ${version}`,
  not_ready: '尚未就緒：',

  firing_heading: (n) => `${n} 則警示觸發中`,
  firing_name: '觸發中的警示',
  nothing_fires: '沒有警示',
  nothing_fires_note: (n) => `正在監看 ${n} 條規則。`,
  to_alerts: '所有警示',
  severity: { warning: '警告', critical: '嚴重' },
  since: (time, ago) => `自 ${time} 起（${ago}）`,
  now_at: (figure) => `目前 ${figure}`,
  worst_at: (figure) => `最差 ${figure}`,
  fires_from: (figure) => `觸發值 ${figure}`,
  runbook: '處理手冊',
  acknowledge: '確認',
  acknowledged: (who, time) => `${who} 已於 ${time} 確認`,
  acknowledge_failed: '未能確認。',

  figures_heading: '目前狀況',
  figures: {
    messages: '訊息',
    broadcast: '廣播 p99',
    commit: '寫入 p99',
    pool_wait: '等待連線 p99',
    sockets: '連線數',
    rooms: '事件室',
    level: '降級等級',
  },
  level_of: (level) => `${level} / 5`,
  nothing_paused: '所有功能正常',
  left_out: (parts) => `暫停：${parts}`,
  of_room_and_inbox: (rooms, inboxes) => `事件室 ${rooms}、收件匣 ${inboxes}`,
  said_and_burst: (said, burst) => `對話 ${said}、大量 ${burst}`,
  not_measured: '無量測值',

  diagnosis_heading: '時間花在哪裡？',
  diagnosis_note: '最近一分鐘內最慢的 1% 訊息。',
  spent: { queue_ms: '事件室佇列', pool_wait_ms: '等待連線', statement_ms: '執行陳述式' },
  verdicts: {
    fine: '訊息傳遞迅速。',
    pool_wait: '陳述式執行很快，時間多花在等待連線：連線池太小。',
    database: '陳述式本身執行過慢，並佔用其他請求等待的連線：請檢查資料庫。',
    both: '時間多花在等待連線，但陳述式也執行過慢：請先檢查資料庫，再調整連線池。',
    room: '寫入很快，但訊息需排隊等候：某個事件室過於忙碌。',
    elsewhere: '速度緩慢，但連線池與陳述式都看不出原因：請查看斷路器、資料庫連線狀況與記錄檔。',
    unknown: '最近一分鐘沒有訊息，因此沒有量測值。',
  },
  to_pool: '調整連線池',
  to_rooms_settings: '調整事件室的寫入方式',
  hottest: '最忙碌：',

  pool_heading: '各閘道分片的連線池',
  pool_columns: {
    shard: '分片',
    in_use: '使用中',
    idle: '閒置',
    waiting: '等待中',
    overflow: '溢出',
    max: '上限',
    timeouts: '逾時',
    rejected: '遭拒',
  },
  not_used_yet: '尚未使用或沒有回應',
  statements_heading: '慢速陳述式',
  statements_note: (slow) => `自各閘道啟動後累計；超過 ${slow} 即為慢速。`,
  statements_columns: {
    statement: '陳述式',
    count: '次數',
    mean: '平均',
    max: '最長',
    slow: '慢速',
    failed: '失敗',
  },
  replica: '複本',
  no_statements: '尚未執行任何陳述式。',
  circuits_heading: '斷路器',
  circuits_columns: {
    service: '服務',
    state: '狀態',
    since: '開始時間',
    next: '下次嘗試',
    failed: '失敗 / 總數',
  },
  circuit_states: { closed: '正常', open: '斷開', half_open: '嘗試中' },
  no_circuits: '尚未呼叫任何服務。',
  rooms_heading: '最忙碌的事件室',
  rooms_note: '最近一分鐘。',
  rooms_columns: { room: '事件室', rate: '訊息', queue: '最長等待', sockets: '連線數' },
  no_rooms: '最近一分鐘沒有忙碌的事件室。',

  rules_heading: '規則',
  rules_columns: {
    rule: '規則',
    state: '狀態',
    value: '目前',
    threshold: '觸發值',
    clears: '解除值',
  },
  rule_states: { ok: '正常', pending: '觀察中', firing: '觸發中' },
  for_so_long: (duration) => `持續 ${duration}`,
  rules_failed: '無法載入警示。',
  history_heading: '歷史紀錄',
  history_failed: '無法載入歷史紀錄。',
  history_empty: '尚未觸發過任何警示。',
  history_none_match: '沒有符合的警示。',
  filter_state: '顯示',
  filter_states: { all: '全部', firing: '觸發中', resolved: '已結束' },
  filter_rule: '規則',
  any_rule: '所有規則',
  history_columns: {
    alert: '警示',
    began: '開始',
    lasted: '持續',
    worst: '最差',
    acknowledged: '確認者',
  },
  still_firing: '觸發中',
  nobody: '無',
  scroll_table: (heading) => `${heading}（表格）`,

  age: ({ days, hours, minutes, seconds }) =>
    days > 0
      ? `${days} 天 ${hours} 小時`
      : hours > 0
        ? `${hours} 小時 ${minutes} 分鐘`
        : minutes > 0
          ? `${minutes} 分鐘`
          : `${seconds} 秒`,
}

export const opsTexts: Readonly<Record<Language, typeof en>> = { en, 'zh-TW': zhTw }
