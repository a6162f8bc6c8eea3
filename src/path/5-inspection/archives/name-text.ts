/** A stored name as text: UTF-8 where it is that, else byte for byte, so that different names stay different. */
export function nameText(bytes: Buffer): string {
  const decoded = bytes.toString('utf8')
  return decoded.includes('\uFFFD') ? bytes.toString('latin1') : decoded
}
