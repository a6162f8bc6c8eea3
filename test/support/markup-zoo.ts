import type { ContentRuleId } from '../../src/problems/catalogue.ts'

/** A file by what it shows, with the rules that must be observed, all of them but `external` and `structure`. */
export type MarkupCase = readonly [what: string, content: string | Buffer, rules: readonly ContentRuleId[]]

export const script: readonly ContentRuleId[] = ['file.markup.script']
export const entities: readonly ContentRuleId[] = ['file.markup.entities']
export const expansion: readonly ContentRuleId[] = ['file.markup.expansion']
export const nothing: readonly ContentRuleId[] = []

const svgSpace = 'http://www.w3.org/2000/svg'
const htmlSpace = 'http://www.w3.org/1999/xhtml'

/** An SVG around this content, with XLink declared. */
export function svg(content: string, prolog = '', attributes = ''): string {
  return `${prolog}<svg xmlns="${svgSpace}" xmlns:xlink="http://www.w3.org/1999/xlink"${attributes}>${content}</svg>`
}

export function html(content: string): string {
  return `<!DOCTYPE html>\n<html><head><title>Page</title></head><body>${content}</body></html>`
}

function subset(declarations: string): string {
  return `<!DOCTYPE svg [${declarations}]>`
}

const svgDoctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'

/** SVG that runs code. */
export const activeSvg: readonly MarkupCase[] = [
  ['a script', svg('<script>alert(1)</script>'), script],
  ['a script in CDATA', svg('<script><![CDATA[alert(1)]]></script>'), script],
  ['a script elsewhere', svg('<script href="https://host.example/x.js"/>'), script],
  ['a script under a prefix', `<x:svg xmlns:x="${svgSpace}"><x:script>alert(1)</x:script></x:svg>`, script],
  ['an HTML script', svg(`<h:script xmlns:h="${htmlSpace}">alert(1)</h:script>`), script],
  [
    'a script in foreignObject',
    svg(`<foreignObject><body xmlns="${htmlSpace}"><script>1</script></body></foreignObject>`),
    script,
  ],
  ['a script in capitals, as HTML reads it', svg('<SCRIPT>alert(1)</SCRIPT>'), script],
  ['a script that HTML sees behind an empty comment', svg('<!--><script>alert(1)</script>-->'), script],
  ['a script that HTML sees behind a comment', svg('<!-- --!><script>alert(1)</script>-->'), script],
  ['a script that HTML sees in a style', svg('<style>/*<img src="x" onerror="alert(1)"/>*/</style>'), script],
  ['a script that HTML sees in CDATA', svg('<desc><![CDATA[><script>alert(1)</script>]]></desc>'), script],
  ['a script behind the > of an instruction', svg('<?x > <script>alert(1)</script> ?>'), script],
  ['a script behind a comment in an instruction', svg('<?x ><!-- ?><script>alert(1)</script><!-- --> '), script],
  ['an event handler', svg('', '', ' onload="alert(1)"'), script],
  ['an event handler in capitals', svg('<g oNcLiCk="alert(1)"/>'), script],
  ['an event handler behind a slash', svg('<g/onclick="alert(1)"/>'), script],
  ['an event handler behind a line end', svg('<g\n\tonclick\n=\n"alert(1)"/>'), script],
  ['an event handler on a foreign element', svg('<x:y xmlns:x="urn:x" onclick="alert(1)"/>'), script],
  ['a handler element', svg('<handler type="application/ecmascript">alert(1)</handler>'), script],
  ['a script link', svg('<a href="javascript:alert(1)"><text>x</text></a>'), script],
  ['an XLink', svg('<a xlink:href="javascript:alert(1)"/>'), script],
  [
    'an XLink under another prefix',
    svg('<a xmlns:l="http://www.w3.org/1999/xlink" l:href="javascript:alert(1)"/>'),
    script,
  ],
  ['a script link in capitals', svg('<a href="JaVaScRiPt:alert(1)"/>'), script],
  ['a script link with a tab', svg('<a href="java&#9;script:alert(1)"/>'), script],
  ['a script link with a line end', svg('<a href="java&#10;script:alert(1)"/>'), script],
  ['a script link behind controls', svg('<a href="&#1; &#x0b;javascript:alert(1)"/>'), script],
  ['a script link in references', svg('<a href="&#x6a;&#97;vascript:alert(1)"/>'), script],
  ['a script link that only HTML resolves', svg('<a href="javascript&colon;alert(1)"/>'), script],
  ['a script link behind much space', svg(`<a href="${' '.repeat(100_000)}javascript:alert(1)"/>`), script],
  ['VBScript', svg('<a href="vbscript:msgbox(1)"/>'), script],
  [
    'a page as data',
    svg('<a href="data:text/html,<script>alert(1)</script>"/>'.replaceAll('<script>alert(1)</script>', 'x')),
    script,
  ],
  ['an SVG as data to go to', svg('<a href="data:image/svg+xml;base64,PHN2Zz4="/>'), script],
  ['an SVG as data to use', svg('<use href="data:image/svg+xml;base64,PHN2Zz4=#x"/>'), script],
  ['any data to use', svg('<use xlink:href="data:application/octet-stream;base64,PHN2Zz4=#x"/>'), script],
  ['an animated link', svg('<a><animate attributeName="href" values="#a;javascript:alert(1)"/></a>'), script],
  ['a link that is set', svg('<a><set attributeName="xlink:href" to="javascript:alert(1)"/></a>'), script],
  ['a handler that is set', svg('<set attributeName="onmouseover" to="alert(1)"/>'), script],
  ['an iframe', svg(`<foreignObject><iframe xmlns="${htmlSpace}" src="x.html"/></foreignObject>`), script],
  ['an object', svg(`<foreignObject><object xmlns="${htmlSpace}" data="x.swf"/></foreignObject>`), script],
  ['an embedded document', svg(`<embed xmlns="${htmlSpace}" src="x.swf"/>`), script],
  ['a refresh', svg(`<meta xmlns="${htmlSpace}" http-equiv="refresh" content="0;url=javascript:alert(1)"/>`), script],
  ['a form action', svg(`<form xmlns="${htmlSpace}"><button formaction="javascript:alert(1)"/></form>`), script],
  ['a style with an expression', svg('<g style="width: exp/**/ression(alert(1))"/>'), script],
  ['a style with an escape', svg('<g style="width: \\65xpression(alert(1))"/>'), script],
  ['a style with a binding', svg('<style>g { -moz-binding: url(http://host.example/x.xml#x) }</style>'), script],
  ['a style with a behaviour', svg('<style>g { behavior: url(x.htc) }</style>'), script],
  ['a style that imports a script', svg("<style>@import 'javascript:alert(1)';</style>"), script],
  [
    'a style with a script in CDATA',
    svg('<style><![CDATA[g{background:url("javascript:alert(1)")}]]></style>'),
    script,
  ],
  ['an instruction with a script', svg('', '<?xml-stylesheet type="text/css" href="javascript:alert(1)"?>'), script],
  ['an instruction with XSLT', svg('', '<?xml-stylesheet type="text/xsl" href="x.xsl"?>'), script],
  ['XSLT inside', svg('<x:template xmlns:x="http://www.w3.org/1999/XSL/Transform"/>'), script],
  ['a handler by default', svg('', subset('<!ATTLIST svg onload CDATA "alert(1)">')), script],
  ['a link by default', svg('<a/>', subset("<!ATTLIST a xlink:href CDATA #FIXED 'javascript:alert(1)'>")), script],
  [
    'a link from an entity',
    svg('<a href="&a;&b;alert(1)"/>', subset('<!ENTITY a "java"><!ENTITY b "script:">')),
    script,
  ],
  ['a comment in a document type that hides nothing', svg('<script/>', subset("<!-- ' ]> --><?x ' ]>?>")), script],
  ['a script of ImageMagick', svg('<image xlink:href="msl:/tmp/x.png" width="1" height="1"/>'), script],
]

/** SVG whose document type loads or unpacks. */
export const declaringSvg: readonly MarkupCase[] = [
  ['an external entity', svg('<text>&x;</text>', subset('<!ENTITY x SYSTEM "file:///etc/passwd">')), entities],
  ['an external entity in capitals', svg('', subset("<!ENTITY x PUBLIC 'a' 'http://host.example/x'>")), entities],
  ['a parameter entity', svg('', subset('<!ENTITY % x SYSTEM "http://host.example/x.dtd"> %x;')), entities],
  ['an external document type', svg('', '<!DOCTYPE svg SYSTEM "http://host.example/x.dtd">'), entities],
  [
    'a public name with an address of its own',
    svg('', '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://host.example/svg11.dtd">'),
    entities,
  ],
  [
    'an address that begins like a known one',
    svg('', '<!DOCTYPE svg SYSTEM "http://www.w3.org@host.example/x.dtd">'),
    entities,
  ],
  ['a document type on this machine', svg('', '<!DOCTYPE svg SYSTEM "/usr/share/xml/x.dtd">'), entities],
  [
    'an inclusion',
    svg('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'),
    entities,
  ],
  ['an entity with markup', svg('&x;', subset('<!ENTITY x "<g>x</g>">')), expansion],
  ['an entity with markup in references', svg('&x;', subset('<!ENTITY x "&#60;script>">')), expansion],
  ['nested entities', svg('&b;', subset('<!ENTITY a "aaa"><!ENTITY b "&a;&a;">')), expansion],
  ['a parameter entity with declarations', svg('', subset(`<!ENTITY % x '<!ENTITY y "z">'> %x;`)), expansion],
  ['a large entity', svg('&x;', subset(`<!ENTITY x "${'x'.repeat(5000)}">`)), expansion],
  ['many uses of an entity', svg('&x;'.repeat(2000), subset(`<!ENTITY x "${'x'.repeat(4000)}">`)), expansion],
  [
    'many uses in an attribute',
    svg(`<text id="${'&x;'.repeat(2000)}"/>`, subset(`<!ENTITY x "${'x'.repeat(4000)}">`)),
    expansion,
  ],
  [
    'many entities',
    svg('', subset(Array.from({ length: 10_001 }, (_, index) => `<!ENTITY e${index} "x">`).join(''))),
    expansion,
  ],
]

/** SVG as drawing programs write it. */
export const harmlessSvg: readonly MarkupCase[] = [
  [
    'Inkscape',
    svg(
      '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" objecttolerance="10"/><inkscape:path-effect xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" only_selected="false"/>',
      `<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- Created with Inkscape -->\n${svgDoctype}\n`,
    ),
    nothing,
  ],
  [
    'Illustrator, with its namespaces as entities',
    svg(
      '<g style="&st0;" i:knockout="Off"/>',
      '<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.0//EN" "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd" [\n<!ENTITY ns_ai "http://ns.adobe.com/AdobeIllustrator/10.0/">\n<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n<!ENTITY st0 "fill:none;stroke:#000;opacity:50%;">\n]>\n',
      ' xmlns:i="&ns_ai;" xmlns:s="&ns_svg;"',
    ),
    nothing,
  ],
  [
    'Adobe, with attributes of its viewer',
    svg(
      '<g/>',
      '<!DOCTYPE svg [\n<!ATTLIST svg xmlns:a3 CDATA #IMPLIED a3:scriptImplementation CDATA #IMPLIED>\n<!ATTLIST script a3:scriptImplementation CDATA #IMPLIED>\n]>',
    ),
    nothing,
  ],
  [
    'Graphviz',
    svg(
      '<g id="graph0" class="graph"><title>G</title><a xlink:href="http://www.graphviz.org/" xlink:title="x"><text>a</text></a></g>',
      `<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n${svgDoctype}\n`,
    ),
    nothing,
  ],
  [
    'matplotlib',
    svg(
      '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:type rdf:resource="http://purl.org/dc/dcmitype/StillImage"/></rdf:RDF></metadata><defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs><use xlink:href="#a" x="1" style="stroke: #000000"/>',
      svgDoctype,
    ),
    nothing,
  ],
  [
    'draw.io, with text in a foreignObject',
    svg(
      `<switch><foreignObject style="overflow: visible; text-align: left;" pointer-events="none" width="100%" height="100%" requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility"><div xmlns="${htmlSpace}" style="display: flex;">Text<br/>more</div></foreignObject><text x="1" y="1">Text</text></switch>`,
    ),
    nothing,
  ],
  [
    'pictures, fonts and filters as data',
    svg(
      '<style>@font-face{font-family:a;src:url(data:font/woff2;base64,d09GMg==)}</style><image href="data:image/png;base64,iVBORw0KGgo="/><image xlink:href="data:image/svg+xml;base64,PHN2Zz4="/><feImage href="data:image/jpeg;base64,/9j/"/>',
    ),
    nothing,
  ],
  [
    'styles and animations',
    svg(
      '<style><![CDATA[ .a > .b { fill: url(#g) } @media print { .a { scroll-behavior: smooth } } ]]></style><animate attributeName="fill" values="red;blue" from="red" to="blue"/>',
    ),
    nothing,
  ],
  [
    'words that look like code',
    svg(
      '<text>&lt;script&gt; javascript: onclick=</text><!-- <script> once --><title>On javascript: links</title><g id="javascript:x" once="1" only="2"/>',
    ),
    nothing,
  ],
]

/** HTML; what is hidden from one reading only is here, and what any page may have. */
export const pages: readonly MarkupCase[] = [
  ['a script', html('<SCRIPT>alert(1)</SCRIPT>'), script],
  ['a handler', html('<p onmouseover=alert(1)>x</p>'), script],
  ['a handler between slashes', html('<img/id="x"onerror=alert(1)>'), script],
  ['a script link', html('<a href=" java\nscript:alert(1)">x</a>'), script],
  ['a script link without semicolons', html('<a href="&#106avascript&#58alert(1)">x</a>'), script],
  ['a refresh', html('<meta http-equiv=Refresh content="0; URL=\'javascript:alert(1)\'">'), script],
  ['a base', html('<base href="javascript:/x/">'), script],
  ['a frame with its own document', html('<iframe srcdoc="&lt;p>x"></iframe>'), script],
  ['a frame with a script link', html('<iframe src="javascript:alert(1)"></iframe>'), script],
  ['a frame with a page as data', html('<iframe src="data:text/html,x"></iframe>'), script],
  ['a style with an expression', html('<p style="width:expression(alert(1))">'), script],
  ['markup in a style within SVG', html('<svg><style><img src=x onerror=alert(1)></style></svg>'), script],
  ['markup in a text that a list ignores', html('<select><xmp><script>alert(1)</script></xmp></select>'), script],
  ['markup behind a bogus CDATA section', html('<![CDATA[ > <img src=x onerror=alert(1)> ]]>'), script],
  ['markup behind an open CDATA section', html('<![CDATA[ > <img src=x onerror=alert(1)>'), script],
  [
    'markup behind the end of noscript',
    html('<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>'),
    script,
  ],
  ['markup behind an empty comment', html('<!--><img src=x onerror=alert(1)>-->'), script],
  ['a script for XML alone', `<html xmlns:x="${htmlSpace}"><x:script>alert(1)</x:script></html>`, script],
  [
    'an external entity',
    `<!DOCTYPE html [<!ENTITY x SYSTEM "http://host.example/x">]><html xmlns="${htmlSpace}">&x;</html>`,
    entities,
  ],
  [
    'a page of text',
    html('<p>Words &amp; <a href="https://host.example/?a=javascript:">links</a>, &lt;script&gt;</p>'),
    nothing,
  ],
  [
    'words in a title and a field',
    '<html><title>The <script> element</title><textarea><p onclick=x></textarea></html>',
    nothing,
  ],
  [
    'frames and pictures from elsewhere',
    html('<iframe src="https://host.example/"></iframe><img src="data:image/png;base64,AA==">'),
    nothing,
  ],
  ['Word', html('<style>v\\:* {behavior:url(#default#VML);}</style><p style="mso-ansi-language:DE">x</p>'), nothing],
  [
    'XHTML',
    `<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n<html xmlns="${htmlSpace}"><body><br/></body></html>`,
    nothing,
  ],
]

/** XML of other kinds: only what a browser or a reader acts on is observed. */
export const documents: readonly MarkupCase[] = [
  ['a script of XHTML', `<doc><b xmlns="${htmlSpace}"><script>alert(1)</script></b></doc>`, script],
  ['a script of SVG', `<doc><s:script xmlns:s="${svgSpace}">alert(1)</s:script></doc>`, script],
  [
    'a script whose namespace is an entity',
    `<!DOCTYPE doc [<!ENTITY n "${htmlSpace}">]><doc xmlns:n="&n;"><n:script/></doc>`,
    script,
  ],
  [
    'a script whose namespace is a default',
    `<!DOCTYPE doc [<!ATTLIST doc xmlns:n CDATA #FIXED "${htmlSpace}">]><doc><n:script/></doc>`,
    script,
  ],
  ['a handler in XHTML', `<doc><p xmlns="${htmlSpace}" onclick="alert(1)"/></doc>`, script],
  [
    'an XSLT program',
    '<?xml version="1.0"?><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>',
    script,
  ],
  ['a simplified XSLT program', '<doc xsl:version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>', script],
  ['a program in the file itself', '<?xml-stylesheet type="text/xsl" href="#x"?><doc/>', script],
  ['a program as data', '<?xml-stylesheet type="text/xsl" href="data:text/xml,x"?><doc/>', script],
  ['an XLink', '<doc xmlns:l="http://www.w3.org/1999/xlink" l:href="javascript:alert(1)"/>', script],
  ['an external entity', '<!DOCTYPE doc [<!ENTITY x SYSTEM "file:///etc/passwd">]><doc>&x;</doc>', entities],
  ['a parameter entity', '<!DOCTYPE doc [<!ENTITY % x SYSTEM "http://host.example/x">%x;]><doc/>', entities],
  [
    'an inclusion of a file',
    '<doc xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="file:///etc/passwd"/></doc>',
    entities,
  ],
  [
    'ten lines of laughs',
    `<!DOCTYPE doc [<!ENTITY l0 "lol">${Array.from({ length: 9 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`).join('')}]><doc>&l9;</doc>`,
    expansion,
  ],
  ['Ant', '<project><script language="javascript">x()</script><target onerror="x"/></project>', nothing],
  [
    'a feed',
    '<?xml version="1.0"?><rss version="2.0"><item><description><![CDATA[<script>x()</script><p onclick="x">]]></description></item></rss>',
    nothing,
  ],
  [
    'a property list',
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0"><dict/></plist>',
    nothing,
  ],
  [
    'OWL',
    `<!DOCTYPE rdf:RDF [<!ENTITY owl "http://www.w3.org/2002/07/owl#"><!ENTITY nbsp "&#160;">]><rdf:RDF xmlns:owl="&owl;" xmlns:rdf="x">${'<a b="&owl;Thing">&nbsp;</a>'.repeat(1000)}</rdf:RDF>`,
    nothing,
  ],
  [
    'a clinical document',
    '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="CDA.xsl"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>',
    nothing,
  ],
  [
    'a document type beside the file',
    '<!DOCTYPE log4j:configuration SYSTEM "log4j.dtd"><log4j:configuration xmlns:log4j="x"/>',
    nothing,
  ],
  ['.NET, which declares what it does not write', '<?xml version="1.0" encoding="utf-16"?><doc>\u00e9</doc>', nothing],
  [
    'an encoding that some readers know',
    '<?xml version="1.0" encoding="UTF-7"?><doc>+ADw-b+AD4-</doc>',
    ['file.text.encoding'],
  ],
]

/** What is beside the rules that refuse. */
export const noted: readonly MarkupCase[] = [
  ['a picture elsewhere', svg('<image href="https://host.example/x.png"/>'), ['file.markup.external']],
  ['a picture on this machine', svg('<image xlink:href="file:///etc/passwd"/>'), ['file.markup.external']],
  ['a symbol elsewhere', svg('<use href="https://host.example/x.svg#a"/>'), ['file.markup.external']],
  ['a style elsewhere', svg('<style>@import "https://host.example/x.css";</style>'), ['file.markup.external']],
  ['a paint elsewhere', svg('<rect fill="url(https://host.example/x.svg#a)"/>'), ['file.markup.external']],
  ['a style sheet elsewhere', svg('', '<?xml-stylesheet type="text/css" href="x.css"?>'), ['file.markup.external']],
  ['a link to elsewhere', svg('<a href="https://host.example/"/>'), nothing],
  [
    'an inclusion from elsewhere',
    '<doc xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="b.xml"/></doc>',
    ['file.markup.external'],
  ],
  ['tags that cross', svg('<a><b></a></b>'), ['file.markup.structure']],
  ['an open tag', svg('<g>'), ['file.markup.structure']],
  ['the same attribute twice', svg('<g id="a" id="b"/>'), ['file.markup.structure']],
  ['an attribute without quotes', svg('<g id=a></g>'), ['file.markup.structure']],
  ['two roots', `${svg('')}${svg('')}`, ['file.markup.structure']],
  ['text behind the root', `${svg('')}x`, ['file.markup.structure']],
  ['an open comment', `${svg('')}<!-- x`, ['file.markup.structure']],
  ['deep nesting', svg('<g>'.repeat(5000) + '</g>'.repeat(5000)), ['file.markup.structure']],
]

/** Cells, and whether a spreadsheet would run them. */
export const cells: readonly (readonly [cell: string, formula: boolean])[] = [
  ...[
    '=1+1',
    ' =1+1',
    '"=1+1"',
    '\uFEFF=1+1',
    '\t=1',
    '\uFF1D1+1',
    "=cmd|' /C calc'!A0",
    "+cmd|'x'!A",
    '@SUM(1+1)',
  ].map(formula),
  ...["-2+3+cmd|' /C calc'!A0", '-SUM(A1)', '+A1', '=HYPERLINK("http://host.example";"x")', '-foo', '=A1'].map(formula),
  ...[
    '',
    '-',
    '--',
    '---',
    '=====',
    '-12.5',
    '+49 30 1234',
    '+49 (0)30 12-34',
    '-1,234.56',
    '-1.234,56 \u20AC',
    '-$5',
  ].map(value),
  ...['\u22125', '-5 kg', '-3 dB', '-5\u00B0C', '-5%', '-1e-5', '-inf', '-NaN', '-12:30', '+1-800-555-1234 ext. 5'].map(
    value,
  ),
  ...[
    '="0012"',
    '@name',
    '@scope/name',
    '@name, a person (retired)',
    "'=1+1",
    'a=1',
    '1-2',
    '+/- 5 or so',
    '-'.repeat(99),
  ].map(value),
]

function formula(cell: string): [string, boolean] {
  return [cell, true]
}

function value(cell: string): [string, boolean] {
  return [cell, false]
}

/** Tables, with the number of formulas in them and the place of the first. */
export const tables: readonly (readonly [what: string, content: string | Buffer, formulas: number, first: string])[] = [
  ['commas', 'a,b\n1,=2\n', 1, 'row 2, column 2'],
  ['semicolons', 'a;b;c\n1,5;-2;=3\n', 1, 'row 2, column 3'],
  ['tabs', 'a\tb\r\n1\t"=2"\r\n', 1, 'row 2, column 2'],
  ['bars', 'a|b\n1|=2\n', 1, 'row 2, column 2'],
  ["Excel's directive", 'sep=!\na!=2\n', 1, 'row 2, column 2'],
  ['old line ends', 'a,b\r1,=2\r', 1, 'row 2, column 2'],
  ['line ends within quotes', '"a\nb","c\n=d"\n=1,2\n', 1, 'row 2, column 1'],
  ['doubled quotes', '"a ""=b""","=""1"""\n"=""1""&A1",x\n', 1, 'row 2, column 1'],
  ['quotes that do not close', 'a,"b\n=1,=2\n', 2, 'row 2, column 1'],
  ['another separator than the own', 'a;b\n1;2,=HYPERLINK("x")\n', 1, 'row 2, column 2'],
  ['sentences', 'a;b\n"x, -more (so to say)";1, -2\n', 0, ''],
  ['UTF-16', Buffer.from('\uFEFFa\tb\n=1\t2\n', 'utf16le'), 1, 'row 2, column 1'],
  ['Western', Buffer.from('n\xe4me,b\n\xe9,=2\n', 'latin1'), 1, 'row 2, column 2'],
  ['JSON that is a table as well', '[1,\n"=2",\n3]', 1, 'row 2, column 1'],
]

/** What a sanitised drawing keeps of this content, and what it leaves out. */
export const sanitised: readonly (readonly [what: string, content: string, result: string])[] = [
  ['shapes', '<g id="a" transform="rotate(45, 1 1)"><path d="M0 0L1 1" fill="url(#g)"/></g>', 'same'],
  ['text', '<text x="1" xml:space="preserve">a &amp; b &lt; c<tspan>d</tspan></text>', 'same'],
  [
    'gradients and filters',
    '<linearGradient id="g" gradientUnits="userSpaceOnUse"><stop offset="0"/></linearGradient>',
    'same',
  ],
  ['local use', '<use xlink:href="#a" width="1"/><use href="#a"/>', 'same'],
  ['pictures as data', '<image xlink:href="data:image/png;base64,iVBORw0KGgo="/>', 'same'],
  ['styles', '<style>.a &gt; .b{fill:url(#g)}</style><g style="fill: red"/>', 'same'],
  ['links', '<a href="https://host.example/?a&amp;b"><text>x</text></a>', 'same'],
  ['a turning wheel', '<animateTransform attributeName="transform" type="rotate" from="0" to="360" dur="1s"/>', 'same'],
  ['a script', '<script>x</script><g/>', '<g/>'],
  ['handlers', '<g onclick="x" id="a"/>', '<g id="a"/>'],
  ['a script link', '<a href="java&#10;script:x"><text>x</text></a>', '<a><text>x</text></a>'],
  ['foreign elements with all that is in them', '<x:a xmlns:x="urn:x"><g/>text</x:a><g/>', '<g/>'],
  [
    'HTML',
    `<switch><foreignObject><p xmlns="${htmlSpace}">x</p></foreignObject><text>x</text></switch>`,
    '<switch><text>x</text></switch>',
  ],
  ['animated links', '<a><set attributeName="href" to="javascript:x"/></a>', '<a></a>'],
  [
    'what an animation may not change',
    '<animateTransform attributeName="xlink:href" to="#a"/>',
    '<animateTransform to="#a"/>',
  ],
  [
    'pictures and symbols elsewhere',
    '<image href="https://host.example/x.png"/><use href="x.svg#a"/>',
    '<image/><use/>',
  ],
  ['SVG as data', '<image href="data:image/svg+xml,x"/>', '<image/>'],
  ['paint elsewhere', '<g fill="url(http://host.example/x#a)"/>', '<g fill="none"/>'],
  [
    'style sheets elsewhere',
    '<style>@import url(x.css);.a{fill:url("x.svg#a")}/*x*/.b{c:d}</style>',
    '<style>.a{fill:none}.b{c:d}</style>',
  ],
  ['styles that hide what they do', '<style>.a{fill:u\\72l(x.svg#a)}</style>', '<style></style>'],
  ['tags in a style', '<style>a{}<g/>b{}</style>', '<style>a{}b{}</style>'],
  ['tags in a title', '<title>a<g/>b</title>', '<title>ab</title>'],
  ['CDATA, comments and instructions', '<text><![CDATA[<b>]]><!-- x --><?x y?></text>', '<text>&lt;b&gt;</text>'],
]
