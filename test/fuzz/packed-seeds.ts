/** `bzip2` of "some text\n" twenty times: nothing in Node writes it. */
export function bzip(): Buffer {
  return Buffer.from(
    '425a68393141592653596869e24c000045d1800010400002028c4020005443020295461a749a26c9f9384e9384c261309e2ee48a70a120d0d3c498',
    'hex',
  )
}
