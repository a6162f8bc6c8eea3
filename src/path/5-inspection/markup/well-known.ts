import type { ExternalId } from './document-type.ts'

/**
 * Hosts of the document types that ordinary programs name, and where nobody may put files of their own: readers have a
 * copy, or fetch what no sender can change. SVG and XHTML (Illustrator, Inkscape, Graphviz), property lists, DocBook,
 * configuration of Java programs, books, music, journals, feeds.
 */
const publishers = new Set([
  'www.w3.org',
  'w3.org',
  'www.apple.com',
  'www.oasis-open.org',
  'docs.oasis-open.org',
  'docbook.org',
  'www.docbook.org',
  'java.sun.com',
  'xmlns.jcp.org',
  'logging.apache.org',
  'struts.apache.org',
  'tiles.apache.org',
  'jakarta.apache.org',
  'ibatis.apache.org',
  'mybatis.org',
  'hibernate.org',
  'www.hibernate.org',
  'hibernate.sourceforge.net',
  'www.springframework.org',
  'checkstyle.org',
  'www.checkstyle.org',
  'checkstyle.sourceforge.net',
  'www.puppycrawl.com',
  'www.jboss.org',
  'jetty.org',
  'www.eclipse.org',
  'eclipse.dev',
  'docbook.sourceforge.net',
  'p.moreover.com',
  'www.daisy.org',
  'openebook.org',
  'www.idpf.org',
  'www.musicxml.org',
  'www.freedesktop.org',
  'standards.freedesktop.org',
  'www.gnome.org',
  'glade.gnome.org',
  'www.kde.org',
  'www.mozilla.org',
  'my.netscape.com',
  'www.rssboard.org',
  'dtd.nlm.nih.gov',
  'jats.nlm.nih.gov',
  'www.ncbi.nlm.nih.gov',
  'www.tei-c.org',
  'xml.cxml.org',
  'www.wapforum.org',
  'www.web3d.org',
  'ns.adobe.com',
  'www.adobe.com',
  'openoffice.org',
  'www.openoffice.org',
])

const longestAddress = 300

/** A file near the document, of a type that no policy accepts: it was never uploaded with it. */
const near = /^(?:\.\/|(?:\.\.\/){1,3})?(?:\w[\w+-]*\/){0,5}\w[\w.+-]*\.(?:dtd|ent|mod)$/i

/** Words that some programs put in the place of an address. */
const placeholder = /^(?:SYSTEM|about:legacy-compat|urn:[\w.:+-]+|-\/\/[^<>]*)?$/i

/** Whether what an external identifier names is no choice of the sender. */
export function isWellKnown({ systemId }: ExternalId): boolean {
  const address = systemId.trim()
  if (address.length > longestAddress) return false
  if (near.test(address) || placeholder.test(address)) return true
  const host = /^https?:\/\/([\w.-]+)\//i.exec(address)?.[1]?.toLowerCase()
  return host !== undefined && publishers.has(host)
}
