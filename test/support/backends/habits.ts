import { type Field, type FileReading, fileReading, type Reading } from './reading.ts'
import type { BackendName } from './start.ts'

/** A transformation that a backend makes of its own, whatever the gateway writes; anything beyond these is a failure. */
interface Habit {
  readonly reason: string
  apply(reading: Reading): Reading
}

const isChosen = (file: FileReading): boolean => file.filename !== ''

const emptyInputIsNothing: Habit = {
  reason: 'a file input in which nothing was chosen is not reported',
  apply: ({ fields, files }) => ({ fields, files: files.filter(isChosen) }),
}

const emptyInputIsField: Habit = {
  reason: 'a part with an empty file name is a field with an empty value',
  apply: ({ fields, files }) => ({
    fields: [...fields, ...files.filter((file) => !isChosen(file)).map((file): Field => [file.field, ''])],
    files: files.filter(isChosen),
  }),
}

const fieldTypesAreDropped: Habit = {
  reason: 'the media type of a field is not reported',
  apply: ({ fields, files }) => ({ fields: fields.map(([name, value]): Field => [name, value]), files }),
}

const typedFieldIsFile: Habit = {
  reason: 'a field with a media type is reported as a file without a name',
  apply: ({ fields, files }) => ({
    fields: fields.filter(([, , type]) => type === undefined),
    files: [
      ...files,
      ...fields.flatMap(([name, value, type]) =>
        type === undefined ? [] : [fileReading(name, '', type, Buffer.from(value))],
      ),
    ],
  }),
}

const lastOfEachName: Habit = {
  reason: 'of equal names that do not end in [] the last one counts',
  apply: ({ fields, files }) => ({
    fields: fields.filter(([name], i) => name.endsWith('[]') || !fields.slice(i + 1).some(([later]) => later === name)),
    files: files.filter(
      ({ field }, i) => field.endsWith('[]') || !files.slice(i + 1).some((later) => later.field === field),
    ),
  }),
}

const repeatedFieldIsList: Habit = {
  reason: 'fields of equal names become an array, as if the name ended in []',
  apply: ({ fields, files }) => ({
    fields: fields.map(([name, value]): Field => {
      const repeated = !name.endsWith('[]') && fields.filter(([other]) => other === name).length > 1
      return [repeated ? `${name}[]` : name, value]
    }),
    files,
  }),
}

function renaming(reason: string, rename: (name: string) => string): Habit {
  return {
    reason,
    apply: ({ fields, files }) => ({
      fields: fields.map(([name, value]): Field => [rename(name), value]),
      files: files.map((file) => ({ ...file, field: rename(file.field) })),
    }),
  }
}

const phpNames = renaming('dots and spaces before the first bracket become underscores', (name) => {
  const bracket = name.indexOf('[')
  const end = bracket < 1 ? name.length : bracket
  return name.slice(0, end).replaceAll(/[. ]/g, '_') + name.slice(end)
})

const unordered: Habit = {
  reason: 'grouped by name: only the order of equal names is kept',
  apply: ({ fields, files }) => ({
    fields: fields.toSorted(([a], [b]) => compare(a, b)),
    files: files.toSorted((a, b) => compare(a.field, b.field)),
  }),
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

export const habits: { readonly [Name in BackendName]: readonly Habit[] } = {
  flask: [fieldTypesAreDropped, unordered],
  django: [fieldTypesAreDropped, emptyInputIsField, unordered],
  fastapi: [fieldTypesAreDropped],
  php: [fieldTypesAreDropped, emptyInputIsNothing, lastOfEachName, phpNames, unordered],
  rack: [fieldTypesAreDropped, emptyInputIsNothing, lastOfEachName, unordered],
  go: [fieldTypesAreDropped, emptyInputIsField, unordered],
  tomcat: [fieldTypesAreDropped],
  busboy: [fieldTypesAreDropped],
  multer: [fieldTypesAreDropped, emptyInputIsNothing, repeatedFieldIsList, unordered],
  formidable: [typedFieldIsFile, unordered],
  undici: [fieldTypesAreDropped],
}

/** What `backend` must say of a body of which the gateway says `expected`. */
export function readAs(backend: BackendName, expected: Reading): Reading {
  return habits[backend].reduce((reading, habit) => habit.apply(reading), expected)
}

/** What a backend said, in the order in which `readAs` says it. */
export function asRead(backend: BackendName, answered: Reading): Reading {
  return habits[backend].includes(unordered) ? unordered.apply(answered) : answered
}

/** Well-formed bodies that a backend cannot read, whoever sends them: case ids, with what it does. */
export const unreadable: { readonly [Name in BackendName]?: ReadonlyMap<string, string> } = {
  fastapi: new Map([['empty-form', 'python-multipart 0.0.5 raises an error at a form without parts']]),
}
