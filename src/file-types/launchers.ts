/**
 * The rows of the catalogue that start something, or connect to a host, where a desktop opens them: small files and disk
 * images that mail gateways refuse as they refuse programs.
 */
import type { FileType } from './file-type.ts'

export const launchers = {
  url: {
    title: 'internet shortcut',
    family: 'program',
    kind: 'text',
    extensions: ['url', 'website'],
    mediaTypes: ['application/internet-shortcut', 'application/x-url', 'text/x-url'],
  },
  desktop: {
    title: 'Linux desktop entry',
    family: 'program',
    kind: 'text',
    extensions: ['desktop'],
    mediaTypes: ['application/x-desktop', 'application/x-gnome-app-info'],
  },
  scf: {
    title: 'Windows Explorer command',
    family: 'program',
    kind: 'text',
    extensions: ['scf'],
    mediaTypes: ['application/x-ms-scf'],
  },
  library: {
    title: 'Windows library or search',
    family: 'program',
    kind: 'text',
    extensions: ['library-ms', 'searchconnector-ms', 'search-ms'],
    mediaTypes: ['application/windows-library+xml', 'application/windows-search-connector+xml'],
  },
  settings: {
    title: 'Windows settings shortcut',
    family: 'program',
    kind: 'text',
    extensions: ['settingcontent-ms'],
    mediaTypes: ['application/windows-settings+xml'],
  },
  msc: {
    title: 'Windows management console',
    family: 'program',
    kind: 'text',
    extensions: ['msc'],
    mediaTypes: ['application/x-ms-console'],
  },
  clickonce: {
    title: 'ClickOnce application',
    family: 'program',
    kind: 'text',
    extensions: ['application', 'appref-ms'],
    mediaTypes: ['application/x-ms-application'],
  },
  jnlp: {
    title: 'Java Web Start application',
    family: 'program',
    kind: 'text',
    extensions: ['jnlp'],
    mediaTypes: ['application/x-java-jnlp-file'],
  },
  iqy: {
    title: 'Excel web query',
    family: 'program',
    kind: 'text',
    extensions: ['iqy', 'oqy', 'rqy', 'dqy'],
    mediaTypes: ['text/x-ms-iqy', 'text/x-ms-odc'],
  },
  slk: {
    title: 'SYLK spreadsheet',
    family: 'program',
    kind: 'text',
    extensions: ['slk', 'sylk'],
    mediaTypes: ['text/spreadsheet', 'application/x-sylk'],
  },
  one: {
    title: 'OneNote section',
    family: 'program',
    kind: 'signature',
    extensions: ['one', 'onetoc2'],
    mediaTypes: ['application/onenote', 'application/msonenote'],
  },
  vhd: {
    title: 'virtual disk',
    family: 'program',
    kind: 'signature',
    extensions: ['vhd', 'vhdx', 'vmdk', 'qcow2'],
    mediaTypes: [
      'application/x-virtualbox-vhd',
      'application/x-vhd-disk',
      'application/x-virtualbox-vhdx',
      'application/x-vmdk-disk',
      'application/x-qemu-disk',
    ],
  },
} as const satisfies Readonly<Record<string, FileType>>
