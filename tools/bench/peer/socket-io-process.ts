/**
 * Socket.IO 4.8 with Postgres, as a process of its own: each message is written in five
 * statements and then emitted to its room. Prints its port when it listens.
 */
import { createServer } from 'node:http'
import { Pool } from 'pg'
import { Server } from 'socket.io'
import { writeInFiveStatements } from '../sql/five-statements.ts'

type Said = { content: string; client_message_id: string }

const poolSize = 20
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: poolSize })
const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false })

io.on('connection', (socket) => {
  const room = String(socket.handshake.query['room'])
  const sender_id = String(socket.handshake.query['user'])
  void socket.join(room)
  socket.emit('ready')
  socket.on('message', async (said: Said) => {
    const row = await write({ room: Number(room), sender_id, ...said })
    if (row === undefined) return
    const message = {
      message_id: row['message_id'],
      room_id: room,
      sender_id,
      sender_display_name: sender_id,
      client_message_id: said.client_message_id,
      content: said.content,
      message_type: 'text',
      mentions: [],
      reply_to: null,
      created_at: row['created_at'],
      edited_at: null,
      deleted_at: null,
      sequence_number: Number(row['sequence_number']),
      reactions: [],
    }
    io.to(room).emit('message', message)
    socket.emit('ack', {
      client_message_id: said.client_message_id,
      number: message.sequence_number,
    })
  })
})

http.listen(0, '127.0.0.1', () => {
  const address = http.address()
  if (address !== null && typeof address !== 'string') console.log(`port ${address.port}`)
})

async function write(message: Parameters<typeof writeInFiveStatements>[1]) {
  const client = await pool.connect()
  try {
    return await writeInFiveStatements(client, message)
  } finally {
    client.release()
  }
}
