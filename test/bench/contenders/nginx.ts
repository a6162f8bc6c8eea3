import type { Backends } from './backends.ts'

/**
 * Debian's nginx.conf with what a proxy for uploads needs. What is not set here is as nginx ships it; the logs are off,
 * connections stay open, and there may be thousands of them, all to its advantage.
 */
export function nginxConfiguration(port: number, { uploads, gets }: Backends, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes auto;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log;
events { worker_connections 8192; }
http {
  sendfile on;
  tcp_nopush on;
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${folder}/nginx-${name};`).join('\n')}
  client_max_body_size 0;
  keepalive_requests 100000000;
  upstream uploads { server 127.0.0.1:${uploads}; keepalive 256; keepalive_requests 100000000; }
  upstream gets { server 127.0.0.1:${gets}; keepalive 256; keepalive_requests 100000000; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_request_buffering on;
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / { proxy_pass http://uploads; }
    location = /small { proxy_pass http://gets; }
  }
}
`
}
