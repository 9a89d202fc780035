// A planned departure under load, over the pair's TLS: ours beside "just stop the edge" and "readiness off, then stop
// after 30 s", each with the product's HAProxy and gate; the peers with both engines frozen. Afterwards everything on
// the edge is killed: lost is what any client lost, from a moment before until the edge was gone.
// `npm run bench -- leave [REQUESTS_PER_SECOND...]`, 200 and 2000 by default: 20,000 requests, at most 100 s, and at
// least until the edge is gone.
import { whyNoNamespaces } from '../../test/rig/net/namespaces.ts';
import { loadProgram } from './handoff-stage.ts';
import { closeOnSignal } from './handoff-tools.ts';
import { departure, goalMs, postsAt, ways, type Departure } from './leave-departure.ts';
import { leftOut, report } from './report.ts';

await measure(process.argv.slice(2).map(Number));
process.exit(0);

async function measure(given: readonly number[]): Promise<void> {
  const why = whyNoNamespaces();
  if (why !== null) return leftOut('leave', 'planned departure', why);
  const load = loadProgram();
  if (load.why !== null) return leftOut('leave', 'planned departure', load.why);
  closeOnSignal();
  for (const perSecond of given.length > 0 ? given : [200, 2000]) {
    const found: Departure[] = [];
    for (const way of ways) {
      found.push(await departure(way, perSecond, load.program));
      process.stderr.write(`leave, ${perSecond}/s, ${way.name}: ${JSON.stringify(found.at(-1))}\n`);
    }
    const [ours, ...peers] = found;
    if (ours !== undefined) peers.forEach((peer) => told(perSecond, ours, peer));
  }
}

function told(perSecond: number, ours: Departure, peer: Departure): void {
  const say = (metric: string, unit: string, of: (one: Departure) => number): void =>
    report(
      'leave',
      `${perSecond}/s, ${postsAt(perSecond)} % POST, beside "${peer.name}": ${metric}`,
      of(ours),
      unit,
      of(peer),
    );
  say('requests asked', 'requests', ({ asked }) => asked);
  say('answered by the edge just before', '%', ({ onEdgePercent }) => onEdgePercent);
  say('lost (goal 0)', 'requests', ({ lost }) => lost);
  say('POSTs executed twice (goal 0)', 'requests', ({ duplicates }) => duplicates);
  say(`from asking until it is OFFLINE (goal ${goalMs})`, 'ms', ({ tookMs }) => tookMs);
  say('quick GET, p50', 'ms', ({ p50Ms }) => p50Ms);
  say('quick GET, p99', 'ms', ({ p99Ms }) => p99Ms);
  say('load client: CPU a request', 'us', ({ cpuMicroseconds }) => cpuMicroseconds);
  say('load client: requests begun late, p99', 'ms', ({ late99Ms }) => late99Ms);
}
