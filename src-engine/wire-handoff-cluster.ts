import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { nobody } from '../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import type { Cluster } from '../src-shared/world/clusters.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import { stopLineAct } from './cluster/stop-line.ts';
import type { ClusterStopper } from './handoff/ports.ts';
import { pause } from './platform/clock.ts';
import { removeFile, writePrivately } from './platform/files.ts';
import type { Platform } from './platform/platform.ts';
import type { WorldStore } from './world-store.ts';

export interface StopperNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly clusters: ClusterRoom;
  /**
   * Has its pods go before it is stopped; within what is left of the limit that the stop has as a whole, and no longer
   * than until `late`. Never fails.
   */
  evict?(name: string, limitMs: number, late: AbortSignal): Promise<void>;
}

const fileSchema = z.object({ names: z.array(z.string().max(40)).max(100) });
/** So long past its limit a stop still waits for what is in its way: less than the leaver waits for it (perform.ts). */
const LATE_MS = 20_000;

/**
 * The clusters of an edge, as a departure ends and a return begins them: by the same path as a person's. Which ones
 * it stopped stands in run/left-clusters.json, since a reboot may lie between.
 */
export function clusterStopper({ platform, world, clusters, evict }: StopperNeeds): ClusterStopper {
  const file = join(platform.home.run, 'left-clusters.json');
  const all = (): readonly Cluster[] => world.get().clusters;
  const primary = (): string => world.get().primaryCluster;
  return {
    running: () => upClusters(all(), primary())[0]?.name ?? null,
    async stop(limitMs) {
      const startedMs = platform.clock.monotonicMs();
      const names = upClusters(all(), primary()).map(({ name }) => name);
      if (names.length > 0) await writePrivately(file, JSON.stringify({ names }));
      const late = new AbortController();
      const waiting = new Set(names);
      const leftMs = (): number => Math.max(0, startedMs + limitMs - platform.clock.monotonicMs());
      const before = (name: string) => evict?.(name, leftMs(), late.signal);
      const stopping = { world, clusters, waiting, before, late: late.signal };
      const work = Promise.all(names.map((name) => stopOne(stopping, name)));
      const within = (ms: number) =>
        Promise.race([work, pause(platform.scheduler, ms, late.signal).then(() => null)]);
      let results = await within(limitMs);
      // One whose stop has not even begun is none that ends by itself.
      if (results === null && waiting.size > 0) results = await within(LATE_MS);
      late.abort();
      const failed = results?.find((result) => !result.ok);
      if (failed?.ok === false)
        return fail('stopFailed', { name: names.join(', '), code: failed.error.code });
      if (results === null && waiting.size > 0)
        return fail('stopFailed', { name: [...waiting].join(', '), code: 'stepTimedOut' });
      // What is late goes on: its own steps are bounded, and end by force.
      return ok({ forced: results === null, stoppedMs: platform.clock.monotonicMs() - startedMs });
    },
    async start() {
      const names = await leftClusters(file);
      for (const name of names) {
        const started = await clusters.handlers['cluster.start']({ name, force: false }, nobody);
        // Deleted meanwhile: it is nobody's any more.
        const isGone = !started.ok && ['clusterUnknown', 'clusterAbsent'].includes(started.error.code);
        if (!started.ok && !isGone) return started;
      }
      await removeFile(file);
      return ok(undefined);
    },
    ready: () => readiness(all(), primary()),
  };
}

/** Those that hold this Mac's memory, the primary first. What is unknown has no runtime that answers. */
export function upClusters(clusters: readonly Cluster[], primary: string): readonly Cluster[] {
  const up = clusters.filter(
    ({ state, operation }) =>
      (state !== 'stopped' && state !== 'absent' && state !== 'unknown') || isComing(operation),
  );
  return up.toSorted((a, b) => Number(b.name === primary) - Number(a.name === primary));
}

function isComing(operation: Cluster['operation']): boolean {
  return operation?.verb === 'start' || operation?.verb === 'create';
}

/** Of the primary cluster, or of the only one; null when there is none, or it cannot be told. */
export function readiness(clusters: readonly Cluster[], primary: string): boolean | null {
  const one =
    clusters.find(({ name }) => name === primary) ?? (clusters.length === 1 ? clusters[0] : undefined);
  if (one === undefined || one.state === 'unknown' || one.stale === true) return null;
  return one.state === 'running' && one.operation === null;
}

async function leftClusters(file: string): Promise<readonly string[]> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).names;
  } catch {
    return [];
  }
}

interface Stopping extends Pick<StopperNeeds, 'world' | 'clusters'> {
  /** Names of those whose stop has not begun. */
  readonly waiting: Set<string>;
  before(name: string): Promise<void> | undefined;
  readonly late: AbortSignal;
}

/** As the stop line does: what starts is cancelled first, another operation is waited for. */
async function stopOne(stopping: Stopping, name: string): Promise<Result<unknown>> {
  const { world, clusters, waiting, before, late } = stopping;
  while (!late.aborted) {
    const what = stopLineAct(world.get().clusters.find((cluster) => cluster.name === name));
    if (what === 'done') waiting.delete(name);
    if (what === 'done') break;
    // Before the act: what it changes must not be missed.
    const changed = clustersChange(world, late);
    if (what === 'stop') {
      await before(name);
      // Its end came meanwhile: nobody stops a cluster later that may be wanted again by then.
      if (late.aborted) break;
      waiting.delete(name);
      const stopped = await clusters.stop(name);
      if (stopped.ok || stopped.error.code !== 'clusterBusy') return stopped;
      waiting.add(name);
    }
    if (what === 'cancel') await clusters.cancel(name);
    await changed;
  }
  return ok(null);
}

function clustersChange(world: WorldStore, late: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      leave();
      late.removeEventListener('abort', end);
      resolve();
    };
    const leave = world.subscribe((now, before) => {
      if (now.clusters !== before.clusters) end();
    });
    late.addEventListener('abort', end);
  });
}
