import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { note } from './figures.ts';
import { gatewayScene } from './scene.ts';

// What somebody breaks of ours in the cluster, under 200 requests a second. Traefik alone goes on failing with it until a
// person mends it (research/measured.md, Gateway API 3); here the front looks at its own each 5 s.

const { shared, measured } = gatewayScene();
const LIMIT_MS = 240_000;
/** A look each 5 s, a write, and what the gateway takes to deal by it (2 s after another change). */
const MENDED_MS = 9000;
const SLICE = ['endpointslice', 'tandem-front-edge'];
const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
const patched = (path: string, value: unknown): string[] => [
  'patch',
  ...SLICE,
  '--type=json',
  '-p',
  JSON.stringify([{ op: 'replace', path, value }]),
];

const faults: readonly (readonly [string, readonly string[]])[] = [
  ['its endpoints taken out', patched('/endpoints', [])],
  ['its endpoint not ready', patched('/endpoints/0/conditions/ready', false)],
  ['its slice deleted', ['delete', ...SLICE]],
  ['its Service deleted', ['delete', 'service', 'tandem-front-edge']],
  ['the route deleted', ['delete', 'httproute', 'tandem-front']],
];

test.each(faults)(
  'the edge’s way with %s is put right, and nothing fails any more',
  (name, command) =>
    measured(name, async (pair) => {
      const load = pair.load();
      await sleep(2000);
      const brokenMs = nowMs();
      await shared.plane.kubectl(...command);
      await sleep(MENDED_MS);
      const mendedMs = nowMs();
      await sleep(3000);
      await load.end();
      const verdict = pair.ledger.verdict();
      const failed = verdict.lost.map(({ sentMs }) => sentMs);
      note({
        case: name,
        failed: failed.length,
        seconds: failed.length === 0 ? 0 : (Math.max(...failed) - brokenMs) / 1000,
      });
      expect(failed.filter((sentMs) => sentMs < brokenMs || sentMs > mendedMs)).toEqual([]);
      expect(verdict.duplicates).toEqual([]);
      const after = pair.ledger.serverRecords().filter(({ beganMs }) => beganMs > mendedMs);
      expect(after.some(({ backend }) => backend === 'edge')).toBe(true);
    }),
  LIMIT_MS,
);
