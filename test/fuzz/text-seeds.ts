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
  pdf: `%PDF-1.7
1 0 obj << /Type /Catalog /Pages 2 0 R /OpenAction << /S /J#61vaScript /JS (app.alert\\(1\\)) >> /AcroForm << /XFA 5 0 R >>
/Names << /EmbeddedFiles << /Names [(a.txt) 6 0 R] >> >> /AA << /WC 7 0 R >> >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /Annots [<< /Subtype /Link /A << /S /URI /URI (http://x) >> >> << /Subtype /RichMedia >>] >> endobj
4 0 obj << /Type /ObjStm /N 1 /First 4 /Length 40 >> stream
8 0 << /S /Launch /F (cmd.exe) /Next 7 0 R >>
endstream endobj
5 0 obj << /Length 9 /Filter /ASCIIHexDecode >> stream
3c783e3c>
endstream endobj
6 0 obj << /Type /Filespec /F (a.txt) /EF << /F 5 0 R >> >> endobj
7 0 obj << /S /GoToR /F (b.pdf) /Next [8 0 R] >> endobj
xref
0 1
0000000000 65535 f 
trailer << /Size 9 /Root 1 0 R /Prev 9 /Encrypt 9 0 R /ID [<00> <00>] >>
startxref
9
%%EOF
`,
  php: '<?php echo 1; ?>',
}
