"""Writes the files of a folder as a ZIP into what cannot seek, with one member that may become large."""
import os
import sys
import zipfile


class Pipe:
    def __init__(self, file):
        self.file = file

    def write(self, data):
        return self.file.write(data)

    def flush(self):
        self.file.flush()


folder, output = sys.argv[1:]
with open(output, "wb") as file, zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as archive:
    for root, _, names in os.walk(folder):
        for name in names:
            archive.write(os.path.join(root, name))
    with archive.open("large.txt", "w", force_zip64=True) as member:
        member.write(b"may become large\n" * 100)
