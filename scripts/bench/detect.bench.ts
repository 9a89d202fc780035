// How fast a break is seen and how often none is called one: our heartbeat beside hashicorp/memberlist (LAN and
// Local) and beats of 1 s with a limit of 3 s, all at once on one wire, under the same faults.
// False alarms: over a model of the noisy profiles and of 30 days at home (research/link.md 1.2, 1.3); memberlist's
// there are its timing, simulated in its favour. `npm run bench -- detect [TRIALS] [DAYS]`, 50 and 30 by default.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DAY_MS,
  logNormal,
  monthOf,
  noisyProfiles,
  randomOf,
  weibull,
} from '../../test/doubles/link-month.ts';
import { whyNoNamespaces } from '../../test/rig/net/namespaces.ts';
import { runOurs, runPlain } from './detect-host.ts';
import {
  memberlist,
  memberlistLan,
  memberlistLocal,
  ours,
  plain,
  sceneOf,
  type Model,
} from './detect-models.ts';
import { openBench, type Fault } from './detect-wire.ts';
import { goProgram } from './go-program.ts';
import { leftOut, medianOf, report } from './report.ts';

const [first = '50', second = '30', third = '', side = ''] = process.argv.slice(2);
if (first === 'host-ours') runOurs(second, third, side === 'incoming');
else if (first === 'host-plain') runPlain(second, third);
else {
  await onTheWire(Number(first));
  overTheModel(Number(second));
  process.exit(0);
}

async function onTheWire(trials: number): Promise<void> {
  const why = whyNoNamespaces();
  if (why !== null) return leftOut('detect', 'detection on the wire', why);
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  const peer = goProgram('scripts/bench/peers/memberlist', join(folder, 'memberlist'));
  if (peer.why !== null) leftOut('detect', 'memberlist on the wire', peer.why);
  const bench = await openBench(peer.program);
  try {
    for (const [fault, count] of plan(trials)) {
      const took = new Map<string, (number | null)[]>(bench.detectors.map((name) => [name, []]));
      for (let trial = 0; trial < count; trial += 1)
        for (const [name, values] of await bench.trial(fault)) took.get(name)?.push(...values);
      for (const [name, values] of took) told(fault, name, values);
    }
  } finally {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A function, since it is called before this line is reached. */
function plan(trials: number): [Fault, number][] {
  const fewer = Math.max(1, Math.ceil(trials / 5));
  return [
    ['black hole', trials],
    ['kill', fewer],
    ['one-way', fewer],
  ];
}

function told(fault: Fault, name: string, values: readonly (number | null)[]): void {
  const found = values.filter((value) => value !== null).sort((a, b) => a - b);
  const at = (share: number) => found[Math.min(found.length - 1, Math.floor(share * found.length))] ?? NaN;
  const title = `${name}, ${fault}`;
  report('detect', `${title}: found, of ${values.length}`, found.length, 'times');
  if (found.length === 0) return;
  report('detect', `${title}: p50`, medianOf(found), 'ms');
  report('detect', `${title}: p99`, at(0.99), 'ms');
  report('detect', `${title}: max`, found.at(-1) ?? NaN, 'ms');
  if (fault !== 'kill')
    report('detect', `${title}: within 2600 ms`, found.filter((ms) => ms <= 2600).length, 'times');
}

function overTheModel(days: number): void {
  const models: readonly [string, Model][] = [
    ['ours', ours],
    ['1 s beats, 3 s limit', plain],
    ['memberlist lan (simulated)', memberlist(memberlistLan)],
    ['memberlist local (simulated)', memberlist(memberlistLocal)],
  ];
  for (const [name, model] of models) {
    for (const profile of noisyProfiles) {
      const scene = { untilMs: DAY_MS, path: profile.path(randomOf(11)), standstills: [[], []] as const };
      report('detect', `${name}, ${profile.name}: false alarms`, model(scene).length, '1/day');
    }
    for (const [tail, lengths] of [
      ['', weibull],
      [' (heavier tail)', logNormal],
    ] as const) {
      const month = monthOf(1, days, lengths);
      const alarms = model(sceneOf(month, days * DAY_MS));
      const real = [...month.outages, ...month.standstills[1]].filter((one) => one.toMs - one.fromMs >= 2500);
      const isReal = (atMs: number) => real.some(({ fromMs, toMs }) => fromMs < atMs && toMs > atMs - 8000);
      const goal = name === 'ours' && tail === '' ? ' (goal 0.13)' : '';
      report('detect', `${name}, ${days} days at home${tail}: alarms${goal}`, alarms.length / days, '1/day');
      report(
        'detect',
        `${name}, ${days} days at home${tail}: of them true breaks over 2.5 s`,
        alarms.filter(isReal).length / days,
        '1/day',
      );
    }
  }
}
