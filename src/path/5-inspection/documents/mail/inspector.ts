import { memoryBytes, sliceOf } from '../../bytes.ts'
import type { Inspector, Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { isPlain, type MailPart, mailParts } from './parts.ts'
import { fromBase64, fromQuotedPrintable } from './transfer-encoding.ts'

export const mailInspector: Inspector = {
  name: 'mail',
  types: ['eml'],
  coverage:
    'Messages (eml) and web archives (mht) are taken apart, messages in messages included; what is attached and what is ' +
    'HTML is unpacked and inspected. Plain text that a mail program shows is not looked into. Encrypted messages, those ' +
    'that are signed as a whole, and encodings other than base64 and quoted-printable are named.',
  async inspect(subject) {
    let ordinal = 0
    for (const part of mailParts(subject.bytes, (words) => subject.uncovered('unsupported', words))) {
      ordinal += 1
      if (!(await inspectPart(subject, part, part.header.name ?? `part ${ordinal}`))) return
    }
  },
}

/** Types whose content is a whole message that nobody else can take apart. */
const closed = /^(?:application\/(?:x-)?pkcs7-mime|application\/pgp-encrypted|message\/partial)$/

/** False where a bound is passed. */
async function inspectPart(subject: Subject, part: MailPart, name: string): Promise<boolean> {
  const { type, encoding, name: given } = part.header
  if (closed.test(type)) subject.uncovered('unsupported', `the part ${shown(name)} is of the type ${shown(type)}`)
  if (type === 'text/plain' && given === null) return true
  const content = sliceOf(subject.bytes, part.start, part.end)
  if (isPlain(encoding)) {
    return subject.expansion.unpacked(content.size, content.size) && subject.member(name, content)
  }
  if (content.size > subject.expansion.room) return subject.expansion.overflow(content.size)
  const decoded = decode(subject, part, name)
  if (decoded === null) return true
  if (!subject.expansion.unpacked(content.size, decoded.length)) return false
  return subject.expansion.holding(decoded.length, () => subject.member(name, memoryBytes(decoded)))
}

function decode(subject: Subject, { header, start, end }: MailPart, name: string): Buffer | null {
  if (header.encoding === 'quoted-printable') return fromQuotedPrintable(subject.bytes.read(start, end))
  const decoded = header.encoding === 'base64' ? fromBase64(sliceOf(subject.bytes, start, end)) : null
  if (decoded !== null) return decoded
  const words = header.encoding === 'base64' ? 'is damaged base64' : `has the encoding ${shown(header.encoding)}`
  subject.uncovered(header.encoding === 'base64' ? 'damaged' : 'unsupported', `the part ${shown(name)} ${words}`)
  return null
}
