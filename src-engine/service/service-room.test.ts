import { expect, test } from 'vitest';
import { mkdtempSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nobody } from '../../src-shared/commands/registry.ts';
import type { Tools } from '../platform/tools.ts';
import { systemdManager } from './managers.ts';
import { removeIfInstalled, serviceHandlers } from './service-room.ts';

/** A systemd that writes down what it is told; without one nothing answers. */
function bench(answers: boolean, linger: 'yes' | 'no' | null = null) {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-service-'));
  const told: string[] = [];
  let active = false;
  const run: Tools['run'] = async (tool, [, ...args]) => {
    if (tool === 'loginctl')
      return { exitCode: 0, stdout: linger === null ? '' : `Linger=${linger}\n`, stderr: '', failure: null };
    told.push(args.join(' '));
    if (args[0] === 'restart') active = true;
    if (args[0] === 'disable') active = false;
    const exitCode = !answers || (args[0] === 'is-active' && !active) ? 1 : 0;
    return { exitCode, stdout: '', stderr: '', failure: null };
  };
  const tools = { run } as Tools;
  const manager = () =>
    systemdManager({ tools, userFolder: folder, configFolder: null, homeId: 'ab', uid: 0 });
  const plan = () => ({ program: '/n', args: ['/main.js'], env: { TANDEM_HOME: '/h' }, logs: '/l' });
  const remove = (): void => rmSync(folder, { recursive: true });
  return { handlers: serviceHandlers({ manager, plan }), manager, told, remove };
}

test('installed it runs and its unit names the home; removed nothing is left', async () => {
  const { handlers, told, remove } = bench(true);
  const installed = await handlers['service.install']({}, nobody);
  if (!installed.ok) throw new Error(installed.error.code);
  const { file, ...status } = installed.value;
  expect(status).toEqual({ manager: 'systemd', installed: true, active: true, lingers: null });
  expect(readFileSync(file ?? '', 'utf8')).toContain('TANDEM_HOME=/h');
  expect(told).toContain('enable tandem-ab.service');
  // One that runs already takes its new text.
  expect(told.at(-2)).toBe('restart tandem-ab.service');
  const removed = await handlers['service.remove']({}, nobody);
  expect(removed).toMatchObject({ ok: true, value: { installed: false, active: false } });
  expect(existsSync(file ?? '')).toBe(false);
  remove();
});

test('whether it runs without a session is asked once it is installed, and not guessed', async () => {
  for (const [linger, lingers] of [['no', false] as const, ['yes', true] as const, [null, null] as const]) {
    const { handlers, remove } = bench(true, linger);
    expect(await handlers['service.status']({}, nobody)).toMatchObject({ value: { lingers: null } });
    expect(await handlers['service.install']({}, nobody)).toMatchObject({ value: { lingers } });
    remove();
  }
});

test('a reset takes the service away, and does nothing where there is none', async () => {
  const { handlers, manager, told, remove } = bench(true);
  expect(await removeIfInstalled(manager)).toBeNull();
  expect(told.some((line) => line.startsWith('disable'))).toBe(false);
  await handlers['service.install']({}, nobody);
  expect(await removeIfInstalled(manager)).toMatch(/tandem-ab\.service$/);
  expect(told).toContain('disable --now tandem-ab.service');
  remove();
});

test('without a service manager it is said, not tried', async () => {
  const { handlers, remove } = bench(false);
  expect(await handlers['service.install']({}, nobody)).toMatchObject({
    ok: false,
    error: { code: 'serviceManagerMissing' },
  });
  expect(await handlers['service.status']({}, nobody)).toMatchObject({
    value: { manager: 'none', installed: false },
  });
  remove();
});
