import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compileGo, compileJava } from '../../support/backends/compile.ts'
import { picture } from './picture.ts'
import { filesIn, run, type Source, shell } from './source.ts'

const writers = join(import.meta.dirname, 'writers')

/** A folder of ordinary files: text that packs well, names that are not ASCII, an empty file, folders, a picture. */
async function fillFolder(directory: string): Promise<void> {
  const folder = join(directory, 'files')
  await mkdir(join(folder, 'notes', 'empty folder'), { recursive: true })
  await writeFile(join(folder, 'picture.png'), picture())
  await writeFile(join(folder, 'empty.txt'), '')
  await writeFile(join(folder, 'notes', 'Größe – naïve.txt'), 'Grüße aus Köln\n'.repeat(200))
  const lines = Array.from({ length: 2000 }, (_, index) => `line ${index} of ${(index * 7919) % 1000}\n`)
  await writeFile(join(folder, 'notes', 'lines.txt'), lines.join(''))
  await writeFile(join(folder, 'table.csv'), 'name;sum\nAnn;-12,50\n')
}

/** Each line writes an archive of the folder `files`. */
const lines: readonly string[] = [
  'zip -qr ordinary.zip files',
  'zip -qr0 stored.zip files',
  'zip -qr9X extra-less.zip files',
  'zip -qr -fz large-format.zip files',
  'zip -qr - files | cat > piped.zip',
  'cat files/notes/lines.txt | zip -q from-input.zip -',
  'zip -qr -z commented.zip files <<< "A comment of the archive"',
  'cp ordinary.zip updated.zip; zip -q updated.zip files/table.csv; zip -qd updated.zip files/empty.txt',
  'python3 -m zipfile -c python.zip files',
  'jar cf java.jar files',
  'jar --create --file no-manifest.zip --no-manifest files',
  '7z a -bd -tzip seven.zip files >/dev/null',
  '7z a -bd -tzip -mm=Deflate -mx9 -mcu=on seven-utf8.zip files >/dev/null',
  'bsdtar -a -cf libarchive.zip files',
  'git init -q repository; cp -r files repository; cd repository; git add .; git -c user.name=A -c user.email=a@example.org commit -qm x; git archive --prefix=release-1.0/ -o ../git.zip HEAD; git archive --prefix=release-1.0/ -o ../git.tar.gz HEAD',
  'tar cf gnu.tar files',
  'tar --format=pax -czf pax.tar.gz files',
  'tar --format=ustar -cjf ustar.tar.bz2 files',
  'tar --format=v7 -cf old.tar files/table.csv files/picture.png',
  'tar -cJf gnu.tar.xz files',
  'tar --zstd -cf gnu.tar.zst files',
  'mkdir -p "long/$(printf "n%.0s" {1..120})"; cp files/table.csv long/n*/; tar czf long-names.tgz long; tar --format=pax -cf long-names.tar long',
  'bsdtar -czf libarchive.tar.gz files',
  'bsdtar --format ustar --zstd -cf libarchive.tar.zst files',
  'gzip -9 < files/notes/lines.txt > lines.txt.gz',
  'gzip -k files/table.csv; mv files/table.csv.gz .',
  'gzip < files/table.csv > joined.csv.gz; gzip < files/table.csv >> joined.csv.gz',
  'bzip2 < files/notes/lines.txt > lines.txt.bz2',
  'xz < files/notes/lines.txt > lines.txt.xz',
  'zstd -q < files/notes/lines.txt > lines.txt.zst',
  'zstd -q --long=27 --no-check -o checked.zst files/notes/lines.txt',
]

const archives = ['zip', 'jar', 'tar', 'gz', 'tgz', 'bz2', 'xz', 'zst']

export const packers: Source = {
  title: 'archives of Info-ZIP, 7-Zip, bsdtar, git, jar, Python, tar and compressors',
  needs: ['zip', '7z', 'bsdtar', 'git', 'jar', 'python3', 'xz', 'zstd'].map((name) => `/usr/bin/${name}`),
  packages: 'zip p7zip-full libarchive-tools git default-jdk-headless python3 xz-utils zstd bzip2',
  collect: async (directory) => {
    await fillFolder(directory)
    for (const line of lines) await shell(directory, line)
    return filesIn(directory, ...archives)
  },
}

/** Libraries that write to a stream, and so put the sizes behind the data, or reopen what they wrote. */
export const zipLibraries: Source = {
  title: 'ZIP files of Go, Java, PHP, Perl and Python libraries',
  needs: ['/usr/bin/go', '/usr/bin/javac', '/usr/bin/php', '/usr/share/doc/php-zip', '/usr/share/perl5/Archive/Zip.pm'],
  packages: 'golang-go default-jdk-headless php-cli php-zip libarchive-zip-perl python3',
  collect: async (directory) => {
    await fillFolder(directory)
    await run(directory, await compileGo(join(writers, 'zip.go')), 'files', 'go.zip')
    const classes = await compileJava(join(writers, 'ZipWriter.java'), [])
    await run(directory, 'java', '-XX:TieredStopAtLevel=1', '-cp', classes, 'ZipWriter', 'files', 'java.zip')
    for (const [program, script] of [
      ['php', 'zip.php'],
      ['perl', 'zip.pl'],
      ['python3', 'zip.py'],
    ] as const) {
      await run(directory, program, join(writers, script), 'files', `${program}.zip`)
    }
    return filesIn(directory, 'zip')
  },
}
