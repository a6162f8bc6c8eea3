/**
 * A stored name as text: UTF-8 where it is that, else byte for byte, so that different names stay different. Bytes that
 * would be controls in ISO 8859-1 are letters in whatever they were written in: they become private characters.
 */
export function nameText(bytes: Buffer): string {
  const decoded = bytes.toString('utf8')
  if (!decoded.includes('\uFFFD')) return decoded
  const letter = (char: string) => String.fromCharCode(0xf700 + char.charCodeAt(0))
  return bytes.toString('latin1').replace(/[\x80-\x9f]/g, letter)
}
