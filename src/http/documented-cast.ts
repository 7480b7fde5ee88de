/**
 * Who and what the examples of both documents are about: one room, its people, its messages. An id
 * stands for the same thing wherever it appears, so that whoever tries the examples out replaces
 * each once; the contract test does.
 */
export const cast = {
  room_id: '0198d7f0-5c3e-7a41-9d52-3f1f6f0c8a11',
  /** Owner of the room. Calls are made, and frames are sent, by her. */
  mei: 'mei@example.com',
  /** Editor. */
  lin: 'lin@example.com',
  /** What Mei said in words; hers to edit, and without reactions or pin. */
  message_id: '0198d7f2-6b02-7d10-b5a4-20f1c1de9a55',
  /** What Lin said before it. */
  reply_to: '0198d7f1-1f3a-7b6e-8c2d-5e4f7a9b0c1d',
  client_message_id: '0198d7f2-6a10-7c55-8a3b-9c5f0e3d2b17',
  /** A picture and a text file that Mei uploaded to the room. */
  image_id: '0198d7f3-0a11-7e21-9f31-0b41c51d61e7',
  file_id: '0198d7f3-2b22-7f32-8a42-1c52d62e72f8',
  /** What Mei posted to the room as a one-way message. */
  tracking_id: '0198d7f6-0f11-7a20-8000-00000000c002',
  /** What was posted to Mei. */
  notice_id: '0198d7f6-10a2-7c33-8a5b-91d0c3e7f001',
  /** An alert that fires, or did. */
  alert_id: '0198d7f7-20b3-7d44-8a6c-a2e1d4f8a113',
  /** Mei's. */
  token: 'eyJhbGciOiJIUzI1NiJ9…',
  /** Of the room's record, from when it was last proven. */
  receipt: 'eyJyZWNlaXB0Ijoib2YgdGhlIHJlY29yZCJ9…',
} as const
