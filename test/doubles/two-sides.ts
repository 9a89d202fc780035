import { handoffMessageSchema, type HandoffMessage } from '../../src-shared/handoff-messages.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { LinkState } from '../../src-shared/world/peer.ts';
import { openKeeper } from '../../src-engine/handoff/keeper/keeper.ts';
import { openLeaver } from '../../src-engine/handoff/leaver/leaver.ts';
import type { ClusterStopper, LinkFact } from '../../src-engine/handoff/ports.ts';
import type { HandoffReport } from '../../src-engine/handoff/report/report.ts';
import type { Keeper, KeeperPorts, Leaver } from '../../src-engine/handoff/room-ports.ts';
import { pause, type Scheduler } from '../../src-engine/platform/clock.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { ok } from '../../src-shared/errors/result.ts';
import { fakeTime } from './fake-time.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { twoFront } from './two-front.ts';

export type Who = 'core' | 'edge';

/** A message on its way, as the wire saw it. */
export interface Passing {
  readonly at: number;
  readonly from: Who;
  readonly message: HandoffMessage;
}

const DELAY_MS = 5;
const STOP_MS = 4000;
const START_MS = 6000;
/** FIN of a killed program; a new one is heard after its session and three clean seconds. */
const CRASHED_MS = 600;
const AGAIN_MS = 3200;

interface Options {
  readonly timeScale?: number;
  /** Before a message is delivered; false: it is lost. */
  readonly onMessage?: (passing: Passing, index: number, sides: Sides) => boolean;
}

/** A real keeper and a real leaver over a wire that loses nothing by itself, in time that moves when told. */
export function twoSides({ timeScale = 10, onMessage }: Options = {}) {
  const time = fakeTime();
  // The leaver writes at once, which fake time does not mind; the keeper's record is the test's to hold.
  const journalFile = `${temporaryFolder('two-sides')}/leaver.json`;
  const world = twoFront(time.scheduler);
  const passed: Passing[] = [];
  const reports: HandoffReport[] = [];
  const notes: string[] = [];
  const stops: { readonly edgeShare: number }[] = [];
  const links: Record<Who, LinkState> = { core: 'up', edge: 'up' };
  const lives: Record<Who, Life | null> = { core: null, edge: null };
  let bootId = 'boot-1';
  let keeper: Keeper | null = null;
  let leaver: Leaver | null = null;
  let seen: Handoff | null = null;
  const fact = (who: Who): LinkFact => ({
    state: links[who],
    class: links[who] === 'down' ? 'APP_CRASHED' : null,
    byeReason: links[who] === 'left' ? 'sleep' : null,
    silenceMs: links[who] === 'up' ? 100 : 2600,
  });
  const other = (who: Who): Who => (who === 'core' ? 'edge' : 'core');
  function send(life: Life, from: Who, message: HandoffMessage): boolean {
    if (!life.lives || links[from] !== 'up' || lives[other(from)] === null) return false;
    // As the wire does it: what cannot be said in JSON does not arrive.
    const copy = handoffMessageSchema.parse(JSON.parse(JSON.stringify(message)));
    time.scheduler.after(DELAY_MS, () => {
      const passing: Passing = { at: time.clock.monotonicMs(), from, message: copy };
      passed.push(passing);
      if (onMessage?.(passing, passed.length - 1, sides) === false) return;
      if (lives[other(from)] === null || links[from] !== 'up') return;
      (from === 'core' ? leaver : keeper)?.hear(copy);
    });
    return true;
  }
  const cluster: ClusterStopper = {
    running: () => (world.edge.cluster === 'running' ? 'tandem' : null),
    async stop(limitMs) {
      stops.push({ edgeShare: world.front.shares.edge });
      await pause(time.scheduler, Math.min(STOP_MS, limitMs));
      world.edge.cluster = 'stopped';
      world.tellWatchers();
      return ok({ forced: false, stoppedMs: STOP_MS });
    },
    async start() {
      await pause(time.scheduler, START_MS);
      world.edge.cluster = 'running';
      world.tellWatchers();
      return ok(undefined);
    },
    ready: () => world.edge.cluster === 'running',
  };
  function shared(life: Life, who: Who) {
    return {
      clock: time.clock,
      scheduler: mortal(life, time.scheduler),
      log: silentLog,
      timeScale,
      courier: {
        send: (message: HandoffMessage) => send(life, who, message),
        leaveNow: async (message: HandoffMessage) => send(life, who, message),
      },
      link: () => fact(who),
      settings: () => ({ shares: { core: 20, edge: 80 }, deadlineMs: 120_000 }),
      mayAct: () => true,
      publish: (handoff: Handoff) => {
        if (life.lives && who === 'core') seen = handoff;
      },
      note: (kind: string, what: string) => void notes.push(`${who} ${kind} ${what}`),
      report: (report: HandoffReport) => `r${reports.push(report)}`,
    } satisfies Partial<KeeperPorts>;
  }
  async function begin(who: Who): Promise<void> {
    const life: Life = { lives: true };
    lives[who] = life;
    if (who === 'core') {
      const ports: KeeperPorts = {
        ...shared(life, who),
        recordFile: '/two-sides/handoff.json',
        peerPin: null,
        traffic: world.traffic,
        fitness: { fit: () => ({ fit: true, why: null }) },
        trafficView: () => null,
      };
      keeper = openKeeper(ports);
      await keeper.begin();
      keeper.linkChanged(fact('core'));
      return;
    }
    leaver = openLeaver({
      ...shared(life, who),
      journalFile,
      bootId,
      gate: world.gate,
      cluster,
    });
    await leaver.begin();
    leaver.linkChanged(fact('edge'));
    leaver.stage({ stage: 'ok', reasons: [] });
    leaver.lid(false);
  }
  const link = (who: Who, state: LinkState): void => {
    links[who] = state;
    if (lives[who] !== null) (who === 'core' ? keeper : leaver)?.linkChanged(fact(who));
  };
  const sides = {
    time,
    ...world,
    passed,
    reports,
    notes,
    stops,
    begin,
    keeper: () => keeper as Keeper,
    leaver: () => leaver as Leaver,
    /** The core's view, as the World would show it. */
    view: (): Handoff | null => seen,
    link,
    reboot: () => void (bootId = `${bootId}+`),
    /**
     * kill -9 of an engine: its timers, its words and its ears are gone; gate, front and files stay.
     *
     * @param silent the whole machine goes: no FIN tells the other side early
     */
    kill(who: Who, silent = false): void {
      const life = lives[who];
      if (life !== null) life.lives = false;
      lives[who] = null;
      // What is under way comes back to nobody.
      void (who === 'core' ? keeper : leaver)?.dispose();
      if (silent) return;
      time.scheduler.after(CRASHED_MS, () => {
        if (lives[who] === null) link(other(who), 'down');
      });
    },
    async restart(who: Who): Promise<void> {
      links[who] = 'never';
      await begin(who);
      time.scheduler.after(AGAIN_MS, () => {
        link(other(who), 'up');
        link(who, 'up');
      });
    },
    /** Moves time on until the core says so; false when it does not within the limit. */
    async until(state: Handoff['state'], limitMs: number): Promise<boolean> {
      for (let past = 0; past < limitMs; past += 100) {
        if (seen?.state === state) return true;
        await time.advance(100);
      }
      return seen?.state === state;
    },
  };
  return sides;
}
export type Sides = ReturnType<typeof twoSides>;

interface Life {
  lives: boolean;
}

/** Timers of who is dead do nothing. */
function mortal(life: Life, scheduler: Scheduler): Scheduler {
  const alive = (task: () => void) => () => {
    if (life.lives) task();
  };
  return {
    after: (delayMs, task) => scheduler.after(delayMs, alive(task)),
    every: (periodMs, task) => scheduler.every(periodMs, alive(task)),
  };
}
