import type { Mac } from '../net/pair.ts';
import { nowMs } from '../net/wire.ts';
import type { Scene } from './scene.ts';

/** What a closed lid does to a Mac, as far as processes can show it. */

/** Tells an engine what its shell would; resolves when the engine lets the host go on, with how long it held it. */
export async function tellHost({ watch }: Mac, event: 'suspend' | 'resume'): Promise<number> {
  const beganMs = nowMs();
  const heard = await watch.client.call('host.event', { event });
  if (!heard.ok) throw new Error(heard.error.code);
  return nowMs() - beganMs;
}

const pidsOf = ({ edge, edgePids }: Scene): number[] => [...edgePids(), edge.pid];

/** The radio is off and nothing of the edge runs; returns the moment. */
export function fallAsleep(scene: Scene): number {
  const pids = pidsOf(scene);
  const atMs = nowMs();
  scene.edge.space.linkDown();
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return atMs;
}

/** Everything of it runs again; the radio comes a little later. */
export function wakeUp(scene: Scene): void {
  for (const pid of pidsOf(scene)) process.kill(pid, 'SIGCONT');
  scene.edge.space.linkUp();
}
