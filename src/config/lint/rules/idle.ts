import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { Policy } from '../../../policy/policy.ts'
import { policiesInUse } from '../in-use.ts'
import type { LintRule } from '../rule.ts'
import { officeTypes, takesFamily, takesHolders, takesType } from '../taken-types.ts'

type Section = 'archive' | 'image' | 'pdf' | 'office' | 'markup' | 'csv'

const tables: readonly FileTypeId[] = ['csv', 'tsv']

/** Whether settings of a section can matter to any file of the policy. Documents hold images. */
const applies: Readonly<Record<Section, (policy: Policy) => boolean>> = {
  archive: takesHolders,
  image: (policy) => takesFamily(policy, ['image']) || takesHolders(policy),
  pdf: (policy) => takesType(policy, ['pdf']),
  office: (policy) => takesType(policy, officeTypes) || takesFamily(policy, ['archive']),
  markup: (policy) => takesFamily(policy, ['markup']) || takesType(policy, ['epub', 'eml', 'mht']),
  csv: (policy) => takesType(policy, tables),
}

const sections = ['archive', 'image', 'pdf', 'office', 'markup', 'csv'] as const satisfies readonly Section[]

const setting: LintRule = {
  id: 'lint.setting.idle',
  level: 'warning',
  title: 'Settings for files that the policy does not take',
  why: 'they never apply: either a type is missing in files.types, or whoever reads the policy is misled',
  fix: 'list the type in files.types, or take the settings out',
  find: (snapshot) =>
    policiesInUse(snapshot).flatMap((policy) => {
      const written = snapshot.configuration.policies[policy.name]?.files
      return sections
        .filter((section) => written?.[section] !== undefined && !applies[section](policy))
        .map((section) => ({
          path: ['policies', policy.name, 'files', section],
          of: policy.name,
          found: `policy ${policy.name} takes no file that ${section} is about`,
        }))
    }),
}

const alone: LintRule = {
  id: 'lint.state.alone',
  level: 'warning',
  title: 'Settings of a Redis that is not there',
  why: 'each gateway has its own limits: with several, clients have several times as much',
  fix: 'set state.redis, or take the settings out',
  find: ({ configuration }, written) =>
    configuration.state.redis !== null
      ? []
      : ['whenAway', 'gateways']
          .map((key) => ['state', key])
          .filter((path) => written(path) !== null)
          .map((path) => ({ path, of: null, found: 'there is no state.redis that it is about' })),
}

export const idle: readonly LintRule[] = [setting, alone]
