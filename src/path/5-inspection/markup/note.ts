import type { ContentRuleId } from '../../../problems/catalogue.ts'

/** Notes an observation of one reading; `detail` as in `Observation`. */
export type Note = (rule: ContentRuleId, detail: string) => void
