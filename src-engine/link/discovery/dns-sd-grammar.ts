/**
 * What Apple's `dns-sd` prints (mDNSResponder, Clients/dns-sd.c: browse_reply, resolve_reply,
 * addrinfo_reply, ShowTXTRecord). Its columns differ by version, so that only their order counts.
 */

/** Cuts chunks, split anywhere, into lines; a leading space is kept, since it means something here. */
export function lineCutter(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    // No line of ours is as long: what is longer is not kept.
    rest = (lines.pop() ?? '').slice(-4096);
    for (const line of lines) onLine(line.replace(/\r$/, ''));
  };
}

export interface BrowseLine {
  readonly here: boolean;
  readonly instance: string;
}

const BROWSE = /^\s*\d{1,2}:\d\d:\d\d\.\d{3}\s+(Add|Rmv)\s*[0-9A-F]+\s+-?\d+\s+\S+\s+_\S+\s+(.+)$/;

/** A line of `dns-sd -B`: somebody comes or goes; null for any other. */
export function browseLine(line: string): BrowseLine | null {
  const [, verb, instance] = BROWSE.exec(line) ?? [];
  return instance === undefined ? null : { here: verb === 'Add', instance };
}

export interface ReachLine {
  readonly host: string;
  readonly port: number;
}

const REACH = / can be reached at (\S+):(\d{1,5}) \(interface -?\d+\)/;

/** A line of `dns-sd -L`: where it is. The TXT record follows in the next line, after a space. */
export function reachLine(line: string): ReachLine | null {
  const [, host, port] = REACH.exec(line) ?? [];
  return host === undefined ? null : { host, port: Number(port) };
}

const ADDRESS =
  /^\s*\d{1,2}:\d\d:\d\d\.\d{3}\s+Add\s+[0-9A-F]+\s+(?:\S\s+)?-?\d+\s+\S+\s+(\d+\.\d+\.\d+\.\d+)\s+\d+/;

/** A line of `dns-sd -G v4`: an address; null for any other. 0.0.0.0 is how it says "No Such Record". */
export function addressLine(line: string): string | null {
  const address = ADDRESS.exec(line)?.[1] ?? null;
  return address === '0.0.0.0' ? null : address;
}

/** The TXT line of `dns-sd -L`; null when the line is none. A key without a value is ''. */
export function textLine(line: string): Readonly<Record<string, string>> | null {
  if (!line.startsWith(' ') || line.trim() === '') return null;
  const entries = words(line).map((word): [string, string] => {
    const at = word.indexOf('=');
    return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
  });
  return Object.fromEntries(entries);
}

/** It prints for a shell: a backslash before each character that one would take for its own. */
function words(line: string): readonly string[] {
  const found: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === ' ') {
      if (word !== null) found.push(word);
      word = null;
    } else if (character === '\\') {
      at += 1;
      word = (word ?? '') + line.charAt(at);
    } else word = (word ?? '') + character;
  }
  if (word !== null) found.push(word);
  return found.map(plain);
}

/** Beneath that, a backslash of the value is doubled and a byte that cannot be printed is `\xHH`. */
function plain(word: string): string {
  return word.replace(/\\\\|(?:\\x[0-9A-Fa-f]{2})+/g, (escaped) =>
    escaped === '\\\\' ? '\\' : Buffer.from(escaped.replaceAll('\\x', ''), 'hex').toString('utf8'),
  );
}
