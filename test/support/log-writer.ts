/** Writes 2000 lines of one letter to the log, faster than a pipe takes them. */
import { logStream } from '../../src/log-stream.ts'

const stream = logStream(1, 10_000_000)
const line = `${(process.argv[2] ?? '').repeat(301)}\n`
for (let count = 0; count < 2000; count++) stream.write(line)
