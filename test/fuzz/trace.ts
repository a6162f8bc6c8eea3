import type { ContentFacts, Inspected } from '../../src/path/types.ts'

/** What inspection found, as a string that is the same for inputs that took the same way through the parsers. */
export function traceOf({ detected, content, members, archive }: Inspected): string {
  const inside = members.slice(0, 20).map((member) => [member.detected.type, ...notesOf(member.content)].join())
  return [detected.type, ...notesOf(content), archive?.depth, ...new Set(inside)].join('|')
}

/** Details without what is quoted in them, and without numbers. */
function notesOf({ observations, uncovered }: ContentFacts): string[] {
  const plain = (detail: string): string => detail.replaceAll(/"[^"]*"|\d+(?:\.\d+)?/g, '_')
  return [
    ...observations.map(({ rule, detail }) => `${rule}:${plain(detail)}`),
    ...uncovered.map(({ reason, detail }) => `${reason}:${plain(detail)}`),
  ]
}
