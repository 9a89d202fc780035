import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { exportsMessageSchema, type ExportsMessage } from '../../../src-shared/tunnel-messages.ts';
import { writePrivately } from '../../platform/files.ts';

const exportSchema = z.object({
  namespace: z.string().max(63),
  name: z.string().max(56),
  names: z.boolean(),
});
/** What a person exported. */
export type LanExport = z.infer<typeof exportSchema>;

const fileSchema = z.object({
  exports: z.array(exportSchema).max(64),
  /** What the other Mac said last, and which Mac that was: an engine that begins anew takes nothing away before it says it again. */
  peer: z.object({ pin: z.string(), said: exportsMessageSchema }).nullable(),
  /** What this Mac said last: an export that cannot be seen stays said. */
  told: exportsMessageSchema.nullable(),
});

export interface LanMemory {
  exports(): readonly LanExport[];
  setExports(exports: readonly LanExport[]): Promise<void>;
  /** Null: it never said anything, or another Mac did. */
  said(pin: string): ExportsMessage | null;
  setSaid(pin: string, said: ExportsMessage): Promise<void>;
  told(): ExportsMessage | null;
  setTold(told: ExportsMessage): Promise<void>;
  /** Nobody is paired any more: what was exported was for that Mac. */
  forget(): Promise<void>;
}

/** `run/lan.json`: what cannot be read anew from anywhere. */
export async function openLanMemory(runFolder: string): Promise<LanMemory> {
  const file = join(runFolder, 'lan.json');
  let kept = await readKept(file);
  const write = async (next: typeof kept): Promise<void> => {
    if (isDeepStrictEqual(kept, next)) return;
    kept = next;
    await writePrivately(file, JSON.stringify(next));
  };
  return {
    exports: () => kept.exports,
    setExports: (exports) => write({ ...kept, exports: [...exports] }),
    said: (pin) => (kept.peer?.pin === pin ? kept.peer.said : null),
    setSaid: (pin, said) => write({ ...kept, peer: { pin, said } }),
    told: () => kept.told,
    setTold: (told) => write({ ...kept, told }),
    forget: () => write(nothing),
  };
}

const nothing: z.infer<typeof fileSchema> = { exports: [], peer: null, told: null };

async function readKept(file: string): Promise<z.infer<typeof fileSchema>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return nothing;
  }
}
