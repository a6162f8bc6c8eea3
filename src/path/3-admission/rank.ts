/** An upload that announces so many bytes stands in line as if it had come a second later. */
const bytesPerSecond = 16 * 1024 * 1024
/** Of larger ones too: whoever has waited for so many milliseconds longer is before every newcomer. */
const mostBehind = 5000

/**
 * Where in the line an upload stands; the smallest is next. Small and old first: a small one passes a large one that came
 * shortly before it, and none can be passed for long. `arrival` and the result in milliseconds, `size` in bytes.
 */
export function rankOf(arrival: number, size: number): number {
  return arrival + Math.min(mostBehind, (size / bytesPerSecond) * 1000)
}
