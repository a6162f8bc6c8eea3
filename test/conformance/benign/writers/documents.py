"""Documents as Python programs write them, into the current directory."""
import csv
import email.message
import email.policy
import json
import plistlib
import xml.etree.ElementTree as tree

from reportlab.lib import pdfencrypt  # noqa: F401  (part of the package under test)
from reportlab.pdfgen import canvas


def pdf(name, **options):
    page = canvas.Canvas(name, **options)
    page.setTitle("Figures")
    for number in range(1, 6):
        page.bookmarkPage(str(number))
        page.addOutlineEntry(f"Page {number}", str(number))
        page.drawString(72, 720, f"Page {number}")
        page.drawImage("picture.png", 72, 400, 160, 120)
        page.linkURL("https://example.org/", (72, 700, 200, 740))
        page.acroForm.textfield(name=f"name{number}", x=72, y=300, width=200, height=20)
        page.showPage()
    page.save()


pdf("reportlab.pdf")
pdf("reportlab-compressed.pdf", pageCompression=1)

rows = [["name", "sum", "note"], ["Ann", "-12.50", 'says "hi"'], ["Zoë", "+3", "two\nlines"], ["Bo", "1e6", "=2+3"]]
with open("dos.csv", "w", newline="") as file:
    csv.writer(file).writerows(rows)
with open("excel.csv", "w", newline="", encoding="utf-8-sig") as file:
    csv.writer(file, delimiter=";").writerows(rows)
with open("western.csv", "w", newline="", encoding="cp1252") as file:
    csv.writer(file, delimiter=";").writerows(rows)
with open("utf16.txt", "w", encoding="utf-16") as file:
    file.write("Grüße aus Köln\n" * 20)
with open("tabs.tsv", "w", newline="") as file:
    csv.writer(file, dialect="excel-tab").writerows(rows)
with open("data.json", "w") as file:
    json.dump({"rows": rows, "html": "<b>bold</b>"}, file, indent=2)
with open("list.xml", "wb") as file:
    plistlib.dump({"rows": rows}, file)

feed = tree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
for row in rows:
    tree.SubElement(feed, "entry").text = " ".join(row) + " <script> is a word"
tree.ElementTree(feed).write("feed.xml", encoding="utf-8", xml_declaration=True)

message = email.message.EmailMessage(email.policy.SMTP)
message["From"], message["To"], message["Subject"] = "ann@example.org", "bo@example.org", "Grüße"
message["Message-ID"], message["Date"] = "<1@example.org>", "Fri, 02 Jan 2026 03:04:05 +0000"
message.set_content("Hello")
message.add_alternative("<p>Hello</p>", subtype="html")
with open("picture.png", "rb") as file:
    message.add_attachment(file.read(), "image", "png", filename="picture.png")
with open("message.eml", "wb") as file:
    file.write(bytes(message))
