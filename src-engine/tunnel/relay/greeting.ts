import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { pause, type Scheduler } from '../../platform/clock.ts';

/** What is said between two relays before a connection is carried: a line of JSON each. */

const service = {
  namespace: z.string().max(63),
  name: z.string().max(63),
  port: z.number().int().min(1).max(65_535),
};
export const askSchema = z.discriminatedUnion('ask', [
  /** From here on the connection is the service's. */
  z.object({ ask: z.literal('open'), ...service }),
  /** What is exported, and is it healthy? The connection is kept for the next question. */
  z.object({ ask: z.literal('look') }),
]);
export type Ask = z.infer<typeof askSchema>;

export const openAnswerSchema = z.object({ ok: z.boolean() });
export const lookAnswerSchema = z.object({
  services: z.array(z.object({ ...service, healthy: z.boolean() })).max(2048),
});

/** Names of services: a look fits many times over. */
const LONGEST_LINE_BYTES = 256 * 1024;

export function sayLine(stream: Duplex, words: unknown): void {
  if (!stream.destroyed) stream.write(`${JSON.stringify(words)}\n`);
}

/**
 * The next line as JSON that fits the schema; what comes behind it stays in the stream. Null: something else, too long,
 * the end, or nothing within the limit.
 *
 * @param limitMs null: as long as it takes
 */
export async function hearLine<T>(
  stream: Duplex,
  schema: z.ZodType<T>,
  scheduler: Scheduler,
  limitMs: number | null,
): Promise<T | null> {
  const over = new AbortController();
  const line = nextLine(stream, over.signal);
  const late = limitMs === null ? null : pause(scheduler, limitMs, over.signal).then(() => null);
  const text = await (late === null ? line : Promise.race([line, late]));
  over.abort();
  return text === null ? null : parsed(text, schema);
}

function parsed<T>(text: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function nextLine(stream: Duplex, over: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const end = (text: string | null): void => {
      stream.off('readable', onReadable);
      stream.off('close', onEnd);
      stream.off('end', onEnd);
      over.removeEventListener('abort', onEnd);
      resolve(text);
    };
    const onEnd = (): void => end(null);
    function onReadable(): void {
      for (let piece = read(stream); piece !== null; piece = read(stream)) {
        heard = Buffer.concat([heard, piece]);
        const at = heard.indexOf('\n');
        if (at >= 0) {
          const rest = heard.subarray(at + 1);
          if (rest.length > 0) stream.unshift(rest);
          return end(heard.subarray(0, at).toString('utf8'));
        }
        if (heard.length > LONGEST_LINE_BYTES) return end(null);
      }
    }
    if (stream.destroyed || stream.readableEnded) return end(null);
    stream.on('readable', onReadable);
    stream.once('close', onEnd);
    stream.once('end', onEnd);
    over.addEventListener('abort', onEnd);
    onReadable();
  });
}

const read = (stream: Duplex): Buffer | null => stream.read() as Buffer | null;
