#!/usr/bin/env node
// Says what is missing on an old Node instead of failing on its syntax: no static imports and no recent syntax here.
var needed = 26
var major = Number(process.versions.node.split('.')[0])

if (major < needed) {
  console.error(
    'sluice: needs Node.js ' +
      needed +
      ' or later and runs on ' +
      process.versions.node +
      '; in a checkout, "npm start" and "npx sluice" bring their own.',
  )
  process.exit(78)
}

// Sources stripped of their types are kept, so that the next start needs neither the time nor the memory for it.
import('node:module')
  .then(function (module) {
    module.enableCompileCache(decodeURIComponent(new URL('../node_modules/.cache/sluice', import.meta.url).pathname))
    return import('./main.ts')
  })
  .then(function (entry) {
    return entry.main(process.argv.slice(2))
  })
  .then(
    function (code) {
      process.exitCode = code
    },
    function (error) {
      console.error(error)
      process.exitCode = 1
    },
  )
