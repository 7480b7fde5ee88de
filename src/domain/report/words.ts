/**
 * The words of a report that are ours, in the languages of the page. Arguments are Markdown
 * already: what people wrote comes escaped.
 */
import type { Role } from '../../protocol/member.ts'
import type { IncidentType, RoomStatus, Severity } from '../../protocol/room.ts'

export const reportLanguages = ['en', 'zh-TW'] as const
export type ReportLanguage = (typeof reportLanguages)[number]

export type ReportWords = {
  readonly title: string
  readonly as_of: (room_id: string, revision: number, hash: string) => string
  readonly times_in: (zone: string) => string
  readonly range: (from: string | null, to: string | null) => string
  readonly sections: {
    readonly summary: string
    readonly people: string
    readonly timeline: string
    readonly readings: string
    readonly all_readings: string
    readonly attachments: string
    readonly transcript: string
  }
  readonly none: string
  readonly fields: {
    readonly type: string
    readonly severity: string
    readonly status: string
    readonly location: string
    readonly lots: string
    readonly description: string
    readonly opened: string
    readonly resolved: string
    readonly archived: string
    readonly duration: string
    readonly messages: string
    readonly title: string
  }
  readonly still_open: string
  readonly message_counts: (counts: {
    readonly messages: number
    readonly edited: number
    readonly deleted: number
    readonly readings: number
    readonly attachments: number
    readonly first_sequence: number
    readonly last_sequence: number
  }) => string
  readonly incident_type: Record<IncidentType, string>
  readonly severity: Record<Severity, string>
  readonly status: Record<RoomStatus, string>
  readonly role: Record<Role, string>
  readonly left: string
  readonly no_member: string
  readonly people_head: readonly string[]
  readonly opened_by: (actor: string) => string
  readonly changed: (actor: string, changes: readonly (readonly [string, string])[]) => string
  readonly added: (actor: string, subject: string, role: string) => string
  readonly role_changed: (actor: string, subject: string, role: string) => string
  readonly removed: (actor: string, subject: string) => string
  readonly left_by_self: (subject: string) => string
  readonly pinned: (actor: string) => string
  readonly fields_head: readonly string[]
  readonly readings_head: readonly string[]
  readonly others: string
  readonly fields_left_out: (maximum: number) => string
  readonly attachments_head: readonly string[]
  readonly edited: string
  readonly deleted: string
  readonly colon: string
  readonly end: (totals: {
    readonly revision: number
    readonly people: number
    readonly timeline: number
    readonly readings: number
    readonly attachments: number
    readonly messages: number
    readonly transcript: number | null
  }) => string
}

const english: ReportWords = {
  title: 'Incident report',
  as_of: (room_id, revision, hash) =>
    `Room \`${room_id}\` as of revision ${revision}, hash \`${hash}\`.`,
  times_in: (zone) => `Times are those of ${zone}.`,
  range: (from, to) =>
    from === null && to === null
      ? 'The whole time of the room.'
      : `From ${from ?? 'the beginning'}${to === null ? ' on' : ` until before ${to}`}.`,
  sections: {
    summary: 'Summary',
    people: 'People',
    timeline: 'Timeline',
    readings: 'Readings',
    all_readings: 'All readings',
    attachments: 'Attachments',
    transcript: 'Transcript',
  },
  none: 'None.',
  fields: {
    type: 'Type',
    severity: 'Severity',
    status: 'Status',
    location: 'Location',
    lots: 'Lots',
    description: 'Description',
    opened: 'Opened',
    resolved: 'Resolved',
    archived: 'Archived',
    duration: 'Duration',
    messages: 'Messages',
    title: 'Title',
  },
  still_open: 'still open',
  message_counts: (counts) =>
    `${counts.messages}${counts.messages === 0 ? '' : ` (#${counts.first_sequence} to #${counts.last_sequence})`}, of them ` +
    `${counts.edited} edited, ${counts.deleted} deleted, ${counts.readings} readings, ${counts.attachments} attachments`,
  incident_type: {
    equipment_failure: 'equipment failure',
    material_shortage: 'material shortage',
    quality_issue: 'quality issue',
    other: 'other',
  },
  severity: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  status: { active: 'active', resolved: 'resolved', archived: 'archived' },
  role: { owner: 'owner', editor: 'editor', viewer: 'viewer' },
  left: 'left',
  no_member: 'no member',
  people_head: ['Name', 'Id', 'Role', 'Messages', 'First', 'Last'],
  opened_by: (actor) => `${actor} opened the room`,
  changed: (actor, changes) =>
    `${actor} changed ${changes.map(([field, value]) => `${field.toLowerCase()} to ${value}`).join(', ')}`,
  added: (actor, subject, role) => `${actor} added ${subject} as ${role}`,
  role_changed: (actor, subject, role) => `${actor} made ${subject} ${role}`,
  removed: (actor, subject) => `${actor} removed ${subject}`,
  left_by_self: (subject) => `${subject} left`,
  pinned: (actor) => `pinned by ${actor}`,
  fields_head: ['Field', 'Readings', 'Minimum', 'Maximum', 'Last'],
  readings_head: ['Message', 'Time', 'Sender'],
  others: 'Others',
  fields_left_out: (maximum) => `Only the first ${maximum} fields are listed; there were more.`,
  attachments_head: ['Message', 'Time', 'Sender', 'File', 'Type', 'Size'],
  edited: 'edited',
  deleted: 'message deleted',
  colon: ': ',
  end: (totals) =>
    `End of the report as of revision ${totals.revision}: ${totals.people} people, ` +
    `${totals.timeline} events, ${totals.readings} readings, ${totals.attachments} attachments, ` +
    `${totals.messages} messages` +
    `${totals.transcript === null ? '' : `, ${totals.transcript} of them in the transcript`}.`,
}

const taiwanese: ReportWords = {
  title: '事件報告',
  as_of: (room_id, revision, hash) => `事件室 \`${room_id}\`，版本 ${revision}，雜湊 \`${hash}\`。`,
  times_in: (zone) => `時間為 ${zone} 時區。`,
  range: (from, to) =>
    from === null && to === null
      ? '涵蓋事件室的全部時間。'
      : `涵蓋 ${from ?? '開始'} 起${to === null ? '' : `，至 ${to} 之前`}。`,
  sections: {
    summary: '摘要',
    people: '人員',
    timeline: '時間軸',
    readings: '量測數據',
    all_readings: '全部量測',
    attachments: '附件',
    transcript: '完整對話',
  },
  none: '無。',
  fields: {
    type: '類型',
    severity: '嚴重程度',
    status: '狀態',
    location: '地點',
    lots: '批號',
    description: '說明',
    opened: '開啟時間',
    resolved: '解決時間',
    archived: '封存時間',
    duration: '歷時',
    messages: '訊息',
    title: '標題',
  },
  still_open: '尚未解決',
  message_counts: (counts) =>
    `${counts.messages} 則${counts.messages === 0 ? '' : `（#${counts.first_sequence} 至 #${counts.last_sequence}）`}，其中 ` +
    `已編輯 ${counts.edited}、已刪除 ${counts.deleted}、量測 ${counts.readings}、附件 ${counts.attachments}`,
  incident_type: {
    equipment_failure: '設備故障',
    material_shortage: '物料短缺',
    quality_issue: '品質問題',
    other: '其他',
  },
  severity: { low: '低', medium: '中', high: '高', critical: '緊急' },
  status: { active: '進行中', resolved: '已解決', archived: '已封存' },
  role: { owner: '擁有者', editor: '編輯者', viewer: '檢視者' },
  left: '已離開',
  no_member: '非成員',
  people_head: ['姓名', '帳號', '角色', '訊息數', '最早', '最晚'],
  opened_by: (actor) => `${actor} 開啟事件室`,
  changed: (actor, changes) =>
    `${actor} 變更 ${changes.map(([field, value]) => `${field}為 ${value}`).join('、')}`,
  added: (actor, subject, role) => `${actor} 加入 ${subject}（${role}）`,
  role_changed: (actor, subject, role) => `${actor} 將 ${subject} 改為 ${role}`,
  removed: (actor, subject) => `${actor} 移除 ${subject}`,
  left_by_self: (subject) => `${subject} 離開`,
  pinned: (actor) => `由 ${actor} 釘選`,
  fields_head: ['欄位', '筆數', '最小', '最大', '最後'],
  readings_head: ['訊息', '時間', '發送者'],
  others: '其他',
  fields_left_out: (maximum) => `僅列出前 ${maximum} 個欄位。`,
  attachments_head: ['訊息', '時間', '發送者', '檔案', '類型', '大小'],
  edited: '已編輯',
  deleted: '訊息已刪除',
  colon: '：',
  end: (totals) =>
    `報告結束，版本 ${totals.revision}：人員 ${totals.people}、事件 ${totals.timeline}、` +
    `量測 ${totals.readings}、附件 ${totals.attachments}、訊息 ${totals.messages}` +
    `${totals.transcript === null ? '' : `（完整對話 ${totals.transcript}）`}。`,
}

export const wordsIn: Record<ReportLanguage, ReportWords> = { en: english, 'zh-TW': taiwanese }
