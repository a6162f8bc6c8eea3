import { packs } from '../policy/packs.ts'
import type { Policy } from '../policy/policy.ts'
import type { PolicySettings } from './configuration.ts'

/**
 * The settings of a policy over those of its pack; without a pack, over `anything`. A limit that the settings leave out
 * follows a lower one that they set: a request of 10 MiB holds no file of 25 MiB.
 */
export function compilePolicy(name: string, settings: PolicySettings): Policy {
  const { owner, expected, rollback, mode, extends: packName } = settings
  const pack = packs[packName ?? 'anything']
  const request = {
    size: settings.request.size ?? pack.request.size,
    parts: settings.request.parts ?? pack.request.parts,
    channels: settings.request.channels ?? pack.request.channels,
  }
  return {
    name,
    owner,
    expected,
    rollback,
    mode,
    modes: modesOf(settings),
    request,
    fields: compileFields(settings.fields, pack.fields, request),
    files: compileFiles(settings.files, pack.files, request),
    onRefused: settings.onRefused ?? pack.onRefused,
    quarantine: { headers: settings.quarantine.headers ?? pack.quarantine.headers },
  }
}

function modesOf({ modes }: PolicySettings): Policy['modes'] {
  return Object.fromEntries(Object.entries(modes).filter(([, mode]) => mode !== undefined))
}

function compileFields(
  settings: PolicySettings['fields'],
  pack: Policy['fields'],
  request: Policy['request'],
): Policy['fields'] {
  const total = settings.total ?? Math.min(pack.total, request.size)
  return {
    count: settings.count ?? Math.min(pack.count, request.parts),
    size: settings.size ?? Math.min(pack.size, total),
    total,
    allow: settings.allow === undefined ? pack.allow : settings.allow,
    require: settings.require ?? pack.require,
  }
}

function compileFiles(
  settings: PolicySettings['files'],
  pack: Policy['files'],
  request: Policy['request'],
): Policy['files'] {
  return {
    count: settings.count ?? Math.min(pack.count, request.parts),
    size: settings.size ?? Math.min(pack.size, request.size),
    types: settings.types ?? pack.types,
    name: {
      length: settings.name?.length ?? pack.name.length,
      onBad: settings.name?.onBad ?? pack.name.onBad,
    },
    archive: overlay(pack.archive, settings.archive),
    image: overlay(pack.image, settings.image),
    pdf: overlay(pack.pdf, settings.pdf),
    office: overlay(pack.office, settings.office),
    markup: overlay(pack.markup, settings.markup),
    csv: overlay(pack.csv, settings.csv),
    onUnscanned: overlay(pack.onUnscanned, settings.onUnscanned),
    scanners: settings.scanners ?? pack.scanners,
  }
}

/** The settings of a section over those of the pack. */
function overlay<Section extends object>(
  pack: Section,
  settings: { readonly [Key in keyof Section]?: Section[Key] | undefined } | undefined,
): Section {
  const set = Object.entries(settings ?? {}).filter(([, value]) => value !== undefined)
  return { ...pack, ...Object.fromEntries(set) }
}
