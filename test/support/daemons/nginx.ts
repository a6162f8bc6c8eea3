import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { findProgram, startDaemon, type Teardown, temporaryFolder } from './daemon.ts'

/** Debian's nginx in front of this port of 127.0.0.1, as it ships, but for larger bodies; null where it is missing. */
export async function startNginx(t: Teardown, backend: number): Promise<{ readonly url: string } | null> {
  const program = findProgram('nginx')
  if (program === null) return null
  const folder = temporaryFolder(t, 'nginx')
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  writeFileSync(
    file,
    `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
  client_max_body_size 25m;
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://127.0.0.1:${backend}; }
  }
}
`,
  )
  await startDaemon(t, [program, '-e', 'stderr', '-c', file], [port])
  return { url: `http://127.0.0.1:${port}` }
}
