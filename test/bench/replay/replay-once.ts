/** Runs `sluice replay AUDIT -c NEW`, and prints what it took as the last line. Arguments: AUDIT NEW. */
import { main } from '../../../src/main.ts'

const [audit = '', configuration = ''] = process.argv.slice(2)
const code = await main(['replay', audit, '-c', configuration])
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
process.stdout.write(`${JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS * 1024 })}\n`)
process.exitCode = code === 3 ? 0 : 1
