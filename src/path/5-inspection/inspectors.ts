import { bzip2Inspector } from './archives/bzip2/bzip2.ts'
import { gzipInspector } from './archives/gzip.ts'
import { tarInspector } from './archives/tar.ts'
import { zstdInspector } from './archives/zstd.ts'
import type { Inspector } from './inspector.ts'

/** Every inspector, in the order in which they look. */
export const inspectors: readonly Inspector[] = [gzipInspector, tarInspector, bzip2Inspector, zstdInspector]
