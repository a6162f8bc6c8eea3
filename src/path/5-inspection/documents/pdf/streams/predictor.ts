/** What /DecodeParms says of a predictor (ISO 32000-2 §7.4.4.4). */
export interface Prediction {
  readonly predictor: number
  readonly colors: number
  readonly bits: number
  readonly columns: number
}

/** The bytes as they were before prediction; null where the parameters make no sense. The same length or less. */
export function undoPrediction(data: Buffer, { predictor, colors, bits, columns }: Prediction): Buffer | null {
  if (predictor <= 1) return data
  const pixel = Math.max(1, Math.ceil((colors * bits) / 8))
  const row = Math.ceil((colors * bits * columns) / 8)
  if (!(row > 0 && row <= 2 ** 26 && colors <= 64 && [1, 2, 4, 8, 16].includes(bits))) return null
  if (predictor >= 10) return undoPng(data, row, pixel)
  return predictor === 2 && bits === 8 ? undoTiff(data, row, pixel) : null
}

/** Each row has a filter of its own before it (PNG §9); the number of the predictor says nothing. */
function undoPng(data: Buffer, row: number, pixel: number): Buffer {
  const output = Buffer.alloc(Math.max(0, data.length - Math.ceil(data.length / (row + 1))))
  let at = 0
  for (let start = 0; start + 1 < data.length; start += row + 1) {
    const filter = data[start] as number
    const end = Math.min(start + 1 + row, data.length)
    for (let from = start + 1; from < end; from++, at++) {
      const column = from - start - 1
      const left = column >= pixel ? (output[at - pixel] as number) : 0
      const up = at >= row ? (output[at - row] as number) : 0
      const corner = column >= pixel && at >= row ? (output[at - row - pixel] as number) : 0
      output[at] = (data[from] as number) + predicted(filter, left, up, corner)
    }
  }
  return output
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  return filter === 4 ? paeth(left, up, corner) : 0
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}

function undoTiff(data: Buffer, row: number, pixel: number): Buffer {
  const output = Buffer.from(data)
  for (let at = 0; at < output.length; at++) {
    if (at % row >= pixel) output[at] = (output[at] as number) + (output[at - pixel] as number)
  }
  return output
}
