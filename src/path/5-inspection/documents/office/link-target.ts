/**
 * Where a reference leads: `inside` the document or beside it, to a `local` drive, to a `host` by file sharing (which
 * sends the reader's credentials), to the `web`, or to a program by a `scheme` of its own.
 */
export type TargetKind = 'inside' | 'local' | 'host' | 'web' | 'scheme'

const drive = /^\/*[a-z][:|](?:\/|$)/i
const scheme = /^([a-z][a-z0-9+.-]+):(.*)$/is

export function targetKind(target: string): TargetKind {
  const plain = plainForm(target)
  if (drive.test(plain)) return 'local'
  if (plain.startsWith('//')) return 'host'
  const [, name = '', rest = ''] = scheme.exec(plain) ?? []
  if (name === '') return 'inside'
  if (name === 'file') return fileKind(rest)
  if (name === 'smb' || name === 'webdav' || name === 'nfs') return 'host'
  return name === 'http' || name === 'https' || name === 'ftp' || name === 'ftps' ? 'web' : 'scheme'
}

export function isRemote(target: string): boolean {
  const kind = targetKind(target)
  return kind === 'host' || kind === 'web' || kind === 'scheme'
}

/**
 * Programs behind these run something, or load content past the warnings for it. No office program runs "javascript:",
 * which is what menus leave when a page of the web is pasted.
 */
const activeScheme =
  /^(?:vbscript|mhtml|mk|its|res|jar|shell|search|hcp|help|ldap|ms-(?!word:|excel:|powerpoint:|visio:|access:|project:|publisher:|spd:|infopath:).*|vnd\.sun\.star\.(?:script|expand).*|macro):?/i
const program = /\.(?:exe|com|scr|pif|bat|cmd|ps1|vb[es]?|jse?|ws[fhc]?|hta|lnk|msi|msp|cpl|dll|jar|reg|url|chm|sct)$/i

/**
 * Whether a link that a reader must click runs code, or is to a program on a disk or host. Links to pages, addresses and
 * other files are ordinary.
 */
export function isActiveLink(target: string): boolean {
  const plain = plainForm(target)
  const kind = targetKind(target)
  if (kind === 'scheme') return activeScheme.test(plain)
  return (kind === 'local' || kind === 'host') && program.test(plain.replace(/[?#].*$/s, '').trimEnd())
}

/** As readers take it: without white space and controls around and in it, lower case, percent codes resolved, one slash. */
function plainForm(target: string): string {
  // oxlint-disable-next-line no-control-regex
  const text = target
    .slice(0, 4096)
    .replace(/[\0-\x1F\x7F]/g, '')
    .trim()
  return text
    .replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll('\\', '/')
    .toLowerCase()
}

/** What follows "file:": three slashes or one and a path are local, as is a drive; two or more than three name a host. */
function fileKind(rest: string): TargetKind {
  if (drive.test(rest) || rest.startsWith('//localhost/')) return 'local'
  const slashes = /^\/*/.exec(rest)?.[0].length ?? 0
  if (slashes === 0) return 'inside'
  return slashes === 1 || slashes === 3 ? 'local' : 'host'
}
