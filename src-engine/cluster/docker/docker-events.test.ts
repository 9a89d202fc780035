import { expect, test, vi } from 'vitest';
import { dockerDaemon } from '../../../test/doubles/docker-daemon.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { dockerEvents, type ContainerEvent } from './docker-events.ts';

const LABEL = 'io.x-k8s.kind.cluster';

/** Ears on a daemon that may be away. */
function ears(socketPath: string) {
  const time = fakeTime();
  const heard: ContainerEvent[] = [];
  const reached: boolean[] = [];
  const listening = dockerEvents({ socketPath: () => socketPath, scheduler: time.scheduler }, LABEL, {
    happened: (event) => heard.push(event),
    reached: (isUp) => reached.push(isUp),
  });
  return { time, heard, reached, listening };
}

test('what happens to nodes is heard as it happens, other containers are not, and nothing is asked again', async () => {
  const daemon = await dockerDaemon();
  daemon.put('lab-control-plane', { cluster: 'lab', role: 'control-plane' });
  daemon.put('somebody', {});
  const { heard, reached, listening } = ears(daemon.socket);
  await vi.waitFor(() => expect(reached).toEqual([true]));
  const asked = daemon.requests.length;
  daemon.set('somebody', 'exited');
  daemon.set('lab-control-plane', 'paused');
  daemon.set('lab-control-plane', 'running');
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  expect(heard.map(({ action, labels }) => [action, labels[LABEL]])).toEqual([
    ['pause', 'lab'],
    ['unpause', 'lab'],
  ]);
  expect(daemon.requests.length).toBe(asked);
  listening.dispose();
  await daemon.close();
});

test('a daemon that goes and comes back is told once each, and its events are heard again', async () => {
  const daemon = await dockerDaemon();
  daemon.put('lab-control-plane', { cluster: 'lab', role: 'control-plane' });
  const { time, heard, reached, listening } = ears(daemon.socket);
  await vi.waitFor(() => expect(reached).toEqual([true]));
  await daemon.goDown();
  await vi.waitFor(() => expect(reached).toEqual([true, false]));
  await time.advance(4000);
  // Looked for, and still away: that is no news.
  await vi.waitFor(() => expect(time.pending()).toBe(1));
  expect(reached).toEqual([true, false]);
  await daemon.comeUp();
  await time.advance(2000);
  await vi.waitFor(() => expect(reached).toEqual([true, false, true]));
  daemon.set('lab-control-plane', 'exited');
  await vi.waitFor(() => expect(heard.map(({ action }) => action)).toEqual(['die']));
  listening.dispose();
  await daemon.close();
  expect(time.pending()).toBe(0);
});
