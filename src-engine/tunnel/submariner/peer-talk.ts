import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { isErrorCode } from '../../../src-shared/errors/codes.ts';
import { submarinerMessageSchema, type PeerFacts } from '../../../src-shared/tunnel-messages.ts';
import { pause } from '../../platform/clock.ts';
import { LONGEST_FILE } from './broker-file.ts';
import type { SubmarinerPorts } from './ports.ts';

/** A question over the link is answered at once, or not at all: the other Tandem is older. */
const ANSWER_MS = 5000;

/** What this Mac tells of its cluster. */
export interface OwnFacts extends Omit<PeerFacts, 'type' | 'id' | 'wallMs'> {
  /** False: its broker did not say which IDs it knows, and `registered` is empty for that. */
  readonly registeredKnown: boolean;
}

/** What the other Mac said. */
interface Said extends Omit<PeerFacts, 'registered'> {
  /** Null: its broker did not answer it. */
  readonly registered: readonly string[] | null;
}

/** What the other Mac said, and how far its clock is from ours. */
export interface PeerWord extends Said {
  readonly skewMs: number;
}

export interface TalkPorts extends Pick<
  SubmarinerPorts,
  'clock' | 'scheduler' | 'log' | 'send' | 'sendSecret' | 'role'
> {
  ownFacts(): Promise<OwnFacts>;
  /** The file that joins a cluster to this Mac's broker. */
  brokerText(): Promise<Result<string>>;
  /** The edge has left: its entries go. False: they could not. */
  forget(clusterId: string): Promise<boolean>;
  forgotten(clusterId: string): Promise<void>;
}

/** What both engines say of Submariner, over the link. */
export interface PeerTalk {
  /** Null: it does not answer. */
  ask(): Promise<PeerWord | null>;
  /** What it said last; null: nothing yet. */
  last(): PeerWord | null;
  /** The core's broker file, by the secret's own way. `peerAway`, or why it has none. */
  askForBroker(): Promise<Result<string>>;
  sayLeft(clusterId: string): boolean;
  /** A TUNNEL frame of this room's; false: it is another one's. */
  heard(payload: unknown): boolean;
  /** A SECRET frame: taken once, while it is waited for. */
  heardSecret(name: string, value: string): void;
}

const secretName = (id: string): string => `submariner-broker/${id}`;

interface Inside {
  readonly ports: TalkPorts;
  readonly facts: Map<string, (facts: Said) => void>;
  readonly secrets: Map<string, (file: Result<string>) => void>;
  last: PeerWord | null;
}

export function openPeerTalk(ports: TalkPorts): PeerTalk {
  const inside: Inside = { ports, facts: new Map(), secrets: new Map(), last: null };
  return {
    ask: () => ask(inside),
    last: () => inside.last,
    askForBroker: () => askForBroker(inside),
    sayLeft: (clusterId) => ports.send({ type: 'submariner.left', clusterId }),
    heard: (payload) => heard(inside, payload),
    heardSecret(name, value) {
      const waiting = inside.secrets.get(name.slice(secretName('').length));
      if (!name.startsWith(secretName('')) || waiting === undefined)
        return ports.log.warn({ name: name.slice(0, 40) }, 'a secret that nobody waits for');
      waiting(ok(value));
    },
  };
}

async function ask(inside: Inside): Promise<PeerWord | null> {
  const { ports, facts } = inside;
  const id = randomUUID();
  const beganMs = ports.clock.monotonicMs();
  const said = await answered<Said>(inside, facts, id, () => ports.send({ type: 'submariner.ask', id }));
  if (said === null) return null;
  // It was written somewhere on the way, and no more is known than half of the round trip: a slow answer is no skew.
  const halfMs = (ports.clock.monotonicMs() - beganMs) / 2;
  const guessMs = said.wallMs + halfMs - ports.clock.wall().getTime();
  const skewMs = Math.sign(guessMs) * Math.max(0, Math.abs(guessMs) - halfMs);
  inside.last = { ...said, skewMs: Math.round(skewMs) };
  return inside.last;
}

async function askForBroker(inside: Inside): Promise<Result<string>> {
  const id = randomUUID();
  const wanted = { type: 'submariner.brokerWanted', id };
  const said = await answered<Result<string>>(inside, inside.secrets, id, () => inside.ports.send(wanted));
  return said ?? fail('peerAway');
}

/** Waits for the one answer to a question; null when it does not come. */
export async function answered<T>(
  { ports }: { readonly ports: Pick<TalkPorts, 'scheduler'> },
  waiting: Map<string, (answer: T) => void>,
  id: string,
  send: () => boolean,
): Promise<T | null> {
  const over = new AbortController();
  try {
    const answer = new Promise<T>((resolve) => waiting.set(id, resolve));
    if (!send()) return null;
    return await Promise.race([answer, pause(ports.scheduler, ANSWER_MS, over.signal).then(() => null)]);
  } finally {
    waiting.delete(id);
    over.abort();
  }
}

function heard(inside: Inside, payload: unknown): boolean {
  const type = typeof payload === 'object' && payload !== null && 'type' in payload ? payload.type : null;
  if (typeof type !== 'string' || !type.startsWith('submariner.')) return false;
  const message = submarinerMessageSchema.safeParse(payload);
  if (!message.success) {
    inside.ports.log.warn({ type: type.slice(0, 40) }, 'a word of the other Mac that means nothing here');
    return true;
  }
  const { ports, facts, secrets } = inside;
  const said = message.data;
  switch (said.type) {
    case 'submariner.ask':
      quietly(ports, tellFacts(ports, said.id));
      break;
    case 'submariner.facts':
      facts.get(said.id)?.({ ...said, registered: isListUnknown(payload) ? null : said.registered });
      break;
    case 'submariner.brokerWanted':
      quietly(ports, giveBroker(ports, said.id));
      break;
    case 'submariner.noBroker':
      secrets.get(said.id)?.(fail(isErrorCode(said.code) ? said.code : 'brokerMissing'));
      break;
    case 'submariner.left':
      quietly(ports, forget(ports, said.clusterId));
      break;
    case 'submariner.forgotten':
      quietly(ports, ports.forgotten(said.clusterId));
      break;
  }
  return true;
}

/** An older Tandem does not say whether its list is whole: it counts as that. */
const isListUnknown = (payload: unknown): boolean =>
  typeof payload === 'object' &&
  payload !== null &&
  'registeredKnown' in payload &&
  payload.registeredKnown === false;

/** A full disk, or a bug, ends no engine: the other Mac gets no answer, and asks again. */
function quietly({ log }: TalkPorts, work: Promise<unknown>): void {
  work.catch((error: unknown) =>
    log.error({ error: String(error) }, 'a word of the other Mac was not answered'),
  );
}

async function forget(ports: TalkPorts, clusterId: string): Promise<void> {
  if (await ports.forget(clusterId)) ports.send({ type: 'submariner.forgotten', clusterId });
}

async function tellFacts(ports: TalkPorts, id: string): Promise<void> {
  const own = await ports.ownFacts();
  ports.send({ type: 'submariner.facts', id, wallMs: ports.clock.wall().getTime(), ...own });
}

/** Only the core has a broker, and only its paired Mac can ask. */
async function giveBroker(ports: TalkPorts, id: string): Promise<void> {
  const file = ports.role() === 'core' ? await ports.brokerText() : fail('brokerMissing');
  const isTooLong = file.ok && file.value.length > LONGEST_FILE;
  if (file.ok && !isTooLong) {
    ports.sendSecret(secretName(id), file.value);
    return;
  }
  ports.send({ type: 'submariner.noBroker', id, code: file.ok ? 'brokerFileBroken' : file.error.code });
}
