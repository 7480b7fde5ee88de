/**
 * English: the dictionary that defines which texts there are. A text with a value in it is a
 * function, so that a missing or superfluous value does not compile.
 */
import type { IncidentType, RoomStatus, Severity } from '../../../src/protocol/room.ts'
import type { Sheddable } from '../../../src/protocol/degradation.ts'
import type { MessageType } from '../../../src/protocol/message.ts'
import type { Role } from '../../../src/protocol/member.ts'
import type { Banner } from '../room/banner.ts'
import type { Failure } from '../sync/api.ts'
import type { StopReason } from '../sync/connection.ts'
import { emojiEn } from './areas/emoji.ts'
import { composerEn } from './areas/composer.ts'
import type { Duration } from '../time.ts'
import { keysEn } from './areas/keys.ts'
import { readersEn } from './areas/readers.ts'
import { messageEn } from './areas/message.ts'
import { oneWayEn } from './areas/one-way.ts'
import { opsEn } from './areas/ops.ts'
import { picturesEn } from './areas/pictures.ts'
import { readingsEn } from './areas/readings.ts'
import { notificationsEn } from './areas/notifications.ts'
import { recordEn } from './areas/record.ts'
import { reportEn } from './areas/report.ts'
import { searchEn } from './areas/search.ts'
import { settingsEn } from './areas/settings.ts'
import { switcherEn } from './areas/switcher.ts'
import { timelineEn } from './areas/timeline.ts'

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

const enumerated = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

export const en = {
  // Words that several screens share.
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  retry: 'Retry',
  discard: 'Discard',
  optional: 'optional',
  part_failed: 'This part of the page could not be loaded.',
  reload_page: 'Reload the page',
  loading: 'Loading…',
  more: 'More',
  list_separator: ', ',
  duration: ({ days, hours, minutes }: Duration) =>
    days > 0 ? `${days} d ${hours} h` : hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`,
  severity: { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' } satisfies Record<
    Severity,
    string
  >,
  status: { active: 'Active', resolved: 'Resolved', archived: 'Archived' } satisfies Record<
    RoomStatus,
    string
  >,
  incident_type: {
    equipment_failure: 'Equipment failure',
    material_shortage: 'Material shortage',
    quality_issue: 'Quality issue',
    other: 'Other',
  } satisfies Record<IncidentType, string>,
  role: { owner: 'Owner', editor: 'Editor', viewer: 'Viewer' } satisfies Record<Role, string>,
  field: {
    title: 'Title',
    incident_type: 'Type',
    severity: 'Severity',
    status: 'Status',
    location: 'Location',
    description: 'Description',
    lots: 'Lots',
    user_id: 'E-mail',
    role: 'Role',
  },
  failure: {
    bad_request: 'That was not accepted. Check what you entered.',
    unauthenticated: 'Your session has ended. Sign in again.',
    forbidden: 'You are not allowed to do that.',
    not_found: 'Not found. It may have been removed.',
    conflict: 'Someone else changed this at the same time. Reload and try again.',
    too_late: 'It is too late to change this.',
    too_large: 'That is too long.',
    rate_limited: 'Too many at once. Wait a moment and try again.',
    database_busy: 'The server is busy. Try again in a moment.',
    unavailable: 'The server is not available right now.',
    internal: 'Something went wrong on the server.',
    unreachable: 'The server cannot be reached. Check your connection.',
  } satisfies Record<Failure['code'], string>,

  // Sign in.
  sign_in_heading: 'Sign in to Muster',
  sign_in_intro: 'Incident rooms: talk, decide, and keep the record.',
  sign_in: 'Sign in',
  signing_in: 'Signing in…',
  demo_people: 'Sign in as a demo person',
  or_by_email: 'Or by e-mail',
  admin: 'Admin',
  user_id_hint: 'name@company.com',
  session_ended:
    'Your session has ended. Sign in to go on where you were; unsent messages are kept.',
  sign_out: 'Sign out',

  // The frame.
  skip_to_content: 'Skip to content',
  theme: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
  switch_language: 'Switch to 繁體中文',
  you: 'you',
  page_not_found_heading: 'Nothing here',
  page_not_found: 'There is nothing at this address.',
  to_rooms: 'Go to the rooms',

  // Rooms.
  rooms: 'Rooms',
  find_everywhere: 'Find in all rooms',
  new_room: 'New room',
  create_room: 'Create room',
  edit_room: 'Edit room',
  room_title_hint: 'Line 3: wafer handler stopped',
  location_hint: 'Fab 12, bay 4',
  lots_hint: 'Type a lot and press Enter',
  remove_lot: (lot: string) => `Remove lot ${lot}`,
  filter_rooms: 'Filter rooms',
  filter_by_severity: 'Only these severities',
  hidden_rooms: (n: number) => `${count(n, 'room is', 'rooms are')} filtered out`,
  no_rooms_heading: 'No rooms yet',
  no_rooms: 'When something stops, open a room and call people in.',
  no_match_heading: 'No room matches',
  no_match: 'Try other words, or take the filter off.',
  show_all: 'Show all rooms',
  no_room_chosen_heading: 'Choose a room',
  no_room_chosen: 'Pick a room on the left, or open a new one.',
  members_count: (n: number) => count(n, 'member', 'members'),
  no_messages_preview: 'No messages yet',
  preview_of: {
    text: 'Message deleted',
    image_ref: 'A picture',
    file_ref: 'A file',
    system: 'A notice',
    incident_data: 'A reading',
  } satisfies Record<MessageType, string>,
  unread_count: (n: number) => `${n} unread`,
  mention_count: (n: number) => count(n, 'mention of you', 'mentions of you'),
  draft: 'Draft',
  rooms_failed: 'The rooms could not be loaded.',
  last_update: 'Last update',

  // A room.
  back_to_rooms: 'Back to rooms',
  messages: 'Messages',
  show_members: 'Members',
  about: 'About this incident',
  opened: 'Opened',
  opened_at: (time: string) => `Opened ${time}`,
  open_for: 'Open for',
  change_status: 'Change status',
  resolve: 'Resolve',
  reopen: 'Reopen',
  archive: 'Archive',
  archive_heading: 'Archive this room?',
  archive_question:
    'Nobody can write in it any more; it stays readable as the record. An owner can open it again.',
  room_start_heading: (title: string) => `This is the start of ${title}`,
  room_start: 'Everything said here is kept in order.',
  empty_room:
    'Nothing has been said yet. Write the first message: what happened, where, since when?',
  history_failed: 'Earlier messages could not be loaded.',
  loading_history: 'Loading earlier messages…',
  today: 'Today',
  yesterday: 'Yesterday',
  message_deleted: 'Message deleted',
  edited: '(edited)',
  status_changed: (name: string, status: string) => `${name} changed the status to ${status}`,
  title_changed: (name: string, title: string) => `${name} changed the title to “${title}”`,
  member_added: (by: string, name: string, role: string) => `${by} added ${name} as ${role}`,
  member_role_changed: (by: string, name: string, role: string) =>
    `${by} changed the role of ${name} to ${role}`,
  member_removed: (by: string, name: string) => `${by} removed ${name}`,
  member_left: (name: string) => `${name} left`,
  ownership_transferred: (by: string, name: string) => `${by} made ${name} the owner`,
  file_line: (name: string) => `[File: ${name}]`,
  sending: 'Sending…',
  queued: 'Waiting to be sent',
  waiting_to_send: 'Waiting for the connection',
  sent: 'Sent',
  not_sent: 'Not sent.',
  jump_to_latest: 'Jump to latest',
  jump_to_latest_new: (n: number) => `${count(n, 'new message', 'new messages')}`,
  message_by: (name: string, text: string) => `${name}: ${text}`,
  typing: (names: readonly string[]) =>
    names.length === 1
      ? `${names[0]} is typing…`
      : names.length === 2
        ? `${names[0]} and ${names[1]} are typing…`
        : `${names.length} people are typing…`,
  write_to: (title: string) => `Message ${title}`,
  write_message: 'Write a message',
  send: 'Send',
  send_hint: 'Enter sends, Shift+Enter starts a new line',
  length_left: (n: number) => `${n} characters left`,
  length_over: (n: number) => `${n} characters too many`,
  read_only: {
    viewer: 'You can read this room. Ask an owner for the Editor role to write.',
    archived: 'This room is archived. It stays readable as the record.',
  },

  // What one can do with a message.
  more_actions: 'More actions',
  reply: 'Reply',
  copy_text: 'Copy text',
  edit: 'Edit',
  delete: 'Delete',
  pin: 'Pin',
  unpin: 'Unpin',
  pinned: 'Pinned',
  add_reaction: 'Add reaction',
  react_with: (emoji: string) => `React with ${emoji}`,
  edited_at: (time: string) => `Edited ${time}`,
  edit_message: 'Edit message',
  edit_hint: 'Enter saves, Esc cancels',
  delete_message_heading: 'Delete message',
  delete_message_question:
    'Nobody in the room will see it any more. Its place stays, and the record keeps that it was deleted.',
  change_failed: 'That was not done.',
  replying_to: (name: string) => `Replying to ${name}`,
  cancel_reply: 'Cancel reply',
  quoted_unloaded: 'An earlier message',
  jump_to_quoted: (name: string) => `Go to the message by ${name}`,
  mentions_you: 'Mentions you',
  pinned_messages: (n: number) => `Pinned (${n})`,
  pins_failed: 'The pinned messages could not be loaded.',
  pinned_by: (name: string) => `Pinned by ${name}`,

  // Files.
  attachments: 'Attachments',
  remove_attachment: (name: string) => `Remove ${name}`,
  upload_failed: (name: string) => `${name} was not uploaded.`,
  file_too_large: 'It is too large.',
  uploading: (name: string, percent: number) => `${name}: ${percent} %`,
  download: (name: string) => `Download ${name}`,
  open_picture: (name: string) => `Open ${name}`,
  picture_failed: 'The picture could not be loaded.',
  drop_here: 'Drop files to attach them',

  // Members.
  members: 'Members',
  online: (n: number) => `Online (${n})`,
  not_online: (n: number) => `Not here (${n})`,
  online_state: { active: 'Online', idle: 'Away', offline: 'Not here' },
  add_member: 'Add member',
  role_of: (name: string) => `Role of ${name}`,
  remove_member: (name: string) => `Remove ${name}`,
  remove_member_heading: 'Remove member',
  remove_member_question: (name: string) =>
    `${name} will be disconnected at once and can no longer read this room.`,
  remove: 'Remove',
  actions_for: (name: string) => `Actions for ${name}`,
  transfer_ownership: 'Make owner in my place',
  transfer_heading: 'Transfer ownership',
  transfer_question: (name: string) => `${name} becomes the owner, and you an editor.`,
  transfer: 'Transfer',
  leave_room: 'Leave room',
  leave_heading: 'Leave this room?',
  leave_question: 'You can no longer read it until an owner adds you again.',
  leave: 'Leave',
  last_owner: 'You are its last owner. Transfer the ownership first.',
  members_failed: 'The members could not be loaded.',

  // The connection.
  banner: {
    read_only:
      'Read-only: the database does not answer, reconnecting… What you write is kept and sent by itself.',
    offline: 'You are offline. What you write is kept and sent when the network is back.',
    reconnecting: 'Connection lost. Reconnecting…',
    busy: 'The server is busy: some extras are paused; messages still go through.',
  } satisfies Record<Banner, string>,
  banner_over: 'Everything works again.',
  reconnecting_in: (seconds: number) => `Connection lost. Reconnecting in ${seconds} s.`,
  retry_now: 'Retry now',
  busy: (parts: readonly string[]) =>
    `Busy: ${enumerated(parts)} ${parts.length === 1 ? 'is' : 'are'} paused; messages still go through.`,
  paused: {
    typing: 'typing',
    presence: 'presence',
    read_marks: 'read marks',
    search: 'search',
    low_priority: 'low-priority one-way messages',
  } satisfies Record<Sheddable, string>,
  held: 'Too many messages at once. Yours wait and are sent by themselves.',
  sending_again_in: (seconds: number) => `Too many at once; sending again in ${seconds} s`,
  rate_limited_heading: 'Too many requests at once',
  /** What to tell those who run Muster, so that they find it in their log. */
  request_named: (request_id: string) => `(Request ${request_id})`,
  rate_limited_for: (seconds: number) => `Too many at once. Try again in ${seconds} s.`,
  stopped: {
    removed: 'You are not a member of this room, or no longer one.',
    room_gone: 'This room does not exist, or no longer does.',
    abuse: 'The server closed this connection. Reload the page to go on.',
  } satisfies Record<StopReason, string>,
  stopped_heading: 'This room is closed to you',
  connection_state: {
    live: 'Live',
    connecting: 'Connecting',
    waiting: 'Reconnecting',
    offline: 'Offline',
    read_only: 'Read-only',
  },

  // Parts of the page with texts of their own.
  composer: composerEn,
  timeline: timelineEn,
  readers: readersEn,
  keys: keysEn,
  settings: settingsEn,
  switcher: switcherEn,
  search: searchEn,
  report: reportEn,
  record: recordEn,
  message: messageEn,
  emoji: emojiEn,
  pictures: picturesEn,
  readings: readingsEn,
  notifications: notificationsEn,
  one_way: oneWayEn,
  ops: opsEn,
}

/** Every language says the same things with values of the same types. */
export type Dictionary = typeof en
