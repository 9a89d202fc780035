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

/**
 * The same for every string inside a value. Done before it becomes JSON: what is put in the place of a secret
 * may hold quotes, and those would break the document.
 */
export function scrubAll(value: unknown, env: NodeJS.ProcessEnv): unknown {
  if (typeof value === 'string') return scrub(value, env);
  if (Array.isArray(value)) return value.map((item) => scrubAll(item, env));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scrubAll(item, env)]));
}
