import { spawnSync } from 'node:child_process'

export const installLine = 'apt-get install --no-install-recommends nginx-core'

/** The version of nginx; null where it is not installed. */
export function nginxVersion(): string | null {
  const { stderr, status } = spawnSync('nginx', ['-v'], { encoding: 'utf8' })
  return status === 0 ? (/nginx\/(\S+)/.exec(stderr)?.[1] ?? 'unknown') : null
}

/**
 * Debian's nginx.conf with what a proxy for uploads needs. What is not set here is as nginx ships it; the logs are off and
 * connections stay open, both to its advantage.
 */
export function nginxConfiguration(port: number, sinkPort: number, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes auto;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log;
events { worker_connections 768; }
http {
  sendfile on;
  tcp_nopush on;
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${folder}/nginx-${name};`).join('\n')}
  client_max_body_size 0;
  keepalive_requests 100000000;
  upstream sink { server 127.0.0.1:${sinkPort}; keepalive 256; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / {
      proxy_pass http://sink;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_request_buffering on;
    }
  }
}
`
}
