import { randomUUID } from 'node:crypto';
import {
  ciliumMessageSchema,
  type PeerFacts,
  type SharedService,
} from '../../../src-shared/cilium-messages.ts';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { answered } from '../submariner/peer-talk.ts';
import { LONGEST_ACCESS } from './access.ts';
import type { CiliumPorts } from './ports.ts';

export interface TalkPorts extends Pick<CiliumPorts, 'scheduler' | 'log' | 'send' | 'sendSecret'> {
  /**
   * What this Mac tells of its cluster.
   *
   * @param of the other Mac's cluster, where it asks how the agents here reach it
   */
  ownFacts(of: string | null): Promise<Omit<PeerFacts, 'type' | 'id'>>;
  /** The kubeconfig that reaches this Mac's cluster from the other; `ciliumPeerHolds`, `ciliumPeerBusy`, `ciliumPeerApiHidden`. */
  ownAccess(): Promise<Result<string>>;
  /** All that the other Mac exports. */
  exported(services: readonly SharedService[]): Promise<void>;
  /** The other Mac has taken the clusters apart. */
  left(): Promise<void>;
}

/** What both engines say of Cluster Mesh, over the link. */
export interface PeerTalk {
  /**
   * Null: it does not answer.
   *
   * @param of this Mac's cluster, to hear how the agents over there reach it
   */
  ask(of?: string): Promise<PeerFacts | null>;
  /** What it said last; null: nothing yet. */
  last(): PeerFacts | null;
  /** What it said in another session, or another Mac did, says nothing now. */
  forget(): void;
  /** A kubeconfig of its cluster, by the secret's own way. */
  askForAccess(): Promise<Result<string>>;
  /** A TUNNEL frame of this room's; false: it is another one's. */
  heard(payload: unknown): boolean;
  /** A SECRET frame: taken once, while it is waited for; false: it is another one's. */
  heardSecret(name: string, value: string): boolean;
}

const SECRET = 'cilium-kubeconfig/';
/** Nobody's word but these is taken over the wire. */
const withheld = ['ciliumPeerApiHidden', 'ciliumPeerBusy'] as const;

interface Inside {
  readonly ports: TalkPorts;
  readonly facts: Map<string, (facts: PeerFacts) => void>;
  readonly secrets: Map<string, (access: Result<string>) => void>;
  last: PeerFacts | null;
}

export function openPeerTalk(ports: TalkPorts): PeerTalk {
  const inside: Inside = { ports, facts: new Map(), secrets: new Map(), last: null };
  return {
    async ask(of) {
      const id = randomUUID();
      const send = (): boolean => ports.send({ type: 'cilium.ask', id, of: of ?? null });
      const said = await answered<PeerFacts>(inside, inside.facts, id, send);
      if (said !== null) inside.last = said;
      return said;
    },
    last: () => inside.last,
    forget: () => void (inside.last = null),
    async askForAccess() {
      const id = randomUUID();
      const send = (): boolean => ports.send({ type: 'cilium.accessWanted', id });
      return (await answered<Result<string>>(inside, inside.secrets, id, send)) ?? fail('peerAway');
    },
    heard: (payload) => heard(inside, payload),
    heardSecret(name, value) {
      if (!name.startsWith(SECRET)) return false;
      const waiting = inside.secrets.get(name.slice(SECRET.length));
      if (waiting === undefined)
        ports.log.warn({ name: name.slice(0, 60) }, 'a secret that nobody waits for');
      else waiting(ok(value));
      return true;
    },
  };
}

function heard(inside: Inside, payload: unknown): boolean {
  const type = typeof payload === 'object' && payload !== null && 'type' in payload ? payload.type : null;
  if (typeof type !== 'string' || !type.startsWith('cilium.')) return false;
  const message = ciliumMessageSchema.safeParse(payload);
  if (!message.success) {
    inside.ports.log.warn({ type: type.slice(0, 40) }, 'a word of the other Mac that means nothing here');
    return true;
  }
  const { ports, facts, secrets } = inside;
  const said = message.data;
  switch (said.type) {
    case 'cilium.ask':
      quietly(ports, tellFacts(ports, said.id, said.of));
      break;
    case 'cilium.facts':
      facts.get(said.id)?.(said);
      break;
    case 'cilium.accessWanted':
      quietly(ports, giveAccess(ports, said.id));
      break;
    case 'cilium.noAccess':
      secrets.get(said.id)?.(fail(withheld.find((code) => code === said.code) ?? 'ciliumPeerHolds'));
      break;
    case 'cilium.exports':
      quietly(ports, ports.exported(said.services));
      break;
    case 'cilium.left':
      quietly(ports, ports.left());
      break;
  }
  return true;
}

/** A full disk, or a bug, ends no engine: the other Mac gets no answer, and asks again. */
function quietly({ log }: TalkPorts, work: Promise<unknown>): void {
  work.catch((error: unknown) =>
    log.error({ error: String(error) }, 'a word of the other Mac was not answered'),
  );
}

async function tellFacts(ports: TalkPorts, id: string, of: string | null): Promise<void> {
  ports.send({ type: 'cilium.facts', id, ...(await ports.ownFacts(of)) });
}

/** Only the paired Mac can ask, and only where Cluster Mesh was enabled by a person. */
async function giveAccess(ports: TalkPorts, id: string): Promise<void> {
  const access = await ports.ownAccess();
  const isTooLong = access.ok && access.value.length > LONGEST_ACCESS;
  if (access.ok && !isTooLong) {
    ports.sendSecret(`${SECRET}${id}`, access.value);
    return;
  }
  ports.send({ type: 'cilium.noAccess', id, code: access.ok ? 'ciliumPeerHolds' : access.error.code });
}
