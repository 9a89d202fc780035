import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { SETTLED_MS } from '../../../src-engine/traffic/haproxy/take-out.ts';
import { GATE_READY_PATH } from '../../../src-engine/traffic/ports.ts';
import type { Client, Workload } from '../ledger/ledger.ts';
import { EDGE_ADDRESS } from '../net/namespaces.ts';
import { onTheWire, sleep } from '../net/tiers.ts';
import { configOf, startHaproxy, type OwnHaproxy } from './haproxy.ts';
import { anySpeed, openScene, type Scene } from './scene.ts';
import { lateExecutions } from './told.ts';

/**
 * What the gate is for (design decision 21): beside the product, in the same run, the same front with the same
 * settings and the same edge, straight at a workload. Both lose the edge at the same moment, and get it back.
 */

const LONG = 300_000;
const POST_MS = 300;
const BARE_LISTEN = '127.0.0.1:47480';
const BARE_PORT = 47_391;

/** The product's own configuration, with the gate and its TLS taken out. */
function withoutGate(text: string): string {
  const bare = text
    .replace(/^ {2}bind \S+$/m, `  bind ${BARE_LISTEN}`)
    .replaceAll(/ ssl verify required .* ssl-min-ver TLSv1\.3/g, '')
    .replaceAll(/(server edge )\S+/g, `$1${EDGE_ADDRESS}:${BARE_PORT}`)
    .replace(`uri '${GATE_READY_PATH}'`, `uri '/health'`);
  if (bare.includes(' ssl ') || bare.includes(GATE_READY_PATH)) throw new Error(`a gate is left: ${bare}`);
  return bare;
}

/** What the engine does to its own front at its decision (research/haproxy.md, section B). */
async function takeOut(front: OwnHaproxy): Promise<void> {
  const each = async (command: string): Promise<void> => {
    for (const backend of ['be', 'bp']) await front.ask(command.replace('BACKEND', backend));
  };
  await each('set server BACKEND/edge state maint');
  await sleep(SETTLED_MS);
  await each('shutdown sessions server BACKEND/edge');
}

onTheWire('hand-off and an edge without a gate', () => {
  let scene: Scene;
  let bare: { readonly workload: Workload; readonly front: OwnHaproxy };
  beforeAll(async () => {
    scene = await openScene({ front: 'haproxy', handoff: { return: anySpeed } });
    await scene.settled();
  }, LONG);
  afterAll(() => scene?.close());
  beforeEach(() => scene.restore(), LONG);

  test.each(['SIGSTOP', 'link down'] as const)(
    'hand-off 21: an edge that stood still (%s) executes nothing late behind its gate, beside the same without one',
    async (how) => {
      const { edge } = scene;
      bare = await openBare();
      try {
        const loads = [load(), load({ url: `http://${BARE_LISTEN}/` })];
        await bare.front.dealt(100);
        await sleep(3000);
        const frozen = how === 'SIGSTOP' ? [...scene.edgePids(), edge.pid, bare.workload.pid] : [];
        for (const pid of frozen) process.kill(pid, 'SIGSTOP');
        if (how === 'link down') edge.space.linkDown();
        try {
          await scene.state(15_000, 'LOST');
          await takeOut(bare.front);
          await sleep(2000);
        } finally {
          for (const pid of frozen) process.kill(pid, 'SIGCONT');
          edge.space.heal();
        }
        await sleep(3000);
        await Promise.all(loads.map((one) => one.end()));
        const [gated, bared] = [lateExecutions(scene, 'edge'), lateExecutions(scene, 'bare')];
        process.stdout.write(
          `hand-off 21 (${how}): executions begun after their client was told of the failure: ` +
            `${gated.length} behind the gate, ${bared.length} without it\n`,
        );
        expect(gated).toEqual([]);
        // A kernel that lives takes what nobody reads; one that cannot be reached takes nothing.
        if (how === 'SIGSTOP') expect(bared.length).toBeGreaterThan(0);
      } finally {
        await bare.front.close();
        await bare.workload.end('SIGKILL');
      }
    },
    LONG,
  );

  const load = (options: { url?: string } = {}): Client =>
    scene.load({ perSecond: 100, postMs: POST_MS, streams: 0, ...options });

  async function openBare(): Promise<typeof bare> {
    const { core, edge, ledger } = scene;
    const workload = await ledger.workload('bare', BARE_PORT, edge.space.prefix, EDGE_ADDRESS);
    const text = await configOf(core, (one) => /server edge .* weight 80 /.test(one));
    try {
      return { workload, front: await startHaproxy(core, withoutGate(text)) };
    } catch (error) {
      await workload.end('SIGKILL');
      throw error;
    }
  }
});
