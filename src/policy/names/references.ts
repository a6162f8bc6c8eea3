/**
 * Character references that HTML decodes without a semicolon, which Django applies to file names ("&copy" in
 * "terms&copy.pdf"). The list is the one of the HTML standard, §13.5, of names that lack the semicolon.
 */
const legacyNames =
  'AElig|AMP|Aacute|Acirc|Agrave|Aring|Atilde|Auml|COPY|Ccedil|ETH|Eacute|Ecirc|Egrave|Euml|GT|Iacute|Icirc|Igrave|' +
  'Iuml|LT|Ntilde|Oacute|Ocirc|Ograve|Oslash|Otilde|Ouml|QUOT|REG|THORN|Uacute|Ucirc|Ugrave|Uuml|Yacute|aacute|' +
  'acirc|acute|aelig|agrave|amp|aring|atilde|auml|brvbar|ccedil|cedil|cent|copy|curren|deg|divide|eacute|ecirc|' +
  'egrave|eth|euml|frac12|frac14|frac34|gt|iacute|icirc|iexcl|igrave|iquest|iuml|laquo|lt|macr|micro|middot|nbsp|' +
  'not|ntilde|oacute|ocirc|ograve|ordf|ordm|oslash|otilde|ouml|para|plusmn|pound|quot|raquo|reg|sect|shy|sup1|sup2|' +
  'sup3|szlig|thorn|times|uacute|ucirc|ugrave|uml|uuml|yacute|yen|yuml'

const reference = new RegExp(`&(?:#[0-9]|#[xX][0-9a-fA-F]|(?:${legacyNames}))`)

/** Whether HTML decoding would change the text although no reference in it ends in a semicolon. */
export function hasOpenReference(text: string): boolean {
  return reference.test(text)
}

/** Breaks every character reference, with or without semicolon, by replacing its ampersand. */
export function breakReferences(text: string): string {
  return text.replace(/&(?=#?[0-9a-z]{1,32};)/gi, '_').replace(new RegExp(reference, 'g'), (hit) => `_${hit.slice(1)}`)
}
