import { stage } from '../kind.ts'

export const policy = {
  ...stage('policy', {
    'request.size': [413, 'The request is too large', 'the body exceeds request.size', 'a smaller request'],
    'request.parts': [413, 'The request has too many parts', 'the parts exceed request.parts', 'fewer parts'],
    'field.count': [413, 'There are too many fields', 'the fields exceed fields.count', 'fewer fields'],
    'field.size': [413, 'A field is too large', 'the value exceeds fields.size', 'a shorter value'],
    'field.total': [413, 'The fields are too large together', 'the values exceed fields.total', 'shorter values'],
    'field.unknown': [
      422,
      'A field is not known here',
      'the name is not in fields.allow',
      'the fields that the policy lists',
    ],
    'field.missing': [422, 'A required field is missing', 'a name of fields.require is absent', 'all required fields'],
    'field.name': [
      422,
      'A field name is read differently by different backends',
      'the name has quotes, backslashes, percent or character references, controls, unbalanced brackets, or is a name that objects inherit',
      'letters, digits and plain punctuation, at most 255 bytes',
    ],
    'field.encoding': [422, 'A field is not UTF-8', 'the value is not valid UTF-8', 'text in UTF-8'],
    'file.count': [413, 'There are too many files', 'the files exceed files.count', 'fewer files'],
    'file.size': [413, 'A file is too large', 'the file exceeds files.size', 'a smaller file'],
    'file.name.length': [422, 'A file name is too long', 'the name exceeds files.name.length', 'a shorter name'],
    'file.name.path': [
      422,
      'A file name has a path',
      'the name has slashes, backslashes, a drive or dot segments',
      'a bare file name',
    ],
    'file.name.characters': [
      422,
      'A file name has characters that are read differently by different backends',
      'the name has quotes, percent sequences, character references, encoded words, controls or outer spaces',
      'letters, digits, spaces and plain punctuation',
    ],
    'file.name.bidi': [
      422,
      'A file name changes its reading direction',
      'the name has direction-changing characters, which disguise extensions',
      'a name without bidirectional control characters',
    ],
    'file.name.form': [
      422,
      'A file name has look-alike characters',
      'the name changes under Unicode compatibility normalisation in its separators or extension',
      'a name in Unicode normal form',
    ],
    'file.name.reserved': [
      422,
      'A file name is reserved',
      'the name is a device name, a server configuration file, or hidden',
      'an ordinary file name',
    ],
    'file.name.stream': [
      422,
      'A file name has an alternate stream',
      'the name has a colon, which some systems read as a stream or a drive',
      'a name without colons, except between digits',
    ],
    'file.name.trailing': [
      422,
      'A file name ends in dots or spaces',
      'some systems drop what ends the name, which changes its extension',
      'a name that ends in its extension',
    ],
    'file.name.executable': [
      422,
      'A file name has the extension of a program',
      'an extension in the name, last or not, is run by servers or operating systems',
      'a name whose extensions are all harmless',
    ],
    'file.type.refused': [
      415,
      'The type of a file is not accepted',
      'the type is not in files.types',
      'a type that the policy lists',
    ],
    'file.type.mismatch': [
      415,
      'The file is not what its name says',
      'extension, declared type and content do not agree',
      'a file whose name, declared type and content agree',
    ],
    'file.type.unrecognised': [
      415,
      'The type of a file cannot be recognised',
      'the content matches no type of the catalogue',
      'content of a type that the policy lists',
    ],
  }),
}
