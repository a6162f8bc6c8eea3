import { type FileTypeId, fileType, fileTypeIds } from '../../file-types/catalogue.ts'

/** Run by web servers wherever they stand in a name: servers that map every extension look at all of them. */
const runByServers =
  'php php3 php4 php5 php6 php7 php8 phtml phtm pht phps phar inc hphp ' +
  'asp aspx asa asax ascx ashx asmx axd cer cdx cshtml vbhtml soap rem svc ' +
  'jsp jspx jspf jsw jsv jhtml war cfm cfml cfc dbm shtml shtm stm ' +
  'cgi fcgi pl pm py pyc pyw rb sh bash zsh ksh csh lua'

/** Run by desktops; in the middle of a name as well, since that is how they are disguised. */
const runByDesktops =
  'exe dll scr pif bat cmd msi msp cpl hta vbs vbe wsf wsh jse ps1 psm1 jar lnk ocx sys msc scf gadget chm ' +
  'library-ms searchconnector-ms search-ms settingcontent-ms iqy slk msix appx vhd jnlp sct wsc'

/** Programs only at the end of a name: elsewhere they are ordinary words and internet domains. */
const runAtTheEnd = 'com js mjs cjs app command class so elf dylib apk reg inf url desktop application deb rpm swf ws'

const anywhere = new Set(`${runByServers} ${runByDesktops}`.split(' '))
const atTheEnd = new Set(runAtTheEnd.split(' '))

const typesOfExtension = new Map<string, readonly FileTypeId[]>()
for (const id of fileTypeIds) {
  for (const extension of fileType(id).extensions) {
    typesOfExtension.set(extension, [...(typesOfExtension.get(extension) ?? []), id])
  }
}

/** The types that an extension (lower case, no dot) stands for; empty where the catalogue has none. */
export function typesByExtension(extension: string): readonly FileTypeId[] {
  return typesOfExtension.get(extension) ?? []
}

/** The last extension in lower case without its dot; empty where the name has none, or nothing before it. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  const extension = name.slice(dot + 1)
  return /[^.]/.test(name.slice(0, Math.max(dot, 0))) && /^[^\s/\\]{1,32}$/u.test(extension)
    ? extension.toLowerCase()
    : ''
}

/** A name as a careless system may come to see it: compatibility forms and invisible characters gone, lower case. */
export function fold(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
}

/** What follows each dot, up to where some system or other would end the name (IIS at `;`, NTFS at `:`, C at NUL). */
function extensionsOf(name: string): string[] {
  return [...fold(name).matchAll(/\.([^.;:%/\\"\0]*)/g)].map(([, extension = '']) => extension.trim()).filter(Boolean)
}

/** The extensions in the name that make it a program, in their order. */
export function programExtensions(name: string): string[] {
  const extensions = extensionsOf(name)
  return extensions.filter(
    (extension, index) => anywhere.has(extension) || (index === extensions.length - 1 && atTheEnd.has(extension)),
  )
}

/** The first extension in the name that makes it a program, unless its type is among those that are accepted. */
export function executableExtension(name: string, accepted: readonly FileTypeId[]): string | null {
  const isAccepted = (extension: string): boolean => typesByExtension(extension).some((id) => accepted.includes(id))
  return programExtensions(name).find((extension) => !isAccepted(extension)) ?? null
}

/** Whether an extension (lower case, no dot) is one that some rule is about. */
export function isKnownExtension(extension: string): boolean {
  return anywhere.has(extension) || atTheEnd.has(extension) || typesOfExtension.has(extension)
}
