/** A disk that has not answered after so many milliseconds holds nobody any longer. */
const deadline = 30_000

/** The result of a call on a disk, or an error with the code ETIMEDOUT. The call itself cannot be ended. */
export async function withinDeadline<T>(call: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(Object.assign(new Error('the disk does not answer'), { code: 'ETIMEDOUT' })),
    deadline,
  )
  try {
    return await Promise.race([call, late])
  } finally {
    clearTimeout(timer)
  }
}
