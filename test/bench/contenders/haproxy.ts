import type { Backends } from './backends.ts'

/** Debian's haproxy.cfg, without its logs and with a deeper queue of new connections. It relays bodies as they come. */
export function haproxyConfiguration(port: number, { uploads, gets }: Backends): string {
  return `
global
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 50s
  timeout server 50s
  http-reuse always
frontend clients
  bind 127.0.0.1:${port} backlog 1024
  option forwardfor
  use_backend gets if { path /small }
  default_backend uploads
backend uploads
  server sink 127.0.0.1:${uploads}
backend gets
  server sink 127.0.0.1:${gets}
`
}
