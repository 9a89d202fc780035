import { z } from 'zod';
import { isoTime } from './measured.ts';

/** Something that deserves a person's attention, once. Its words are in language/ (`notice.KIND.title`, `.body`). */
export const noticeSchema = z.object({
  id: z.string(),
  /** A newer notice of the same category replaces this one. */
  category: z.enum(['stage', 'operation', 'engine', 'link', 'pairing', 'digits', 'handoff']),
  kind: z.enum([
    'stageEntered',
    'stageCleared',
    'operationFinished',
    'operationFailed',
    'operationRecovered',
    'peerLost',
    'peerBack',
    'peerLeft',
    'peerWeak',
    'networkAsked',
    'pairingAsked',
    'peerUnpaired',
    'handoffWarned',
    'handoffMoved',
    'handoffReturned',
    'handoffHeld',
    'handoffLost',
  ]),
  severity: z.enum(['info', 'warning', 'critical']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  at: isoTime,
  /** True until what it tells of is over; the tray keeps a dot meanwhile. */
  open: z.boolean(),
});
export type Notice = z.infer<typeof noticeSchema>;
