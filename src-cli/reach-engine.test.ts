import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../test/doubles/temporary-folder.ts';
import type { Method } from '../src-shared/commands/registry.ts';
import { reachEngine } from './reach-engine.ts';

/** A program that answers each line, as an engine does, with who it is. */
const ONE_SHOT = `
import { createInterface } from 'node:readline';
createInterface(process.stdin).on('line', (line) => {
  const { id } = JSON.parse(line);
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: 'one-shot' }) + '\\n');
});
`;

/** An engine of this home, which is the unit of a service manager: it answers, and does not outlive its own end. */
async function home(isRunning: boolean): Promise<(method: Method) => Promise<unknown>> {
  const folder = temporaryFolder('reach');
  vi.stubEnv('TANDEM_HOME', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const program = join(folder, 'program.mjs');
  writeFileSync(program, ONE_SHOT);
  if (isRunning) await engineAt(join(folder, 'engine.sock'));
  return async (method) => {
    const reached = await reachEngine(method, program);
    if (!reached.ok) return reached.error.code;
    const answer = await reached.value.call(method, {});
    reached.value.close();
    return answer.ok ? answer.value : answer.error.code;
  };
}

async function engineAt(path: string): Promise<void> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const { id, method } = JSON.parse(String(data)) as { id: number; method: string };
      if (/^(service.(install|remove)|reset.run)$/.test(method)) return void socket.destroy();
      socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: 'engine' })}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
}

test('what ends the engine is not asked of it, since it would not answer', async () => {
  const ask = await home(true);
  for (const method of ['service.install', 'service.remove', 'reset.run'] as const)
    expect(await ask(method)).toBe('one-shot');
  for (const method of ['service.status', 'status.get'] as const) expect(await ask(method)).toBe('engine');
});

test('without an engine only what needs none is answered', async () => {
  const ask = await home(false);
  expect(await ask('service.status')).toBe('one-shot');
  expect(await ask('status.get')).toBe('engineNotRunning');
});
