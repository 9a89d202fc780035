// What an idle link costs: two heartbeats that talk to each other, each a process of its own in a namespace where
// nobody else speaks, beside a Node process that does nothing. An engine runs for weeks: both begin with the beats of an
// hour, at a hundred a second, after which the runtime has compiled all that a beat takes.
// `npm run bench -- link-cost [SECONDS]`, 60 by default.
import { spawn, type ChildProcess } from 'node:child_process';
import { defaultSettings } from '../../src-shared/settings.ts';
import { makeNamespace, whyNoNamespaces, type Namespace } from '../../test/rig/net/namespaces.ts';
import { runOurs } from './detect-host.ts';
import { usageOf } from './processes.ts';
import { leftOut, pause, report } from './report.ts';

const HURRIED_BEAT_MS = 10;
const HOUR_TAKES_MS = (3_600_000 / defaultSettings.link.beatMs) * HURRIED_BEAT_MS;
/** A minute of arrivals is kept for the quality: then all of it is of the usual pace. */
const CALM_MS = 65_000;

const [first = '60', own = '', peer = '', side = ''] = process.argv.slice(2);
if (first === 'host') runWarmed();
else await measure(Number(first));

function runWarmed(): void {
  const beganMs = performance.now();
  const { link } = defaultSettings;
  const hurried = { ...link, beatMs: HURRIED_BEAT_MS };
  runOurs(own, peer, side === 'incoming', () =>
    performance.now() - beganMs < HOUR_TAKES_MS ? hurried : link,
  );
}

async function measure(seconds: number): Promise<void> {
  const why = whyNoNamespaces();
  const space = why === null ? makeNamespace('cost') : null;
  if (why !== null) leftOut('link-cost', 'bits', why);
  space?.ip('link', 'set', 'lo', 'up');
  try {
    await measureIn(space, seconds);
  } finally {
    space?.remove();
  }
}

async function measureIn(space: Namespace | null, seconds: number): Promise<void> {
  const child = (...args: string[]): ChildProcess => {
    const [program = '', ...words] = [...(space?.prefix ?? []), process.execPath, ...args];
    return spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  const self = process.argv[1] ?? '';
  const children = [
    child(self, 'host', '127.0.0.1', '127.0.0.2', 'outgoing'),
    child(self, 'host', '127.0.0.2', '127.0.0.1', 'incoming'),
    child('-e', 'setInterval(() => {}, 1e9)'),
  ];
  // Start-up, compilation and the collections that follow them end first.
  await pause(HOUR_TAKES_MS + CALM_MS);
  const all = children.map(({ pid = 0 }) => [pid]);
  const before = all.map(usageOf);
  const sentBefore = loopback(space);
  await pause(seconds * 1000);
  const sent = loopback(space);
  const used = all.map((pids, index) => {
    const [now, then] = [usageOf(pids), before[index] ?? { cpuNanoseconds: 0, wakeUps: 0 }];
    return {
      cpu: (now.cpuNanoseconds - then.cpuNanoseconds) / 1e7 / seconds,
      wakeUps: (now.wakeUps - then.wakeUps) / seconds,
    };
  });
  for (const one of children) one.kill('SIGKILL');
  const [a, b, none] = used;
  // The dearer of the two is what the goal is held against.
  const cpu = Math.max(a?.cpu ?? NaN, b?.cpu ?? NaN);
  report('link-cost', 'CPU of a heartbeat (goal 0.4)', cpu, '% of a core', none?.cpu);
  for (const [who, of] of [
    ['who dialled', a],
    ['who was dialled', b],
  ] as const) {
    report('link-cost', `CPU of ${who}`, of?.cpu ?? NaN, '% of a core', none?.cpu);
    report('link-cost', `wake-ups of ${who}`, of?.wakeUps ?? NaN, '1/s', none?.wakeUps);
  }
  if (sent === null || sentBefore === null) return;
  const bits = ((sent.bytes - sentBefore.bytes) * 8) / 2 / seconds / 1000;
  report('link-cost', 'datagrams a direction with IP and UDP headers (goal 4)', bits, 'kbit/s');
  report('link-cost', 'datagrams a direction', (sent.packets - sentBefore.packets) / 2 / seconds, '1/s');
}

/** What both directions sent so far; the loopback counts an Ethernet header of 14 bytes with each. */
function loopback(space: Namespace | null): { bytes: number; packets: number } | null {
  const row = /^\s*lo:\s+(\d+)\s+(\d+)/m.exec(space?.run('cat', '/proc/net/dev') ?? '');
  if (row === null) return null;
  const packets = Number(row[2]);
  return { packets, bytes: Number(row[1]) - 14 * packets };
}
