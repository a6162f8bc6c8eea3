import { readStyles, withoutComments } from '../markup/styles.ts'

/** Pictures without code of their own, and fonts. */
const passive =
  /^\s*["']?\s*(?:#|data:(?:image\/(?:png|jpe?g|gif|webp|avif|bmp)|(?:application\/(?:x-)?)?font[\w/+-]*|application\/(?:x-)?font-[\w-]+)[;,])/i

/** CSS without imports and without addresses beyond the file; empty where it cannot be made so. */
export function cleanStyles(css: string): string {
  const plain = withoutComments(css)
    .replace(/@(?:import|namespace|charset)\b[^;]*(?:;|$)/gi, '')
    .replace(/url\(([^()"']*|\s*"[^"]*"\s*|\s*'[^']*'\s*)\)/gi, (all, address: string) =>
      passive.test(address) ? all : 'none',
    )
  const { script, external } = readStyles(plain)
  return script === null && external === null ? plain : ''
}
