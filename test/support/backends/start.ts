import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileGo, compileJava } from './compile.ts'
import { isNodeParser, type NodeParser, nodeParsers, startNodeParser } from './node-parsers.ts'
import { type Running, startProcess } from './process.ts'

const here = import.meta.dirname
const python = '/usr/bin/python3'
const pythonPackages = '/usr/lib/python3/dist-packages'
const jarNames = [
  'catalina',
  'coyote',
  'api',
  'util',
  'util-scan',
  'servlet-api',
  'juli',
  'annotations-api',
  'jaspic-api',
]
const tomcatJars = jarNames.map((name) => `/usr/share/java/tomcat10-${name}.jar`)

interface Program {
  /** Paths that must exist. */
  readonly needs: readonly string[]
  /** Debian packages that bring them. */
  readonly packages: string
  /** The command line; `directory` is a temporary one, removed at the end. */
  readonly command: (directory: string) => Promise<readonly string[]> | readonly string[]
}

const phpLimits = ['max_file_uploads=1000', 'max_input_vars=5000', 'upload_max_filesize=64M', 'post_max_size=64M']

function pythonProgram(script: string, packageDirectory: string, packages: string): Program {
  const needs = [python, join(pythonPackages, packageDirectory)]
  return { needs, packages, command: () => [python, join(here, script)] }
}

const programs = {
  flask: pythonProgram('flask_app.py', 'flask', 'python3-flask'),
  django: pythonProgram('django_app.py', 'django', 'python3-django'),
  fastapi: pythonProgram('fastapi_app.py', 'fastapi', 'python3-fastapi python3-uvicorn python3-multipart'),
  php: {
    needs: ['/usr/bin/php'],
    packages: 'php-cli',
    command: () => ['php', ...phpLimits.flatMap((limit) => ['-d', limit]), '-S', '127.0.0.1:0', join(here, 'app.php')],
  },
  rack: {
    needs: ['/usr/bin/ruby', '/usr/share/doc/ruby-rack', '/usr/share/doc/ruby-webrick'],
    packages: 'ruby ruby-rack ruby-webrick',
    command: () => ['ruby', join(here, 'rack_app.rb')],
  },
  go: { needs: ['/usr/bin/go'], packages: 'golang-go', command: async () => [await compileGo(join(here, 'main.go'))] },
  tomcat: {
    needs: ['/usr/bin/javac', ...tomcatJars],
    packages: 'default-jdk-headless libtomcat10-java',
    command: async (directory) => {
      const path = await compileJava(join(here, 'Main.java'), tomcatJars)
      return ['java', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-cp', path, 'Main', directory]
    },
  },
} satisfies Record<string, Program>

export type BackendName = keyof typeof programs | NodeParser

const programNames = [
  'flask',
  'django',
  'fastapi',
  'php',
  'rack',
  'go',
  'tomcat',
] as const satisfies readonly (keyof typeof programs)[]
export const backendNames: readonly BackendName[] = [...programNames, ...nodeParsers]

/** Line to be shown where a program is missing. */
export interface Missing {
  readonly missing: string
}

/** Starts a real multipart parser behind HTTP: POST /upload answers a `Reading` as JSON, GET / answers "ok". */
export async function startBackend(name: BackendName): Promise<Running | Missing> {
  return isNodeParser(name) ? startNodeParser(name) : startProgram(name, programs[name])
}

async function startProgram(name: string, { needs, packages, command }: Program): Promise<Running | Missing> {
  if (!needs.every((path) => existsSync(path))) {
    return { missing: `apt-get install --no-install-recommends ${packages}` }
  }
  const directory = await mkdtemp(join(tmpdir(), `sluice-${name}-`))
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true })
  try {
    const { url, close } = await startProcess(await command(directory), directory)
    return {
      url,
      close: async () => {
        await close()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}
