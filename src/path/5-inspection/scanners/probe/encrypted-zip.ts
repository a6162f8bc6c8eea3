/** One line of harmless text in a ZIP with a password (traditional encryption); made by `zip -0 -X -P`. */
export const encryptedZip: Buffer = Buffer.from(
  [
    'UEsDBAoACQAAAAAAIVyBz47FLAAAACAAAAAIAAAAbm90ZS50eHSppI9hTtJx92KThncGH2c+ZjzneLNfxzs+yLYw4OeMPLS4go7t',
    '65+odFlmxVBLBwiBz47FLAAAACAAAABQSwECHgMKAAkAAAAAACFcgc+OxSwAAAAgAAAACAAAAAAAAAAAAAAApIEAAAAAbm90ZS50',
    'eHRQSwUGAAAAAAEAAQA2AAAAYgAAAAAA',
  ].join(''),
  'base64',
)
