import { z } from 'zod'

/** A word out of a fixed set. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words, expected = listed(words)) {
  return z.enum(words, expected)
}

/** `refuse or strip`; `enforce, report or off`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** A non-empty text of at most `longest` characters, without control characters. */
export function text(longest: number) {
  const expected = `a text of 1 to ${longest} characters, without control characters`
  return z
    .string(expected)
    .min(1, expected)
    .max(longest, expected)
    .refine((value) => !/\p{Cc}/u.test(value), expected)
    .meta({ form: expected, shortForm: `text, 1 to ${longest} characters` })
}

/** A text that messages never show, of one or more lines. */
export function secret(shortest: number, expected: string) {
  return z
    .string(expected)
    .refine((value) => value.length >= shortest && value.length <= 65_536, expected)
    .meta({ form: expected, shortForm: 'secret' })
}

/** A path on this machine; relative paths start at the folder of the configuration file. */
export function file(longest = 4096) {
  const expected = `a path of at most ${longest} characters`
  return z
    .string(expected)
    .min(1, expected)
    .max(longest, expected)
    .refine((value) => !value.includes('\0'), expected)
    .meta({ form: 'a path; a relative one starts at the folder of this file', shortForm: 'path' })
}

const nameForm =
  'a name of at most 64 letters, digits, hyphens, underscores and dots that begins with a letter or digit'

/** What upstreams and policies are called: safe as a metric label, in a log line and as a key. */
export const name = z
  .string(nameForm)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, nameForm)
  .meta({ form: nameForm, shortForm: 'name' })

/** A list in which nothing occurs twice. */
export function set<Item extends z.ZodType<string>>(item: Item, expected: string, lowest = 0) {
  return z
    .array(item, expected)
    .min(lowest, expected)
    .max(1000, 'a list of at most 1000')
    .superRefine((items, context) => {
      items.forEach((value, index) => {
        if (items.indexOf(value) === index) return
        context.addIssue({ code: 'custom', message: 'each of the list once', path: [index] })
      })
    })
}
