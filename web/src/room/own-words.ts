/** What is done to a text before it is sent: what the server would refuse is left out (MSG-12). */
export const cleaned = (text: string): string => text.trim().toWellFormed().replaceAll('\0', '')
