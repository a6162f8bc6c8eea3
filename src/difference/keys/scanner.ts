import { type Keys, list, looser, neutral, scale, secret, section } from '../key.ts'

/** Of all kinds of scanners. How long they may take decides how much is unscanned, not how much is let through. */
export const scannerKeys: Keys = {
  type: neutral(),
  address: neutral(),
  url: neutral(),
  method: neutral(),
  sign: section('changed'),
  'sign.key': secret('changed'),
  'sign.id': neutral(),
  connect: neutral('duration'),
  signatureAge: looser('duration', 'loosest'),
  files: list('tightened'),
  largest: neutral('size'),
  archives: scale('unscanned', 'ignore'),
  deny: list('tightened'),
  allow: list('loosened'),
  timeout: neutral('duration'),
  concurrent: neutral(),
  queue: neutral(),
  uploads: looser(),
  wait: neutral('duration'),
  probe: looser('duration', 'loosest'),
  readiness: scale('require', 'report'),
}
