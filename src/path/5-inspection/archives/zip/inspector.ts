import type { FileTypeId } from '../../../../file-types/catalogue.ts'
import { sliceOf } from '../../bytes.ts'
import type { Inspector, Subject } from '../../inspector.ts'
import { readZipDirectory } from './directory.ts'
