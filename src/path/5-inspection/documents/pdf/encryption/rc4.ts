/** RC4, which node:crypto has no longer. Its own inverse. */
export function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index)
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + (state[i] as number) + (key[i % key.length] as number)) & 0xff
    swap(state, i, j)
  }
  const output = Buffer.allocUnsafe(data.length)
  for (let at = 0, i = 0, j = 0; at < data.length; at++) {
    i = (i + 1) & 0xff
    j = (j + (state[i] as number)) & 0xff
    swap(state, i, j)
    const sum = ((state[i] as number) + (state[j] as number)) & 0xff
    output[at] = (data[at] as number) ^ (state[sum] as number)
  }
  return output
}

function swap(state: Uint8Array, i: number, j: number): void {
  const held = state[i] as number
  state[i] = state[j] as number
  state[j] = held
}
