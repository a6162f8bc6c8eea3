/** Names that are well-formed and that backends, file systems or people read differently. */
import type { ProblemId } from '../../../src/problems/catalogue.ts'
import { accepts, field, fieldsOnly, form, type MultipartCase, refuses, textFile, textFileNamed } from './build.ts'

type Problem = ProblemId | readonly ProblemId[]

const goodFilenames: readonly (readonly [id: string, name: string])[] = [
  ['spaces', 'two  spaces (1).txt'],
  ['apostrophe', "O'Brien's.txt"],
  ['punctuation', "a!#$'()+,-;=@[]^_`{}~.txt"],
  ['percent', '100% sure.txt'],
  ['ampersand', 'AT&T.txt'],
  ['leading-hyphen', '-draft.txt'],
  ['dots', 'v1.2.3 final.txt'],
  ['composed', 'Übergröße.txt'],
  ['decomposed', 'U\u0308bergro\u0308ße.txt'],
  ['east-asian', '請求書 2026年.txt'],
  ['right-to-left', 'תמונה.txt'],
  ['emoji', '👩‍👩‍👧 family.txt'],
  ['astral', '𝒳 file.txt'],
  ['long', `${'n'.repeat(120)}.txt`],
  ['program-word', 'setup.exe instructions.txt'],
  ['no-extension', 'blob'],
]

const badFilenames: readonly (readonly [id: string, source: string, name: string, problem: Problem])[] = [
  ['parent', 'MP-12', '../../etc/passwd', 'file.name.path'],
  ['slash', 'MP-12', 'a/b.txt', 'file.name.path'],
  ['backslash', 'MP-12', 'a\\b.txt', 'file.name.path'],
  ['drive', 'MP-12', 'C:\\Users\\a.txt', ['file.name.path', 'file.name.stream']],
  ['dots-only', 'MP-12', '..', ['file.name.path', 'file.name.trailing', 'file.name.reserved']],
  ['percent-quote', 'MP-10', 'a%22b.txt', 'file.name.characters'],
  ['percent-slash', 'MP-10', 'a%2Fb.txt', ['file.name.characters', 'file.name.path']],
  ['percent-crlf', 'MP-10', 'a%0D%0Ab.txt', 'file.name.characters'],
  ['percent-nul', 'MP-10', 'a.php%00.txt', ['file.name.characters', 'file.name.executable']],
  ['reference', 'Django', 'a&#46;txt', 'file.name.characters'],
  ['reference-named', 'Django', 'a&amp;b.txt', 'file.name.characters'],
  ['encoded-word-alone', 'Tomcat', '=?utf-8?B?YS50eHQ=?=', 'file.name.characters'],
  ['inner-name', 'Rack', 'a;name=b;.txt', 'file.name.characters'],
  ['delete', 'RFC 5234 B.1', 'a\u007f.txt', ['multipart.header.control', 'file.name.characters']],
  ['next-line', 'Unicode C1', 'a\u0085.txt', ['multipart.header.control', 'file.name.characters']],
  ['line-separator', 'Unicode', 'a\u2028.txt', 'file.name.characters'],
  ['byte-order-mark', 'Unicode', '\ufeffa.txt', 'file.name.characters'],
  ['outer-space', 'MP-41', ' a.txt', 'file.name.characters'],
  ['trailing-space', 'MP-41', 'a.txt ', ['file.name.trailing', 'file.name.characters']],
  ['trailing-nbsp', 'MP-41', 'a.txt\u00a0', ['file.name.trailing', 'file.name.characters']],
  ['trailing-dot', 'MP-41', 'a.txt.', 'file.name.trailing'],
  ['bidi', 'MP-41', 'a\u202etxt.exe', ['file.name.bidi', 'file.name.executable']],
  ['bidi-harmless', 'MP-41', 'a\u202etxt.txt', 'file.name.bidi'],
  ['fullwidth', 'MP-41', 'a．ｐｈｐ', ['file.name.form', 'file.name.executable']],
  ['fullwidth-slash', 'MP-41', 'a／b.txt', ['file.name.form', 'file.name.path']],
  ['stream', 'MP-41', 'a.txt::$DATA', 'file.name.stream'],
  ['device', 'MP-41', 'CON.txt', 'file.name.reserved'],
  ['device-bare', 'MP-41', 'nul', 'file.name.reserved'],
  ['htaccess', 'MP-41', '.htaccess', 'file.name.reserved'],
  ['program', 'MP-42', 'a.php', 'file.name.executable'],
  ['program-inner', 'MP-42', 'a.php.txt', 'file.name.executable'],
  ['program-case', 'MP-42', 'a.PhP', 'file.name.executable'],
  ['program-dot', 'MP-42', 'a.php.', ['file.name.executable', 'file.name.trailing']],
  ['program-space', 'MP-42', 'a.php%20', ['file.name.executable', 'file.name.characters']],
  ['too-long', 'Django', `${'n'.repeat(300)}.txt`, 'file.name.length'],
  ['too-long-bytes', 'Django', `${'界'.repeat(90)}.txt`, 'file.name.length'],
]

const goodNames: readonly (readonly [id: string, name: string])[] = [
  ['dotted', 'user.address.city'],
  ['spaced', 'first name'],
  ['bracketed', 'user[address][city]'],
  ['list', 'tags[]'],
  ['unicode', 'straße'],
  ['colons', 'form:input_1'],
  ['hyphens', 'x-form-id'],
  ['dollar', 'ctl00$MainContent$Upload1'],
]

const badNames: readonly (readonly [id: string, source: string, name: string])[] = [
  ['prototype', 'MP-37', '__proto__'],
  ['prototype-inner', 'MP-37', 'a[__proto__][b]'],
  ['constructor', 'MP-37', 'constructor'],
  ['constructor-inner', 'MP-37', 'a[constructor][prototype]'],
  ['unbalanced', 'Rack, PHP', 'a[b'],
  ['unbalanced-end', 'Rack, PHP', 'a]b'],
  ['deep', 'MP-37', `a${'[b]'.repeat(100)}`],
  ['percent-quote', 'MP-10', 'a%22b'],
  ['percent-crlf', 'MP-10', 'a%0D%0Ab'],
  ['reference', 'Django', 'a&amp;b'],
  ['backslash', 'MP-09', 'a\\b'],
  ['encoded-word', 'Tomcat', '=?utf-8?B?YQ==?='],
  ['inner-name', 'Rack', 'a;name=b;'],
  ['outer-space', 'Tomcat, Django', ' a'],
  ['trailing-space', 'Tomcat, Django', 'a '],
  ['too-long', 'Django', 'n'.repeat(300)],
  ['byte-order-mark', 'Unicode', '\ufeffa'],
  ['line-separator', 'Unicode', 'a\u2028b'],
]

export const nameCases: readonly MultipartCase[] = [
  ...goodFilenames.map(([id, name]) =>
    accepts(
      {
        id: `file-name-${id}`,
        title: `file name ${name}`,
        source: 'ordinary name',
        body: textFile(`name="f"; filename="${name}"`),
      },
      textFileNamed(name),
    ),
  ),
  ...badFilenames.map(([id, source, name, problem]) =>
    refuses(
      {
        id: `file-name-${id}`,
        title: `file name ${JSON.stringify(name)}`,
        source,
        body: textFile(`name="f"; filename="${name}"`),
      },
      problem,
    ),
  ),
  ...goodNames.map(([id, name]) =>
    accepts(
      { id: `name-${id}`, title: `name ${name}`, source: 'ordinary name', body: form(field(name)) },
      fieldsOnly([name, 'value']),
    ),
  ),
  ...badNames.map(([id, source, name]) =>
    refuses({ id: `name-${id}`, title: `name ${JSON.stringify(name)}`, source, body: form(field(name)) }, 'field.name'),
  ),
]
