import type { Backends } from './backends.ts'

/** As Caddy ships, without certificates and without the listener for its administration. It relays bodies as they come. */
export function caddyConfiguration(port: number, { uploads, gets }: Backends): string {
  return `
{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  reverse_proxy /small 127.0.0.1:${gets}
  reverse_proxy 127.0.0.1:${uploads}
}
`
}
