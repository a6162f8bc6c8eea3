import { type FileTypeId, fileType } from '../../file-types/catalogue.ts'
import { plain } from '../../printable.ts'
import { problem } from '../../problems/catalogue.ts'
import type { DetectedType, Inspected, MemberFacts } from '../types.ts'
import type { Bytes } from './bytes.ts'
import { detectType } from './detection/detect-type.ts'
import { Expansion, type ExpansionBounds } from './expansion.ts'
import type { Inspector, Subject } from './inspector.ts'
import { inspectors } from './inspectors.ts'
import { Notes } from './notes.ts'

/** Longest path of a member, in UTF-16 units. */
const longestPath = 300

/** What all subjects of one file share. */
interface Whole {
  readonly expansion: Expansion
  readonly members: MemberFacts[]
  readonly onDetected: (detected: DetectedType) => void
}

/**
 * Looks into a file with all inspectors for its type, and into what is inside in the same way. Runs away from the event
 * loop; bounded by `bounds` and by whoever ends the thread, who then knows at least the type of the file itself.
 */
export async function inspect(
  bytes: Bytes,
  name: string,
  bounds: ExpansionBounds,
  onDetected: (detected: DetectedType) => void = () => {},
): Promise<Inspected> {
  const whole: Whole = { expansion: new Expansion(bounds), members: [], onDetected }
  const { detected, notes } = await look(whole, { bytes, name, path: '', depth: 0 })
  const { passed, facts } = whole.expansion
  if (passed !== null) notes.uncovered('tooLarge', `unpacking ended at the limit of ${passed}`)
  const archive = facts.entries === 0 && facts.expanded === 0 ? null : facts
  return { detected, content: notes.facts, archive, members: whole.members }
}

interface Place {
  readonly bytes: Bytes
  readonly name: string
  /** Names of the members that lead here; empty for the file itself. */
  readonly path: string
  readonly depth: number
}

async function look(whole: Whole, place: Place): Promise<{ readonly detected: DetectedType; readonly notes: Notes }> {
  const notes = new Notes()
  const detected = await detectType(place.bytes)
  if (place.depth === 0) whole.onDetected(detected)
  const subject = subjectOf(whole, place, detected, notes)
  for (const inspector of inspectorsFor(detected.type)) {
    try {
      await inspector.inspect(subject)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      notes.uncovered('damaged', `the ${inspector.name} inspector could not read it to its end`)
    }
  }
  return { detected, notes }
}

const ofType = new Map<FileTypeId | null, readonly Inspector[]>()

function inspectorsFor(type: FileTypeId | null): readonly Inspector[] {
  const known = ofType.get(type)
  if (known !== undefined) return known
  const those = inspectors.filter(({ types }) => types === null || (type !== null && types.includes(type)))
  ofType.set(type, those)
  return those
}

/** A parser that ran past the end of a buffer: the file contradicts itself. Everything else is a fault of ours. */
function isUnreadable(error: unknown): boolean {
  return error instanceof RangeError
}

function subjectOf(whole: Whole, place: Place, detected: DetectedType, notes: Notes): Subject {
  const { expansion, members } = whole
  const { bytes, name, depth } = place
  const embedded = detected.type !== null && fileType(detected.type).family !== 'archive'
  return {
    bytes,
    name,
    detected,
    depth,
    expansion,
    observe: (rule, detail) => notes.observe(rule, detail ?? problem(rule).failed),
    uncovered: (reason, detail) => notes.uncovered(reason, detail),
    measure: (measures) => notes.measure(measures),
    member: async (memberName, content) => {
      if (!expansion.entry(depth + 1)) return false
      const path = joined(place.path, memberName)
      const inside = await look(whole, { bytes: content, name: memberName, path, depth: depth + 1 })
      const facts = inside.notes.facts
      members.push({
        path,
        name: ownName(memberName),
        embedded,
        size: content.size,
        detected: inside.detected,
        content: facts,
      })
      return expansion.passed === null
    },
  }
}

/** Of a long name the end is kept, which says what the member is to whoever opens it. */
function ownName(name: string): string {
  return plain(name.slice(-longestPath), longestPath)
}

function joined(path: string, name: string): string {
  const own = plain(name, longestPath)
  return path === '' ? own : `${path} > ${own}`.slice(0, longestPath)
}
