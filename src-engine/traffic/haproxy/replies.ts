/**
 * What the runtime socket answers, byte for byte as measured (research/haproxy.md, section E): a command that
 * was carried out is answered by an empty line, a refusal by its text. Other versions word refusals in other
 * ways, so that the emptiness alone decides.
 */

/** Answers to questions that were asked together: each ends with an empty line and has none inside. Null: another number of them. */
export function repliesIn(reply: string, count: number): readonly string[] | null {
  const replies = reply.split('\n\n');
  // Behind the last empty line comes nothing.
  return replies.pop() === '' && replies.length === count ? replies : null;
}

/** The refusal's first line, or null: the command was carried out. */
export function refusalIn(reply: string): string | null {
  const text = reply.trim();
  return text === '' ? null : (text.split('\n')[0] ?? text).slice(0, 200);
}

/** `get weight BACKEND/SERVER`: "80 (initial 20)". Null: it is no such answer. */
export function weightIn(reply: string): number | null {
  const digits = /^(\d{1,3}) \(initial \d{1,3}\)\s*$/.exec(reply)?.[1];
  return digits === undefined ? null : Number(digits);
}

export interface HaproxyInfo {
  readonly pid: number;
  readonly version: string;
  /** The configuration's own text: our shape of it (config.ts). Empty when it has none. */
  readonly description: string;
}

/** `show info`: a line per field, read by name. Null: it is no such answer. */
export function infoIn(reply: string): HaproxyInfo | null {
  const fields = new Map(
    reply.split('\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
  const pid = Number(fields.get('pid'));
  const version = fields.get('version');
  if (!Number.isInteger(pid) || pid <= 0 || version === undefined) return null;
  return { pid, version, description: fields.get('description') ?? '' };
}
