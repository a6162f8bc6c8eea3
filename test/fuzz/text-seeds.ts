/** Good texts of each format, with what its inspector turns on. */
export const texts: Readonly<Record<string, string>> = {
  svg: `<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY a "b">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><style>@import "a.css"; rect { fill: url(#g) }</style>
<script><![CDATA[ alert(1) ]]></script><a xlink:href="javascript:x" onclick="y"><rect width="1"/></a><image href="data:image/png;base64,AAAA"/>
<foreignObject><p>&a;&#x41;</p></foreignObject><!-- comment --></svg>`,
  html: `<!DOCTYPE html><html><head><title>A page</title><meta http-equiv="refresh" content="0; url=javascript:x"><base href="//x">
<link rel="stylesheet" href="a.css"></head><body onload=x()><script src="a.js"></script><img src=x onerror="y"><iframe srcdoc="&lt;p&gt;"></iframe>
<form action="javascript:z"><textarea></textarea></form></body></html>`,
  xml: `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE r [<!ENTITY e SYSTEM "file:///x"><!ENTITY % p "<!ENTITY q 'r'>"> %p; <!ENTITY l1 "lol"><!ENTITY l2 "&l1;&l1;">]>
<?xml-stylesheet href="a.xsl"?><r xmlns:n="urn:x"><n:a b="c">&e;&l2;</n:a><![CDATA[ x ]]></r>`,
  csv: 'name;sum\r\n"Ann ""A""";-12,50\r\n=1+2;@x\r\n"two\nlines";+3\r\n',
  txt: 'Grüße aus Köln\nand a second line\n',
  rtf: `{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\*\\generator x;}{\\field{\\*\\fldinst{HYPERLINK "http://x"}}{\\fldrslt y}}
{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata 01050000020000000800000050617069}}{\\pict\\pngblip 8950}\\bin3 abc\\u8364?\\'e4\\par}`,
  eml: 'From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello\r\n',
  json: '{"a": [1, 2, {"b": "<script>"}]}',
  php: '<?php echo 1; ?>',
}
