import { z } from 'zod';

/** What `tandem demo` was asked for (design/interface.md, Command line). */
export interface DemoOptions {
  /** One JSON document a line instead of words for people. */
  readonly json: boolean;
  /** No window, also where there is a display. */
  readonly headless: boolean;
  /** Requests a second; 0: no load. */
  readonly load: number;
  readonly front: 'auto' | 'haproxy' | 'embedded';
  /** TANDEM_TIME_SCALE of both engines. */
  readonly timeScale: number;
  /** Lines on standard input move the edge. */
  readonly control: boolean;
}

const FAST = 10;
const schema = z.object({
  json: z.boolean().default(false),
  headless: z.boolean().default(false),
  load: z.coerce.number().int().min(0).max(5000).default(200),
  front: z.enum(['auto', 'haproxy', 'embedded']).default('auto'),
  fast: z.boolean().default(false),
  control: z.boolean().default(false),
});

/** Null when they are none. */
export function demoOptions(flags: unknown): DemoOptions | null {
  const parsed = schema.safeParse(flags);
  if (!parsed.success) return null;
  const { fast, ...rest } = parsed.data;
  return { ...rest, timeScale: fast ? FAST : 1 };
}
