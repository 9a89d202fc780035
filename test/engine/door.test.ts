import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { statSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documents, openRig, type Rig } from './tandem.ts';

let rig: Rig;
let pid: number;
beforeAll(async () => {
  rig = openRig();
  pid = await rig.startEngine();
});
afterAll(() => rig.close());

/** Writes bytes to the socket and reads what comes back until it is quiet or closed. */
function say(
  bytes: string | Buffer,
  answers: number,
): Promise<{ lines: Record<string, unknown>[]; closed: boolean }> {
  return new Promise((resolve) => {
    const socket = connect(`${rig.home}/engine.sock`);
    let text = '';
    let closed = false;
    const end = (): void => {
      socket.destroy();
      resolve({ lines: documents(text), closed });
    };
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text.split('\n').length > answers && answers > 0) setTimeout(end, 200);
    });
    socket.on('close', () => {
      closed = true;
      end();
    });
    socket.on('error', () => undefined);
    socket.write(bytes);
    setTimeout(end, 10_000).unref();
  });
}

const request = (method: string, params: unknown): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })}\n`;
const alive = async (): Promise<number> => (await rig.status()).engine.pid;

test.each([
  ['a junk line', 'what is this\n', 'badRequest'],
  ['half a JSON object', '{"jsonrpc":"2.0",\n', 'badRequest'],
  ['JSON that is no request', '[1,2,3]\n', 'badRequest'],
  ['an unknown method', request('cluster.explode', {}), 'unknownMethod'],
  ['a method of Object itself', request('constructor', {}), 'unknownMethod'],
  ['a wrong type', request('cluster.start', { name: 7 }), 'badArguments'],
  ['a key that is not there', request('cluster.start', { name: 'a', rm: true }), 'badArguments'],
  ['parameters that are no object', request('status.get', 'please'), 'badArguments'],
])('%s is answered with an error, and the engine goes on', async (_what, line, code) => {
  const { lines } = await say(line, 1);
  expect(lines).toEqual([
    expect.objectContaining({
      jsonrpc: '2.0',
      error: expect.objectContaining({ data: expect.objectContaining({ code }) }),
    }),
  ]);
  expect(await alive()).toBe(pid);
});

test('after an error the same connection still works', async () => {
  const { lines } = await say(`junk\n${request('engine.info', {})}`, 2);
  expect(lines.map((line) => ('result' in line ? 'result' : 'error')).sort()).toEqual(['error', 'result']);
});

test('a line of 10 MB is refused, its connection closed, and the engine goes on', async () => {
  const { lines, closed } = await say(Buffer.alloc(10 * 1024 * 1024, 'a'), 0);
  expect(lines).toEqual([
    expect.objectContaining({
      error: expect.objectContaining({ data: expect.objectContaining({ code: 'lineTooLong' }) }),
    }),
  ]);
  expect(closed).toBe(true);
  expect(await alive()).toBe(pid);
});

test('the socket and the home are for this user alone', () => {
  expect(statSync(`${rig.home}/engine.sock`).mode & 0o777).toBe(0o600);
  expect(statSync(rig.home).mode & 0o777).toBe(0o700);
});

test.runIf(process.getuid?.() === 0)('another user cannot open the socket', async () => {
  const probe = `require('net').connect('${rig.home}/engine.sock').on('connect', () => { console.log('opened'); process.exit(); }).on('error', (e) => { console.log(e.code); process.exit(); })`;
  const { stdout } = await promisify(execFile)(
    'runuser',
    ['-u', 'nobody', '--', process.execPath, '-e', probe],
    { cwd: '/' },
  );
  expect(stdout.trim()).toBe('EACCES');
});

test("a second engine in the same home is refused with the first one's pid", async () => {
  const ran = await rig.tandem('engine', '--json');
  expect(ran.code).toBe(1);
  const { error } = JSON.parse(ran.stderr) as { error: { code: string; message: string } };
  expect(error.code).toBe('engineAlreadyRunning');
  expect(error.message).toContain(String(pid));
  expect(await alive()).toBe(pid);
});

test('without an engine: exit 3; wrong usage: exit 2; a refusal: exit 1 with code, message and hint', async () => {
  const empty = openRig();
  expect((await empty.tandem('status')).code).toBe(3);
  await empty.close();
  expect((await rig.tandem('cluster', 'sing')).code).toBe(2);
  expect((await rig.tandem('cluster', 'create', 'lab', '--nodes', 'many', '--json')).code).toBe(2);
  const usage = await rig.tandem('cluster', 'sing', '--json');
  expect(JSON.parse(usage.stderr)).toMatchObject({ error: { code: 'badArguments' } });
  const refused = await rig.tandem('cluster', 'start', 'nobody', '--json');
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stderr)).toEqual({
    error: {
      code: 'clusterUnknown',
      message: expect.any(String) as string,
      hint: expect.any(String) as string,
    },
  });
});
