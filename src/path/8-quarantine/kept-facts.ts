import type { FileFacts, UploadFacts } from '../types.ts'

/** Members of archives that are told of, of all files together. */
const mostMembers = 200

/**
 * What is kept of the facts. Whoever sends archives of thousands of members with long names must not make the entry too
 * large to be kept: members in which something was found come first, and `archive.entries` has the number of all.
 */
export function keptFacts(facts: UploadFacts): UploadFacts {
  let room = mostMembers
  const files = facts.files.map((file): FileFacts => {
    const { inspected } = file
    if (inspected === null || inspected.members.length === 0) return file
    const members = notedFirst(inspected.members).slice(0, room)
    room -= members.length
    return { ...file, inspected: { ...inspected, members } }
  })
  return { ...facts, files }
}

type Members = NonNullable<FileFacts['inspected']>['members']

function notedFirst(members: Members): Members {
  if (members.length <= mostMembers) return members
  const isNoted = ({ content }: Members[number]): boolean => content.observations.length + content.uncovered.length > 0
  return [...members.filter(isNoted), ...members.filter((member) => !isNoted(member))]
}
