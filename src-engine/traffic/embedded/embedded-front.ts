import { isDeepStrictEqual } from 'node:util';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem, Shares } from '../../../src-shared/world/traffic.ts';
import { writePrivately } from '../../platform/files.ts';
import { createTurns, type Turns } from '../../platform/turns.ts';
import { textOf } from '../addresses.ts';
import { allOnCore } from '../front-config.ts';
import type { FrontDocument, FrontState } from '../front/documents.ts';
import type { FrontAdapter, FrontConfig, FrontCounters } from '../ports.ts';
import { explainOwn } from '../process/exit-report.ts';
import { askToStop, configFileOf, controlSocketOf, launchOwn, pidOfState } from '../process/own-program.ts';
import type { DetachedSpec, ProcessPorts, Supervised } from '../process/process-ports.ts';
import { supervise } from '../process/supervisor.ts';
import { frontClient, type FrontClient } from './front-client.ts';

export interface EmbeddedFrontPorts extends ProcessPorts {
  /** The front's program: out/engine/front.js. */
  readonly program: string;
  /** `passage`: behind a gateway, beside which a front of this home may stand. Default: `front`. */
  readonly name?: 'front' | 'passage';
}

/**
 * Most of what a request leaves behind dies young: with 16 MiB for it the collector runs seldom enough not to be
 * seen in the latency (research/haproxy.md, C: the weak point of an own front below 2,000 requests a second).
 */
const NODE_OPTIONS = ['--max-semi-space-size=16', '--max-old-space-size=256'];

interface Life {
  readonly ports: EmbeddedFrontPorts;
  /** Whatever writes: one after another. */
  readonly turns: Turns;
  readonly supervised: Supervised;
  readonly client: FrontClient;
  /** What the front is to serve by, and each start is written from. Null before the first `open`. */
  wanted: FrontDocument | null;
  up: boolean;
}

/**
 * Our own front (front/) as a process of its own: for machines without HAProxy. It deals exactly, in turn, and on a
 * death sends again what may be sent again at that moment. Errors: `frontPortTaken`, `frontDown`, `frontRefused`,
 * `backendInvalid`, `identityUnreadable`, `weightConflict`.
 */
export function embeddedFront(ports: EmbeddedFrontPorts): FrontAdapter {
  const supervised = supervise(
    specOf(ports, () => life.wanted),
    ports,
  );
  const client = frontClient(
    () => supervised.socket(),
    ports.clock,
    // One that died is started again by itself.
    () => void (life.up && supervised.restart()),
  );
  const life: Life = { ports, turns: createTurns(), supervised, client, wanted: null, up: false };
  const listeners = new Set<(state: { up: boolean; problem: Problem | null }) => void>();
  const { turns } = life;
  supervised.onState((state) => {
    life.up = state.up;
    // One that was just starting may have read its configuration before it was told of a death.
    if (state.up && life.wanted?.dead === true) void turns.inTurn(() => stayDead(life));
    for (const listener of listeners) listener(state);
  });
  return {
    kind: 'embedded',
    dealing: 'in-turn',
    open: (config, shares) => turns.inTurn(() => open(life, config, shares)),
    reconfigure: (config, shares) => turns.inTurn(() => reconfigure(life, config, shares)),
    read: () => turns.inTurn(() => read(life)),
    set: (shares) => turns.inTurn(() => set(life, shares)),
    async counters() {
      const state = await client.state();
      return state.ok ? ok(countersOf(state.value)) : state;
    },
    dead: () => dead(life),
    revive: () => turns.inTurn(() => revive(life)),
    onState: (listener) => void listeners.add(listener),
    pid: () => supervised.pid(),
    async dispose(how) {
      await supervised.dispose(how);
      await turns.settled();
    },
  };
}

/** A share that somebody else has lowered stays so: its next start gives the edge no more. */
async function read(life: Life): Promise<Result<Shares>> {
  const state = await life.client.state();
  if (!state.ok) return state;
  const { shares } = state.value;
  const { wanted } = life;
  if (wanted !== null && shares.edge < wanted.shares.edge) life.wanted = { ...wanted, shares };
  return ok(shares);
}

function specOf(ports: EmbeddedFrontPorts, wanted: () => FrontDocument | null): DetachedSpec {
  const { home, name = 'front' } = ports;
  const document = (): FrontDocument => {
    const now = wanted();
    if (now === null) throw new Error('the front is started before it was told what to serve');
    return now;
  };
  return {
    name,
    kind: 'embedded',
    socket: controlSocketOf(home, name),
    listen: () => textOf(document().config.listen),
    async prepare() {
      await writePrivately(configFileOf(home, name), JSON.stringify(document()));
      return launchOwn(ports.program, home, name, NODE_OPTIONS);
    },
    answers: pidOfState,
    askToEnd: askToStop,
    explain: (end) => explainOwn(home, name, 'frontDown', end),
  };
}

function countersOf({ generation, core, edge }: FrontState): FrontCounters {
  return { generation, core, edge };
}

const unopened = () => fail('frontDown', { detail: 'it was never opened' });
const heldOut = () => fail('frontRefused', { line: 'the edge is out until it is revived' });
const noEdge = () => fail('backendInvalid', { address: 'edge' });

function documentOf(config: FrontConfig, shares: Shares, dead: boolean): FrontDocument {
  return config.edge === null ? { config, shares: allOnCore, dead: false } : { config, shares, dead };
}

async function open(life: Life, config: FrontConfig, shares: Shares): Promise<Result<'adopted' | 'started'>> {
  life.wanted = documentOf(config, shares, false);
  const begun = await life.supervised.begin();
  if (!begun.ok || begun.value === 'started') return begun;
  const taken = await takeUp(life, config);
  return taken.ok ? begun : taken;
}

/** Of an adopted process: what it deals is the truth, and stays; another configuration is told to it. */
async function takeUp(life: Life, config: FrontConfig): Promise<Result<void>> {
  const state = await life.client.state();
  if (!state.ok) return state;
  // What was read may be older than a death that was said meanwhile.
  const dead = state.value.dead || life.wanted?.dead === true;
  const shares = dead ? allOnCore : state.value.shares;
  const wanted = documentOf(config, shares, dead);
  life.wanted = wanted;
  if (isDeepStrictEqual(state.value.config, config)) return ok(undefined);
  const done = await life.client.configure(wanted);
  // Refused: it goes on as it is, and its next start is written from that.
  const taken = done.ok ? config : state.value.config;
  if (diedMeanwhile(life, wanted)) await sayDeadAgain(life, taken);
  else if (!done.ok) life.wanted = documentOf(taken, shares, dead);
  if (!done.ok) return done;
  return diedMeanwhile(life, wanted) ? ok(undefined) : agree(wanted.shares, done.value.shares);
}

/** `dead` waits for nobody: it may have been said while something else was under way, which then ends after it. */
function diedMeanwhile({ wanted }: Life, told: FrontDocument): boolean {
  return wanted?.dead === true && !told.dead;
}

/**
 * The front may have heard of the death before what it was just told, which undid it: it is said once more, and
 * whatever it answers, its next start is written without the edge.
 */
async function sayDeadAgain(life: Life, config: FrontConfig): Promise<void> {
  life.wanted = documentOf(config, allOnCore, true);
  if (config.edge !== null) await life.client.dead();
}

function agree(wanted: Shares, found: Shares): Result<void> {
  return wanted.edge === found.edge
    ? ok(undefined)
    : fail('weightConflict', { wanted: wanted.edge, found: found.edge });
}

async function reconfigure(life: Life, config: FrontConfig, shares: Shares): Promise<Result<void>> {
  const before = life.wanted;
  if (before === null) return unopened();
  const next = documentOf(config, shares, before.dead);
  if (next.dead && next.shares.edge > 0) return heldOut();
  if (!life.up) {
    // Dead for the moment: its next start is written from this.
    life.wanted = next;
    return life.supervised.restart();
  }
  const done = await life.client.configure(next);
  if (diedMeanwhile(life, next)) {
    await sayDeadAgain(life, done.ok ? config : before.config);
    return done.ok ? ok(undefined) : done;
  }
  if (!done.ok) return done;
  life.wanted = next;
  return agree(next.shares, done.value.shares);
}

async function set(life: Life, shares: Shares): Promise<Result<Shares>> {
  const before = life.wanted;
  if (before === null) return unopened();
  if (shares.edge > 0 && before.config.edge === null) return noEdge();
  if (shares.edge > 0 && before.dead) return heldOut();
  // Whatever happens on the way: the front starts again with less for the edge, never with more.
  if (shares.edge < before.shares.edge) life.wanted = { ...before, shares };
  const written = await life.client.weights(shares);
  if (!written.ok) return written;
  const agreed = agree(shares, written.value.shares);
  if (!agreed.ok) return agreed;
  // Not what `dead` said meanwhile.
  if (life.wanted?.dead !== true) life.wanted = { ...before, shares };
  return ok(shares);
}

async function dead(life: Life): ReturnType<FrontAdapter['dead']> {
  if (life.wanted === null) return unopened();
  if (life.wanted.config.edge === null) return ok({ resent: 0, cut: [], cutCount: 0 });
  // At once, not in turn: a front that starts meanwhile starts without the edge.
  life.wanted = { ...life.wanted, shares: allOnCore, dead: true };
  return life.client.dead();
}

async function stayDead({ wanted, client, ports }: Life): Promise<void> {
  if (wanted?.dead !== true) return;
  const said = await client.dead();
  if (!said.ok)
    ports.log.warn({ error: said.error }, 'front: it could not be told again that the edge is dead');
}

async function revive(life: Life): Promise<Result<void>> {
  const { wanted, client } = life;
  if (wanted === null) return unopened();
  if (wanted.config.edge === null) return noEdge();
  const revived = await client.revive();
  // It died again meanwhile: that stands, whichever of the two the front heard last.
  if (life.wanted !== wanted) {
    await sayDeadAgain(life, wanted.config);
    return heldOut();
  }
  if (!revived.ok) return revived;
  life.wanted = { ...wanted, shares: allOnCore, dead: false };
  return agree(allOnCore, revived.value.shares);
}
