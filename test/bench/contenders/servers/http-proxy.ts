/** The npm package http-proxy with an agent that keeps its connections: what a proxy in Node costs that relays alone. */
import { Agent, createServer } from 'node:http'
import httpProxy from 'http-proxy'

const [port, sinkPort] = process.argv.slice(2)
const proxy = httpProxy.createProxyServer({
  target: `http://127.0.0.1:${sinkPort}`,
  agent: new Agent({ keepAlive: true, maxSockets: 256 }),
})
proxy.on('error', (error, _request, response) => {
  console.error(error)
  response.destroy()
})
createServer((request, response) => proxy.web(request, response)).listen(Number(port), '127.0.0.1', 1024)
