/**
 * Where a link leads. `code`: it runs when it is followed. `page`: data that a browser opens as a page (HTML, XML, SVG).
 * `picture`: SVG data, which runs nothing where a picture is expected. `command`: a word that ImageMagick, drawing the
 * file, takes for an instruction. `here`: nothing is loaded. `elsewhere`: another file or host.
 */
export type LinkKind = 'code' | 'page' | 'picture' | 'command' | 'here' | 'elsewhere'

/** What browsers skip in a scheme (WHATWG URL §4.4), and what older ones skipped as well. */
// oxlint-disable-next-line no-control-regex
const skipped = /[\0-\x20\x7F-\xA0\u200B-\u200F\u2028\u2029\uFEFF]+/g

const code = /^(?:(?:view-source|feed|jar|wyciwyg):)*(?:javascript|vbscript|jscript|livescript|ecmascript|mocha):/i
const command = /^(?:msl|mvg|ephemeral|label|caption|pango|vid|inline|show|win|plt):/i
const nowhere = /^(?:#|cid:|mid:|about:|mailto:|tel:|sms:|urn:|tag:|blob:)/i
const dataType = /^data:([^,;]*)/i

export function linkKind(value: string): LinkKind {
  const link = value.replace(skipped, '')
  if (link === '' || nowhere.test(link)) return 'here'
  if (code.test(link)) return 'code'
  const type = dataType.exec(link)?.[1]?.toLowerCase()
  if (type !== undefined) return dataKind(type)
  return command.test(link) ? 'command' : 'elsewhere'
}

function dataKind(type: string): LinkKind {
  if (/svg/.test(type)) return 'picture'
  return /html|xml|xsl|script/.test(type) ? 'page' : 'here'
}
