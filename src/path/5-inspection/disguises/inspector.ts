import type { Inspector, Subject } from '../inspector.ts'
import { closedArchive } from './closed-archives.ts'
import { endOf } from './declared-end.ts'
import { foreignAt } from './foreign-data.ts'
import { scriptCoat } from './script-coat.ts'
import { searchTraces } from './search.ts'
import { secondTypes } from './second-type.ts'
import { tracesFor } from './traces.ts'

/** Looks for what a file is beside what it seems to be, and for code where its type has none. */
export const disguiseInspector: Inspector = {
  name: 'disguise',
  types: null,
  coverage:
    'All bytes of pictures, sound, film, fonts and PDF are searched for server script (PHP, ASP, JSP), PHP archives, headers ' +
    'of Windows and Linux programs, and RAR and 7-Zip archives; pictures for HTML scripts as well; texts and unknown data ' +
    'for PHP. Every file is tried as a ZIP or tar archive, a PDF, a disk image, an HTML page and a script. Archives that cannot be unpacked (ARJ, LHA, ACE, cpio, LZ4 and others) are named. Programs, ' +
    'archives, documents and databases may hold any text as content, and are not searched for code.',
  async inspect(subject) {
    const { bytes, detected } = subject
    if (bytes.size === 0) return
    const closed = closedArchive(bytes, detected)
    if (closed !== null) subject.uncovered('unsupported', `it is ${closed}, which cannot be unpacked here`)
    const coat = scriptCoat(bytes, detected)
    if (coat.is) subject.observe('file.disguise.polyglot', 'its signature is followed by JavaScript')
    for (const words of await secondTypes(bytes, detected)) subject.observe('file.disguise.polyglot', words)
    searchTraces(bytes, [...tracesFor(detected), ...coat.traces], (rule, detail) => subject.observe(rule, detail))
    await inspectEnd(subject)
  },
}

async function inspectEnd(subject: Subject): Promise<void> {
  const { bytes, detected } = subject
  if (detected.type === null) return
  const end = endOf(bytes, detected.type)
  const foreign = end === null ? null : await foreignAt(bytes, end)
  if (foreign !== null)
    subject.observe('file.disguise.trailing', `its own data ends at byte ${end}, and another file follows: ${foreign}`)
}
