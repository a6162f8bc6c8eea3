import type { ContentRuleId } from '../../../../../problems/catalogue.ts'

interface ActionKind {
  readonly rule: ContentRuleId
  /** Keys of which it must have one in order to do anything. Tagged documents use /S for names of their own. */
  readonly needs: readonly string[]
  readonly words: string
}

/** Actions (ISO 32000-2 §12.6.4) that are remarkable however they begin. */
export const actions: ReadonlyMap<string, ActionKind> = new Map([
  ['JavaScript', { rule: 'file.pdf.javascript', needs: ['JS'], words: 'an action runs JavaScript' }],
  [
    'Launch',
    {
      rule: 'file.pdf.launch',
      needs: ['F', 'Win', 'Mac', 'Unix'],
      words: 'an action starts a program or opens a file',
    },
  ],
  ['GoToE', { rule: 'file.pdf.embedded', needs: ['T', 'D', 'F'], words: 'an action opens an embedded file' }],
  ['GoToR', { rule: 'file.pdf.external', needs: ['F'], words: 'an action opens another file' }],
  ['ImportData', { rule: 'file.pdf.external', needs: ['F'], words: 'an action imports data from a file' }],
  ['SubmitForm', { rule: 'file.pdf.external', needs: ['F'], words: 'an action sends form data' }],
  ['Thread', { rule: 'file.pdf.external', needs: ['F'], words: 'an action opens an article of another file' }],
  ['Rendition', { rule: 'file.pdf.media', needs: ['R', 'OP', 'JS'], words: 'an action plays media' }],
  ['Movie', { rule: 'file.pdf.media', needs: ['T', 'Annotation', 'Operation'], words: 'an action plays a film' }],
  ['Sound', { rule: 'file.pdf.media', needs: ['Sound'], words: 'an action plays a sound' }],
  ['RichMediaExecute', { rule: 'file.pdf.media', needs: ['TA'], words: 'an action controls Flash or other media' }],
  ['GoTo3DView', { rule: 'file.pdf.media', needs: ['TA'], words: 'an action moves a 3D scene' }],
] as const)

/** The rule that an action of this kind is remarkable by; null for none. */
export function actionRule(kind: string): ContentRuleId | null {
  return actions.get(kind)?.rule ?? null
}
