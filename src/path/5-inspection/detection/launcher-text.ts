import type { FileTypeId } from '../../../file-types/catalogue.ts'
import { rootElement } from './prolog.ts'

/** The first line that is neither empty nor a comment opens a section. */
const firstSection = /^(?:[ \t\r]*(?:[#;][^\n]*)?\n)*[ \t]*\[/

/** A section of an INI file, with an entry that makes it work, wherever it stands below a first section. */
function section(name: RegExp, entry: RegExp): (text: string) => boolean {
  return (text) => firstSection.test(text) && name.test(text) && entry.test(text)
}

/** The first lines of a SYLK file: records of one or two letters whose fields begin with a letter. */
const sylk =
  /^ID;P[^;\r\n]*(?:;[A-Z][^;\r\n]*)*\r?\n(?:(?:[BCFOPW]|N[NEUL]);[A-Z][^\r\n]*\r?\n?){1,2}(?:[BCEFOPW]|N[NEUL]|$)/

const elements: Readonly<Record<string, FileTypeId>> = {
  librarydescription: 'library',
  searchconnectordescription: 'library',
  persistedquery: 'library',
  pcsettings: 'settings',
  mmc_consolefile: 'msc',
  jnlp: 'jnlp',
  scriptlet: 'batch',
}
const byElement = new Map(Object.entries(elements))

/** Text that starts something, or connects to a host, where a desktop opens it; most specific first. */
const launchers: readonly (readonly [FileTypeId, (text: string) => boolean])[] = [
  ['url', section(/^[ \t]*\[InternetShortcut(?:\.[AW])?\]/im, /^[ \t]*(?:URL|IconFile|BASEURL)\s*=/im)],
  ['desktop', section(/^[ \t]*\[(?:KDE )?Desktop Entry\]/im, /^[ \t]*(?:Exec|Type|URL)\s*=/im)],
  ['scf', section(/^[ \t]*\[(?:Shell|\.ShellClassInfo)\]/im, /^[ \t]*(?:Command|IconFile|IconResource|CLSID2?)\s*=/im)],
  [
    'inf',
    section(
      /^[ \t]*\[(?:Version|autorun)\]/im,
      /^[ \t]*(?:Signature\s*=\s*"?\$|(?:open|shellexecute|shell\\)[^=\n]*=)/im,
    ),
  ],
  ['iqy', (text) => /^WEB\r?\n1\r?\n\s*\w+:|^QueryType=|^XLODBC\r?\n1/i.test(text)],
  ['slk', (text) => sylk.test(text)],
  ['reg', (text) => /^(?:windows registry editor version|regedit4)/i.test(text)],
  ['hta', (text) => /<hta:application[\s>/]/i.test(text)],
  ['batch', isWindowsScript],
  ['clickonce', (text) => rootElement(text) === 'assembly' && /<deployment[\s>]/.test(text)],
]

function isWindowsScript(text: string): boolean {
  if (/^(?:@echo off|@?setlocal\b|<job\b|on error resume next|#@~\^|#requires -)/i.test(text)) return true
  return (
    ['job', 'package', 'component'].includes(rootElement(text) ?? '') && /<script\s[^<>]{0,99}language\s*=/i.test(text)
  )
}

/** The type of text that is no document but an instruction to a desktop; null for any other. */
export function launcherType(text: string): FileTypeId | null {
  const type = launchers.find(([, matches]) => matches(text))?.[0]
  return type ?? byElement.get(rootElement(text) ?? '') ?? null
}
