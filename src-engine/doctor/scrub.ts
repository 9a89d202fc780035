import { hostname, userInfo } from 'node:os';

/** What must not leave this machine, whatever tool printed it. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // Serial numbers as ioreg and system_profiler name them (also inside a JSON string, with escaped quotes).
  [
    /((?:\\?")?[\w ]*(?:serial|uuid|udid)[\w ]*(?:\\?")?\s*[=:]\s*)(?:\\?")?[^\s,"\\}]+(?:\\?")?/gi,
    '$1"(removed)"',
  ],
  [
    /((?:\\?")?[\w-]*(?:token|secret|password|passwd|client-key-data|client-certificate-data|psk)[\w-]*(?:\\?")?\s*[=:]\s*)(?:\\?")?[^\s,"\\}]+(?:\\?")?/gi,
    '$1"(removed)"',
  ],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '(mac address removed)'],
  [/-----BEGIN [^-]+-----[\s\S]*?-----END [^-]+-----/g, '(key removed)'],
];

/** Takes serials, secrets, hardware addresses, and this person's and host's names out of a text. */
export function scrub(text: string, env: NodeJS.ProcessEnv): string {
  let clean = text;
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  for (const [word, replacement] of [
    [env['HOME'], '~'],
    [userInfo().username, '(user)'],
    [hostname(), '(host)'],
  ] as const)
    if (word !== undefined && word.length > 3) clean = clean.replaceAll(word, replacement);
  return clean;
}
