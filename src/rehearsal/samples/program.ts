/** Where the header of a Windows program says that its newer header begins. */
const newerHeaderField = 0x3c
const newerHeader = 0x80

/** The headers of a Windows program, without a program. */
export function exe(): Buffer {
  const bytes = Buffer.alloc(512)
  bytes.write('MZ', 0, 'latin1')
  bytes.writeUInt32LE(newerHeader, newerHeaderField)
  bytes.write('PE\0\0', newerHeader, 'latin1')
  return bytes
}
