/**
 * Every operation the rest of Muster may ask of the database, by name: the whole surface of the
 * gateway besides the commit. Each is one round trip and holds a connection only for that (DB-1).
 * Which of them a read replica may answer is said in `replicable.ts`.
 */
import * as changes from './changes.ts'
import * as files from './files.ts'
import * as inbox from './inbox.ts'
import * as members from './members.ts'
import * as mentions from './mentions.ts'
import * as messages from './messages.ts'
import * as notices from './notices.ts'
import * as notifications from './notifications.ts'
import { ping } from './ping.ts'
import { readPushFacts } from './push-facts.ts'
import * as pushSubscriptions from './push-subscriptions.ts'
import * as report from './report.ts'
import * as proof from './proof.ts'
import * as rooms from './rooms.ts'
import * as search from './search.ts'
import * as users from './users.ts'
import * as webhooks from './webhooks.ts'

export const operations = {
  readChanges: changes.readChanges,
  reserveFile: files.reserveFile,
  claimFile: files.claimFile,
  readFile: files.readFile,
  expireFiles: files.expireFiles,
  listUnclaimed: files.listUnclaimed,
  forgetUnclaimed: files.forgetUnclaimed,
  listReadMarks: inbox.listReadMarks,
  moveReadMarks: inbox.moveReadMarks,
  readInboxes: inbox.readInboxes,
  readInboxParts: inbox.readInboxParts,
  listMembers: members.listMembers,
  readMember: members.readMember,
  readMemberNames: members.readMemberNames,
  listPins: messages.listPins,
  listMentions: mentions.listMentions,
  readMessage: messages.readMessage,
  readMessageHistory: messages.readMessageHistory,
  readMessagePage: messages.readMessagePage,
  readRecentMessages: messages.readRecentMessages,
  readNotifications: notifications.readNotifications,
  saveNotifications: notifications.saveNotifications,
  saveRoomLevel: notifications.saveRoomLevel,
  saveNotices: notices.saveNotices,
  readNotices: notices.readNotices,
  markNoticeRead: notices.markNoticeRead,
  markNoticesRead: notices.markNoticesRead,
  countUnreadNotices: notices.countUnreadNotices,
  ping,
  readPushFacts,
  savePushSubscription: pushSubscriptions.savePushSubscription,
  removePushSubscription: pushSubscriptions.removePushSubscription,
  dropPushSubscriptions: pushSubscriptions.dropPushSubscriptions,
  readReportFacts: report.readReportFacts,
  readReportPage: report.readReportPage,
  readProofHead: proof.readProofHead,
  readProofMessages: proof.readProofMessages,
  readProofRevisions: proof.readProofRevisions,
  createRoom: rooms.createRoom,
  listRooms: rooms.listRooms,
  readRoom: rooms.readRoom,
  readRoomSnapshot: rooms.readRoomSnapshot,
  searchRoom: search.searchRoom,
  searchRooms: search.searchRooms,
  listDemoUsers: users.listDemoUsers,
  readUser: users.readUser,
  readTier: users.readTier,
  changeTier: users.changeTier,
  saveUser: users.saveUser,
  readWebhook: webhooks.readWebhook,
  saveWebhook: webhooks.saveWebhook,
  removeWebhook: webhooks.removeWebhook,
}

export type Operations = typeof operations
export type OperationName = keyof Operations
export type Arguments<Name extends OperationName> = Parameters<Operations[Name]>[1]
export type Result<Name extends OperationName> = Awaited<ReturnType<Operations[Name]>>
