import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { saferOf } from '../../../src-shared/world/shares.ts';
import type { Shares, Side } from '../../../src-shared/world/traffic.ts';
import { pause } from '../../platform/clock.ts';
import { isAlive } from '../../platform/processes.ts';
import { allOnCore } from '../front-config.ts';
import type { FrontAdapter, FrontConfig, FrontCounters } from '../ports.ts';
import { readProcessRecord } from '../process/process-record.ts';
import { configText, shapeOf } from './config.ts';
import { findHaproxy } from './find-haproxy.ts';
import {
  beginLife,
  checkWanted,
  inputOf,
  keepFileLater,
  removeConfig,
  sayAgainIfEdited,
  type HaproxyPorts,
  type Life,
  type Wanted,
} from './haproxy-life.ts';
import { BACKENDS, SERVERS } from './servers.ts';
import { sideOf } from './stats.ts';
import { takeOut, type TakenOut } from './take-out.ts';

/**
 * HAProxy as the front (design decision 22): a process of its own, supervised, its configuration written with the
 * weights of now before each start. Errors: `frontNotFound`, `frontTooOld`, `frontPortTaken`, `frontRefused`,
 * `backendInvalid`, `frontDown`, `weightConflict`; `frontEdited` is said by `onState` and costs nothing.
 */
export function haproxyFront(ports: HaproxyPorts): FrontAdapter {
  const life = beginLife(ports);
  const { turns, supervised } = life;
  return {
    kind: 'haproxy',
    dealing: 'in-turn',
    open: (config, shares) => turns.inTurn(() => open(life, config, shares)),
    reconfigure: (config, shares) => turns.inTurn(() => reconfigure(life, config, shares)),
    // In turn: between the four writes of one dealing stand shares that nobody wanted.
    read: () => turns.inTurn(() => read(life)),
    set: (shares) => turns.inTurn(() => set(life, shares)),
    counters: () => counters(life),
    dead: () => dead(life),
    revive: () => turns.inTurn(() => revive(life)),
    onState: (listener) => void life.listeners.add(listener),
    pid: () => supervised.pid(),
    async dispose(how) {
      life.isClosed = true;
      await supervised.dispose(how);
      await turns.settled();
      if (how === 'stop') await removeConfig(life);
    },
  };
}

/** A share that somebody else has lowered stays so: its next start gives the edge no more. */
async function read(life: Life): Promise<Result<Shares>> {
  const dealt = await life.client.dealt();
  if (!dealt.ok) return dealt;
  const { shares } = dealt.value;
  const { wanted } = life;
  if (wanted !== null && Math.round(shares.edge) < wanted.shares.edge) {
    life.wanted = { ...wanted, shares };
    keepFileLater(life);
  }
  return ok(shares);
}

function wantedOf(front: FrontConfig, shares: Shares, edgeOut: boolean): Wanted {
  return front.edge === null ? { front, shares: allOnCore, edgeOut: false } : { front, shares, edgeOut };
}

async function open(life: Life, front: FrontConfig, shares: Shares): Promise<Result<'adopted' | 'started'>> {
  const wanted = wantedOf(front, shares, false);
  const text = configText(inputOf(life, wanted));
  if (!text.ok) return text;
  const program = await findHaproxy(life.ports.tools);
  // What runs can be had without the program that it was started from.
  if (!program.ok && !(await isThere(life))) return program;
  if (program.ok) life.program = program.value.path;
  life.wanted = wanted;
  const begun = await life.supervised.begin();
  if (!begun.ok) return begun;
  const found = begun.value === 'adopted' ? await takeUp(life, wanted) : await confirm(life);
  sayAgainIfEdited(life);
  return found.ok ? begun : found;
}

/** A HAProxy of this home that lives and answers. */
async function isThere({ ports }: Life): Promise<boolean> {
  const record = await readProcessRecord(ports.home, 'front');
  return record?.kind === 'haproxy' && (await isAlive(record));
}

/** Of an adopted process: its weights are the truth. One that serves by another configuration is reloaded with them. */
async function takeUp(life: Life, wanted: Wanted): Promise<Result<void>> {
  const dealt = await life.client.dealt();
  if (!dealt.ok) return dealt;
  life.wanted = wantedOf(wanted.front, dealt.value.shares, dealt.value.edgeOut);
  const info = await life.client.info();
  if (info?.description !== shapeOf(inputOf(life, wanted))) {
    const reloaded = await reload(life);
    life.owesReload = !reloaded.ok;
    return reloaded;
  }
  // Said to who opens it, who listens only then.
  keepFileLater(life);
  return ok(undefined);
}

/** What runs deals what was written for it. */
async function confirm(life: Life): Promise<Result<void>> {
  const dealt = await life.client.dealt();
  if (!dealt.ok) return dealt;
  return life.wanted === null ? ok(undefined) : agree(life.wanted.shares, dealt.value.shares);
}

function agree(wanted: Shares, found: Shares): Result<void> {
  // Weights are whole numbers.
  const rounding = Number.isInteger(wanted.edge) ? 0 : 1;
  return Math.abs(wanted.edge - found.edge) <= rounding
    ? ok(undefined)
    : fail('weightConflict', { wanted: wanted.edge, found: found.edge });
}

async function reload(life: Life): Promise<Result<void>> {
  const { supervised } = life;
  const replaced = await (supervised.pid() === null ? supervised.restart() : supervised.replace());
  return replaced.ok ? confirm(life) : replaced;
}

/** A configuration that HAProxy refuses changes nothing. */
async function reconfigure(life: Life, front: FrontConfig, shares: Shares): Promise<Result<void>> {
  const before = life.wanted;
  if (before === null) return unopened();
  const next = wantedOf(front, shares, before.edgeOut);
  if (next.edgeOut && next.shares.edge > 0) return heldOut();
  if (life.state.up && !life.owesReload && shapeOf(inputOf(life, next)) === shapeOf(inputOf(life, before))) {
    const written = await set(life, next.shares);
    return written.ok ? ok(undefined) : written;
  }
  const checked = await checkWanted(life, next);
  if (!checked.ok) return checked;
  life.wanted = asDeathHasIt(life, next);
  const reloaded = await reload(life);
  if (reloaded.ok) life.owesReload = false;
  if (!reloaded.ok && life.state.up) {
    // The old one goes on: what it serves by is what the next start is to be written from.
    life.wanted = asDeathHasIt(life, before);
    keepFileLater(life);
  }
  return reloaded;
}

/** The same, but for an edge that died while it was prepared. */
function asDeathHasIt({ wanted }: Life, next: Wanted): Wanted {
  return wanted?.edgeOut === true ? wantedOf(next.front, allOnCore, true) : next;
}

const unopened = () => fail('frontDown', { detail: 'it was never opened' });
const noEdge = () => fail('backendInvalid', { address: 'edge' });
const heldOut = () => fail('frontRefused', { line: 'the edge is out until it is revived' });

async function set(life: Life, shares: Shares): Promise<Result<Shares>> {
  const { wanted } = life;
  if (wanted === null) return unopened();
  if (shares.edge > 0 && wanted.front.edge === null) return noEdge();
  if (shares.edge > 0 && wanted.edgeOut) return heldOut();
  // Whatever happens on the way: HAProxy starts again with less for the edge, never with more.
  life.wanted = { ...wanted, shares: saferOf(wanted.shares, shares) };
  const written = await life.client.write(shares);
  if (!written.ok) return written;
  const agreed = agree(shares, written.value.shares);
  if (!agreed.ok) return agreed;
  // Not what `dead` said meanwhile.
  if (!life.wanted.edgeOut) life.wanted = { ...wanted, shares };
  keepFileLater(life);
  return ok(written.value.shares);
}

async function counters({ client }: Life): Promise<Result<FrontCounters>> {
  const counted = await client.counted();
  if (!counted.ok) return counted;
  const { pid, stats } = counted.value;
  const side = (name: Side) => sideOf(stats, SERVERS[name].traffic, SERVERS[name].check);
  return ok({ generation: String(pid), core: side('core'), edge: side('edge') });
}

/** Not in turn: nothing that is being changed may hold it up. */
async function dead(life: Life): ReturnType<FrontAdapter['dead']> {
  if (life.wanted === null) return unopened();
  if (life.wanted.front.edge === null) return ok({ resent: 0, cut: [], cutCount: 0 });
  // An HAProxy that starts meanwhile starts without the edge.
  life.wanted = { ...life.wanted, shares: allOnCore, edgeOut: true };
  const out = await takeEdgeOut(life);
  // One that was just starting may have read its configuration before.
  const again = life.turns.inTurn(() => keepEdgeOut(life));
  const outcome = out.ok ? out : await again;
  return outcome.ok ? ok({ ...outcome.value, cut: [] }) : outcome;
}

function takeEdgeOut({ client, ports }: Life): Promise<Result<TakenOut>> {
  return takeOut(client, (delayMs) => pause(ports.scheduler, delayMs));
}

/** One that died is back, without the edge, sooner than this. */
const BACK_MS = 2000;
const ASK_AGAIN_MS = 50;

async function keepEdgeOut(life: Life): Promise<Result<TakenOut>> {
  const { client, ports } = life;
  const end = ports.clock.monotonicMs() + BACK_MS;
  let dealt = await client.dealt();
  while (!dealt.ok && !life.isClosed && ports.clock.monotonicMs() < end) {
    await pause(ports.scheduler, ASK_AGAIN_MS);
    dealt = await client.dealt();
  }
  if (!dealt.ok) return dealt;
  keepFileLater(life);
  const isDone = dealt.value.edgeOut || life.wanted?.edgeOut !== true;
  return isDone ? ok({ resent: 0, cutCount: 0 }) : takeEdgeOut(life);
}

/** Only `maint` empties the pool of connections to the edge of before: it comes first, whatever was (research, last section). */
async function revive(life: Life): Promise<Result<void>> {
  const { wanted, client } = life;
  if (wanted === null) return unopened();
  if (wanted.front.edge === null) return noEdge();
  const each = (state: string): string[] =>
    BACKENDS.map((backend) => `set server ${backend}/edge state ${state}`);
  const emptied = await client.tell(each('maint'));
  if (!emptied.ok) return emptied;
  const written = await client.write(allOnCore);
  if (!written.ok) return written;
  const ready = await client.tell(each('ready'));
  if (!ready.ok) return ready;
  const dealt = await client.dealt();
  if (!dealt.ok) return dealt;
  // It died again meanwhile: that stands, and is seen to next.
  if (dealt.value.edgeOut || life.wanted !== wanted) return heldOut();
  life.wanted = { ...wanted, shares: allOnCore, edgeOut: false };
  keepFileLater(life);
  return agree(allOnCore, dealt.value.shares);
}
