import { plain } from '../../../../printable.ts'
import type { DocumentFacts } from '../../../types.ts'
import type { Subject } from '../../inspector.ts'

/** Records what a document says of itself, whatever it says: numbers in bounds, words shortened and without controls. */
export function measureDocument(subject: Subject, { pages, version, producer }: DocumentFacts): void {
  subject.measure({
    document: {
      pages: pages !== null && Number.isSafeInteger(pages) && pages > 0 ? pages : null,
      version: clean(version, 20),
      producer: clean(producer, 80),
    },
  })
}

function clean(text: string | null, longest: number): string | null {
  return text === null || text.trim() === '' ? null : plain(text.trim(), longest)
}
