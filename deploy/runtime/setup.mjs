// Makes a checkout runnable: installs what package-lock.json lists whenever it changed since the last install, and,
// with --test, builds tap without its bundled TypeScript plugin, which cannot load TypeScript 7.
// Runs on whatever Node the machine has, so: no dependencies and no recent syntax.
import { execSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const stamp = 'node_modules/.sluice-setup'
const tapClass = 'node_modules/@tapjs/test/test-built/dist/esm/index.js'

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')
const run = (command) => execSync(command, { stdio: ['ignore', 'inherit', 'inherit'] })

const wanted = sha256('package-lock.json')
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  run('npm ci --no-audit --no-fund --loglevel=error')
  writeFileSync(stamp, wanted)
}
if (process.argv.includes('--test') && readFileSync(tapClass, 'utf8').includes('tapjs/typescript')) {
  run('npx tap build')
}
