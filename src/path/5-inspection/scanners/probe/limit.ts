/**
 * The largest of the values (ascending) for which it holds, if it holds for all below some limit and for none above;
 * null where it holds for none. Asks about log2 of their number.
 */
export async function largestThat(
  values: readonly number[],
  holds: (value: number) => Promise<boolean>,
): Promise<number | null> {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (await holds(values[middle] ?? 0)) low = middle + 1
    else high = middle
  }
  return values[low - 1] ?? null
}

/** Powers of two from 4 KiB to below the size. */
export function sizesBelow(size: number): readonly number[] {
  const sizes: number[] = []
  for (let value = 4096; value < size; value *= 2) sizes.push(value)
  return sizes
}
