import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ownPort } from '../../../test/doubles/own-port.ts';
import { startPod, type Pod } from './pod.ts';
import { isTaken } from './port-taken.ts';
import { openServicePort } from './service-port.ts';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function pod(name: string): Promise<Pod> {
  const started = await startPod(name, 'node', 'edge');
  closers.push(started.close);
  return started;
}

function service(port: number, endpoints: () => readonly number[]) {
  const opened = openServicePort(port, endpoints);
  closers.push(opened.close);
  return opened;
}

interface Answer {
  readonly id: string;
  readonly backend: string;
  readonly pod: string;
}

function ask(port: number, path = '/?id=7'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(JSON.parse(text) as Answer));
    });
    call.on('error', reject);
    call.end();
  });
}

test('each connection goes to the next ready pod, and the answer says which request it is of', async () => {
  const pods = [await pod('a'), await pod('b')];
  const port = ownPort();
  service(port, () => pods.filter((one) => one.ready()).map((one) => one.port));
  const answers = [await ask(port), await ask(port)];
  expect(answers.map((answer) => answer.pod).sort()).toEqual(['a', 'b']);
  expect(answers[0]).toMatchObject({ id: '7', backend: 'edge' });
  pods[0]?.drain();
  expect((await ask(port)).pod).toBe('b');
  expect((await ask(port)).pod).toBe('b');
});

test('without a ready pod a connection is reset, not left to hang', async () => {
  const port = ownPort();
  service(port, () => []);
  await expect(ask(port)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a port that another program holds is said, and taken once it is free', async () => {
  const port = ownPort();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  expect(await isTaken(port)).toBe(true);
  const opened = service(port, () => []);
  expect(opened.open()).toBe(false);
  await new Promise((resolve) => other.close(resolve));
  await expect.poll(opened.open, { timeout: 5000 }).toBe(true);
});
