import { z } from 'zod';

const processRef = { pid: z.number().int().min(1), startedAt: z.string() };

/** What a demo leaves behind if nobody removes it. */
export const leavingSchema = z.discriminatedUnion('kind', [
  /** A process, and with `leads` the group that it leads. */
  z.object({ kind: z.literal('process'), ...processRef, leads: z.boolean() }),
  /** The home of one of its Macs: what was started from it, and its files. */
  z.object({ kind: z.literal('home'), root: z.string().min(1) }),
  z.object({ kind: z.literal('folder'), path: z.string().min(1) }),
  /** The edge's network and the wire to it (place.ts). */
  z.object({ kind: z.literal('namespace'), ip: z.string(), name: z.string(), wire: z.string() }),
]);
export type Leaving = z.infer<typeof leavingSchema>;

/** Null for half a line: who wrote it was killed in the middle. */
export function parseLeaving(line: string): Leaving | null {
  try {
    const parsed = leavingSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * The turns in which they go, each all at once: processes first, since they use the rest, and an engine holds its
 * home; the network last.
 */
export function turnsOf(leavings: readonly Leaving[]): Leaving[][] {
  const kinds: readonly Leaving['kind'][] = ['process', 'home', 'folder', 'namespace'];
  return kinds
    .map((kind) => leavings.filter((leaving) => leaving.kind === kind))
    .filter(({ length }) => length > 0);
}
