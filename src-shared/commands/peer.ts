import { z } from 'zod';
import { linkBreakSchema, ownLinkSchema, pairingSchema, peerSchema } from '../world/peer.ts';
import { command } from './command.ts';

const ownAndPeer = z.object({ link: ownLinkSchema, peer: peerSchema.nullable() });

/** What the other Mac may be asked to do; nothing else passes the link (design/limits.md, CMD). */
export const peerCommandSchema = z.enum(['leave', 'cancel', 'return', 'cluster.start', 'cluster.stop']);
export type PeerCommand = z.infer<typeof peerCommandSchema>;

export const peerCommands = {
  /** Opens the window for 120 s; its course is `link.pairing` of the World. */
  'pair.open': command({ input: z.strictObject({}), output: pairingSchema, renderer: true }),
  /** Knocks at the other Mac, whose window must be open. */
  'pair.dial': command({
    input: z.strictObject({ host: z.string().min(1).max(255) }),
    output: pairingSchema,
    renderer: true,
  }),
  /** The person's answer: are the digits the same on both screens? */
  'pair.answer': command({
    input: z.strictObject({ same: z.boolean() }),
    output: pairingSchema,
    renderer: true,
  }),
  'pair.cancel': command({ input: z.strictObject({}), output: z.object({}), renderer: true }),
  /** Macs that announce an open window on this network: addresses to try, not to be trusted. */
  'pair.nearby': command({
    input: z.strictObject({}),
    output: z.object({ found: z.array(z.object({ name: z.string(), host: z.string() })) }),
    renderer: true,
  }),
  'peer.unpair': command({
    /** `force`: although the edge still serves; what it holds is cut. */
    input: z.strictObject({ yes: z.boolean().default(false), force: z.boolean().optional() }),
    output: ownAndPeer,
    cli: { words: 'unpair' },
    renderer: true,
  }),
  'peer.get': command({ input: z.strictObject({}), output: ownAndPeer, cli: { words: 'peer' } }),
  /** The last breaks with their evidence, newest first. */
  'peer.breaks': command({
    input: z.strictObject({ limit: z.number().int().min(1).max(50).default(20) }),
    output: z.object({ breaks: z.array(linkBreakSchema) }),
    cli: { words: 'peer breaks' },
    renderer: true,
  }),
  /** Records every arrival and own pause to a small rotating file; `on false` ends it. */
  'peer.record': command({
    input: z.strictObject({ on: z.boolean().default(true) }),
    output: z.object({ file: z.string().nullable() }),
    cli: { words: 'peer record' },
  }),
  /** Asks the other Mac's engine to act. */
  'peer.ask': command({
    input: z.strictObject({ command: peerCommandSchema, name: z.string().max(63).optional() }),
    output: z.object({ asked: peerCommandSchema }),
    cli: { words: 'peer ask', positionals: ['command', 'name'] },
    renderer: true,
  }),
  /** May this Mac listen and announce on the network it is on? Remembered by its router. */
  'peer.network': command({
    input: z.strictObject({ trust: z.boolean() }),
    output: ownAndPeer,
    cli: { words: 'peer network' },
    renderer: true,
  }),
};
