import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serveOnSocket } from '../../../test/doubles/socket-server.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { dockerSocketPath } from '../../platform/docker-socket.ts';
import type { Tools, ToolResult } from '../../platform/tools.ts';
import { runtimeHand } from './runtime-hand.ts';

let folder: string;
let socket: string;
const closers: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = temporaryFolder('runtime-hand');
  socket = join(folder, 'docker.sock');
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Tools that say what they are told to; without a word they are not installed. */
function toolsSaying(words: Readonly<Record<string, Partial<ToolResult>>>): Tools {
  return {
    find: async (name: string) => (name in words ? `/bin/${name}` : null),
    run: async (path: string) => {
      const done = { exitCode: 0, stdout: '', stderr: '', failure: null };
      return { ...done, ...words[path.slice('/bin/'.length)] };
    },
  } as unknown as Tools;
}
const hand = (words: Readonly<Record<string, Partial<ToolResult>>> = {}, env: NodeJS.ProcessEnv = {}) =>
  runtimeHand(
    { env, os: 'darwin', files: { read: async () => null } as never, tools: toolsSaying(words) },
    folder,
  );

async function daemon(answer: RequestListener): Promise<() => Promise<void>> {
  const close = await serveOnSocket(socket, answer);
  closers.push(close);
  return close;
}
const up = { info: expect.objectContaining({ hostName: 'colima' }) as unknown, silent: false, denied: false };
const down = { info: null, silent: false, denied: false };
const unknown = { info: null, silent: true, denied: false };

describe('whether a daemon is up', () => {
  test('it says who it is, in its own version of the API', async () => {
    await daemon(({ url }, response) => {
      // As Docker 29 does with what is older than its oldest.
      const isRefused = url !== '/info';
      response.writeHead(isRefused ? 400 : 200).end(isRefused ? '{}' : '{"Name":"colima"}');
    });
    expect(await hand().info(socket)).toEqual(up);
  });

  test('no socket, and a dead one, are down', async () => {
    expect(await hand().info(socket)).toEqual(down);
    const close = await daemon((_, response) => response.end());
    renameSync(socket, `${socket}.kept`);
    await close();
    renameSync(`${socket}.kept`, socket);
    expect(await hand().info(socket)).toEqual(down);
  });

  test.each<[string, RequestListener]>([
    ['paused or starting (503)', (_, response) => response.writeHead(503).end('{"message":"starting"}')],
    ['refuses the question (400)', (_, response) => response.writeHead(400).end('{"message":"too old"}')],
    ['says something else', (_, response) => response.end('<html>')],
    ['breaks off', (request) => void request.socket.destroy()],
  ])('one that %s may be up', async (_, answer) => {
    await daemon(answer);
    expect(await hand().info(socket)).toEqual(unknown);
  });

  test('nothing of one run is kept for the next: a daemon that came back answers at once', async () => {
    const answer: RequestListener = (_, response) => response.end('{"Name":"colima"}');
    const close = await daemon(answer);
    const asking = hand();
    expect(await asking.info(socket)).toEqual(up);
    await close();
    expect(await asking.info(socket)).toEqual(down);
    await daemon(answer);
    expect(await asking.info(socket)).toEqual(up);
  });

  test('one that lets nobody in may be up, and is told apart', async () => {
    await daemon((_, response) => response.end('{"Name":"colima"}'));
    chmodSync(socket, 0);
    const isRoot = process.getuid?.() === 0;
    // Root may open everything: for the moment it is nobody.
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect(await hand().info(socket)).toEqual({ info: null, silent: true, denied: true });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

test('whether it builds: what it has in use; unknown when it does not say', async () => {
  let answer: [number, string] = [200, '{"BuildCache":[{"InUse":true}]}'];
  const asked: (string | undefined)[] = [];
  await daemon(({ url }, response) => {
    asked.push(url);
    response.writeHead(answer[0]).end(answer[1]);
  });
  expect(await hand().isBuilding(socket)).toBe(true);
  answer = [200, '{"BuildCache":[]}'];
  expect(await hand().isBuilding(socket)).toBe(false);
  answer = [500, '{"message":"internal"}'];
  expect(await hand().isBuilding(socket)).toBeNull();
  expect(new Set(asked)).toEqual(new Set(['/system/df?type=build-cache']));
});

describe('machines of OrbStack’s', () => {
  test('those that run', async () => {
    const stdout = '[{"name":"devbox","state":"running"},{"name":"old","state":"stopped"}]';
    expect(await hand({ orb: { stdout } }).orbMachines()).toEqual(['devbox']);
    expect(await hand({ orb: { stdout: '[]' } }).orbMachines()).toEqual([]);
  });

  test.each<[string, Partial<ToolResult>]>([
    ['takes too long', { exitCode: null, failure: 'timedOut' }],
    ['fails', { exitCode: 1, stdout: '[]' }],
    ['speaks another grammar', { stdout: '{"machines":[]}' }],
  ])('a tool that %s has not said that there are none', async (_, said) => {
    expect(await hand({ orb: said }).orbMachines()).toBeNull();
  });

  test('nor has one that is not installed', async () => {
    expect(await hand().orbMachines()).toBeNull();
  });
});

test('a process at a call is found by the list of all', async () => {
  const call = { tool: 'colima', args: ['start', '--profile', 'default'] };
  const ps = { stdout: 'ps -ax\n/opt/homebrew/bin/colima start --profile default\n' };
  expect(await hand({ ps }).isAt(call)).toBe(true);
  expect(await hand({ ps }).isAt({ tool: 'colima', args: ['stop'] })).toBe(false);
  expect(await hand().isAt(call)).toBe(false);
});

test('of several places, the one that was found is what everybody here is told', () => {
  const env = {};
  const places = ['.orbstack/run', '.rd'].map((place) => join(folder, place, 'docker.sock'));
  for (const place of places) {
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, '');
  }
  const [first, second = ''] = places;
  const asking = hand({}, env);
  const paths = asking.endpoints().map(({ path }) => path);
  expect(paths.slice(-2)).toEqual([first, second]);
  asking.found(second);
  expect(dockerSocketPath(env, folder)).toBe(second);
});
