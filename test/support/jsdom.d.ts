declare module 'jsdom' {
  import type { WindowLike } from 'dompurify'

  export class JSDOM {
    constructor(html: string, options?: { readonly contentType?: string })
    readonly window: WindowLike
  }
}
