import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { machine, stateWords, type Machine } from '../../../test/doubles/fake-edge.ts';
import { handoffSchema } from '../../../src-shared/world/handoff.ts';
import type { HandoffState } from '../../../src-shared/world/handoff.ts';
import { isForced } from '../reasons/reasons.ts';
import { viewOf } from './view.ts';

/** One thing that happens. */
interface Turn {
  readonly name: string;
  readonly run: (m: Machine) => void;
}

const turn = (name: string, run: (m: Machine) => void): Turn => ({ name, run });
const stage = fc
  .tuple(
    fc.constantFrom('battery' as const, 'memory' as const, 'thermal' as const),
    fc.constantFrom('ok' as const, 'warn' as const, 'drain' as const, 'stop' as const),
  )
  .map(([family, level]) => turn(`${family} ${level}`, (m) => m.stage([family, level])));
const time = fc
  .constantFrom(50, 900, 5_000, 11_000, 16_000, 61_000, 125_000)
  .map((ms) => turn(`later ${ms}`, (m) => m.later(ms)));
const link = fc
  .constantFrom('up' as const, 'up' as const, 'suspect' as const, 'down' as const)
  .map((state) => turn(`link ${state}`, (m) => m.link(state)));
const states: HandoffState[] = [
  'SERVING',
  'PREPARING',
  'DRAINING',
  'RELEASED',
  'OFFLINE',
  'LOST',
  'HOLD',
  'RETURNING',
];
const told = fc
  .constantFrom(...states)
  .map((state) => turn(`STATE ${state}`, (m) => m.hear(stateWords(state))));
const word = fc.constantFrom(
  turn('PREPARE', (m) => m.hear({ type: 'PREPARE', remainingMs: 100_000 })),
  turn('DRAIN', (m) => m.hear({ type: 'DRAIN', remainingMs: 80_000 })),
  turn('RELEASE', (m) => m.hear({ type: 'RELEASE', remainingMs: 60_000 })),
  turn('ADMIT', (m) => m.hear({ type: 'ADMIT', share: 10 })),
  turn('unfit', (m) => m.hear({ type: 'REJECT', why: { code: 'coreUnfit', params: {} } })),
  turn('too late', (m) => m.hear({ type: 'REJECT', why: { code: 'tooLateToCancel', params: {} } })),
  turn('new epoch', (m) => {
    m.epoch += 1;
    m.handoffId = `epoch-${m.epoch}`;
  }),
);
const own = fc.constantFrom(
  turn('leave', (m) => m.do({ type: 'leave', now: false, detail: null })),
  turn('cancel', (m) => m.do({ type: 'cancel' })),
  turn('delay', (m) => m.do({ type: 'delay' })),
  turn('return', (m) => m.do({ type: 'return' })),
  turn('lid closes', (m) => m.do({ type: 'lid', closed: false }, { type: 'lid', closed: true })),
  turn('lid opens', (m) => m.do({ type: 'lid', closed: false })),
  turn('suspend', (m) => m.do({ type: 'suspend' })),
  turn('resume', (m) => m.do({ type: 'resume', wakeId: 'next' })),
  turn('shutdown', (m) => m.do({ type: 'shutdown' })),
  turn('stopped', (m) => (m.phase() === 'stopping' ? m.stopped() : m)),
  turn('started', (m) => {
    if (m.phase() !== 'starting') return;
    m.world.cluster = 'lab';
    m.do({ type: 'started', result: { ok: true, value: undefined } });
  }),
  turn('pause', (m) => void (m.world.mayAct = !m.world.mayAct)),
  turn('gate pauses', (m) => void Object.assign(m.gate, { ready: false, notReady: 'paused' })),
  turn('gate away', (m) => void (m.gate.away = !m.gate.away)),
);
/** Where it is when all of this begins: left to chance alone it would hardly ever be in the middle of something. */
const beginnings = fc.constantFrom(
  turn('serving', (m) => m),
  turn('drained', (m) => {
    m.do({ type: 'leave', now: false, detail: null });
    m.hear({ type: 'DRAIN', remainingMs: 80_000 }).later(11_000);
  }),
  turn('alone', (m) => m.link('down').stage(['battery', 'stop']).later(5_000)),
);
const turns = fc
  .tuple(beginnings, fc.array(fc.oneof(stage, time, link, told, word, word, own), { maxLength: 30 }))
  .map(([first, others]) => [first, ...others]);

/** Generous: they share the machine with other tests. */
const long = { timeout: 60_000 };

type Look = (m: Machine, before: Before, name: string) => void;

/** Runs them, and looks before and after each. */
function always(look: Look, runs?: number): void {
  alwaysAnew(() => look, runs);
}

function alwaysAnew(begin: () => Look, runs = 60): void {
  fc.assert(
    fc.property(turns, (all) => {
      const m = machine().serving();
      const look = begin();
      for (const { name, run } of all) {
        const before = snapshot(m);
        run(m);
        look(m, before, name);
      }
    }),
    { numRuns: runs },
  );
}

function snapshot(m: Machine) {
  return { state: m.state, stops: m.stops, done: m.done.length };
}
type Before = ReturnType<typeof snapshot>;

test('it never stops its cluster without RELEASE, unless it is forced', long, () => {
  let stops = 0;
  alwaysAnew(() => {
    let released = false;
    return (m, before, name) => {
      const phase = before.state.phase.name;
      if (name === 'RELEASE' && (phase === 'drained' || phase === 'serving')) released = true;
      if (m.stops > before.stops) {
        stops += 1;
        const forced = isForced(m.state.reasons, m.world.mayAct) || isForced(before.state.reasons, true);
        expect(released || forced).toBe(true);
        released = false;
      }
      if (m.phase() === 'gone' || m.phase() === 'out' || m.phase() === 'leftNow') released = false;
    };
  }, 120);
  // The property is about something that happens.
  expect(stops).toBeGreaterThan(2);
});

test('its gate is ready only while it is admitted', long, () => {
  always((m) => {
    const admitted = m.phase() === 'serving' || m.phase() === 'asking' || m.phase() === 'prepared';
    if (m.ordered === 'ready') expect(admitted).toBe(true);
  });
});

test('a reason clears only itself: vitals touch theirs, a person a person’s', long, () => {
  const kept: Readonly<Record<string, readonly string[]>> = {
    'lid opens': ['battery', 'memory', 'thermal', 'user', 'shutdown', 'suspend'],
    return: ['battery', 'memory', 'thermal', 'lid'],
    RELEASE: ['battery', 'memory', 'thermal', 'lid', 'suspend', 'shutdown', 'user'],
    DRAIN: ['battery', 'memory', 'thermal', 'lid', 'suspend', 'shutdown', 'user'],
  };
  always((m, before, name) => {
    const stays =
      kept[name] ?? (/^(battery|memory|thermal) /.test(name) ? ['lid', 'suspend', 'shutdown', 'user'] : []);
    const names = m.state.reasons.map(({ reason }) => reason.name as string);
    for (const { reason } of before.state.reasons)
      if (stays.includes(reason.name)) expect(names).toContain(reason.name);
  });
});

test('`user` is cleared by a person, or by a core that refuses or cancels, and by nothing else', long, () => {
  const people = ['cancel', 'return', 'unfit', 'STATE SERVING', 'STATE RETURNING'];
  always((m, before, name) => {
    const had = before.state.reasons.some(({ reason }) => reason.name === 'user');
    const has = m.state.reasons.some(({ reason }) => reason.name === 'user');
    if (had && !has) expect(people).toContain(name);
  });
});

test('what it shows is always a Handoff, and never says safe while it serves', long, () => {
  always((m) => {
    const view = handoffSchema.parse(viewOf(m.state, m.moment()));
    if (m.phase() === 'serving') expect(view.safeToCloseLid).toBe(false);
  });
});

test('nothing but REJOIN is said before the core has answered', long, () => {
  always((m, before) => {
    if (before.state.session === 'open') return;
    const said = m.done.slice(before.done);
    if (m.state.session === 'open') return;
    expect(said.every((one) => one.type !== 'send' || one.words.type === 'REJOIN')).toBe(true);
  });
});

test('killed at any moment, the next engine stops nothing that it was not allowed to', long, () => {
  let stops = 0;
  always((m) => {
    const allowed = m.phase() === 'stopping' || isForced(m.state.reasons, true);
    const next = machine({ journal: m.journal(), cluster: m.world.cluster });
    if (next.stops === 0) return;
    stops += 1;
    expect(allowed).toBe(true);
  }, 100);
  expect(stops).toBeGreaterThan(0);
});
