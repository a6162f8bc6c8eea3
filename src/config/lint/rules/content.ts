import type { Family } from '../../../file-types/file-type.ts'
import type { Policy } from '../../../policy/policy.ts'
import { type RuleId, ruleIds } from '../../../problems/catalogue.ts'
import { enforcedPolicies } from '../in-use.ts'
import type { Danger, LintRule } from '../rule.ts'
import { officeTypes, takesFamily, takesType } from '../taken-types.ts'

const anyType: LintRule = {
  id: 'lint.types.any',
  level: 'warning',
  title: 'A policy that takes every type',
  why: 'types that the service never needs arrive, and each is another parser that an attacker can reach behind it',
  fix: 'list in files.types what the service can use',
  find: (snapshot) =>
    enforcedPolicies(snapshot)
      .filter(({ files }) => files.types === 'any')
      .map(({ name }) => about(name, 'types', `policy ${name} takes files of every type but programs`)),
}

const failOpen: LintRule = {
  id: 'lint.unscanned.release',
  level: 'warning',
  title: 'Files that were not looked into are released',
  why: 'whoever can bring this about, with a large, broken or slow file or by a busy scanner, gets a file past it',
  fix: 'set it to refuse; where that refuses good files, mend what makes them unscanned',
  find: (snapshot) =>
    enforcedPolicies(snapshot).flatMap(({ name, files, modes }) => [
      ...Object.entries(files.onUnscanned)
        .filter(([, choice]) => choice === 'release')
        .map(([reason]) =>
          about(name, ['onUnscanned', reason], `policy ${name} releases files that are unscanned (${reason})`),
        ),
      ...ruleIds
        .filter((rule) => isAboutGaps(rule) && (modes[rule] ?? 'enforce') !== 'enforce')
        .map((rule) => ({
          path: ['policies', name, 'modes', rule],
          of: name,
          found: `policy ${name} does not refuse by ${rule}`,
        })),
    ]),
}

/** Another way to say the same as onUnscanned. */
function isAboutGaps(rule: RuleId): boolean {
  return rule.startsWith('file.unscanned.') || (rule.startsWith('scan.') && rule !== 'scan.malware')
}

type Lockable = 'archive' | 'pdf' | 'office'

const lockable: readonly (readonly [section: Lockable, what: string, taken: (policy: Policy) => boolean])[] = [
  ['archive', 'archives', (policy) => takesFamily(policy, ['archive'])],
  ['pdf', 'PDF', (policy) => takesType(policy, ['pdf'])],
  ['office', 'documents', (policy) => takesType(policy, officeTypes)],
]

const locked: LintRule = {
  id: 'lint.encrypted.keep',
  level: 'warning',
  title: 'Encrypted files are kept',
  why: 'neither inspectors nor scanners can look into them; malware is sent this way, with the password beside it',
  fix: 'set encrypted to refuse, or take such files on a route of their own',
  find: (snapshot) =>
    enforcedPolicies(snapshot).flatMap((policy) =>
      lockable
        .filter(([section, , taken]) => policy.files[section].encrypted === 'keep' && taken(policy))
        .map(([section, what]) =>
          about(policy.name, [section, 'encrypted'], `policy ${policy.name} keeps encrypted ${what}`),
        ),
    ),
}

const script: LintRule = {
  id: 'lint.markup.script',
  level: 'warning',
  title: 'Markup with scripts is kept',
  why: 'a service that shows such a file from its own address runs the script in the browser of its users',
  fix: 'set markup.script to refuse or, for SVG, to sanitise',
  find: (snapshot) =>
    enforcedPolicies(snapshot)
      .filter((policy) => policy.files.markup.script === 'keep' && takesFamily(policy, ['markup']))
      .map(({ name }) => about(name, ['markup', 'script'], `policy ${name} keeps SVG, HTML or XML with scripts`)),
}

/** Files that carry malware best: they are opened, unpacked or run by what is behind. */
const carriers: readonly Family[] = ['archive', 'document', 'spreadsheet', 'presentation']

const unscanned: LintRule = {
  id: 'lint.scanner.none',
  level: 'note',
  title: 'Files that no scanner sees',
  why: 'inspection tells what a file is and what is in it; it does not know malware',
  fix: 'name a scanner in files.scanners; docs/scanners.md has those that there are',
  find: (snapshot) =>
    enforcedPolicies(snapshot)
      .filter((policy) => policy.files.scanners.length === 0 && takesFamily(policy, carriers))
      .map(({ name }) => about(name, 'scanners', `policy ${name} takes documents or archives and asks no scanner`)),
}

function about(policy: string, key: string | readonly string[], found: string): Danger {
  return { path: ['policies', policy, 'files', ...[key].flat()], of: policy, found }
}

export const content: readonly LintRule[] = [anyType, failOpen, locked, script, unscanned]
