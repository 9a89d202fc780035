import { expect, test } from 'vitest';
import type { ServiceStatus } from '../../../src-shared/commands/service.ts';
import { defaultSettings } from '../../../src-shared/settings.ts';
import type { Role } from '../../../src-shared/world/role.ts';
import type { CheckContext } from '../check.ts';
import { serviceCheck } from './service.ts';

const running: ServiceStatus = {
  manager: 'systemd',
  installed: true,
  active: true,
  file: '/u/tandem.service',
  lingers: true,
};
const look = (status: Partial<ServiceStatus>, role: Role = 'core') =>
  // It looks at nothing else.
  serviceCheck.run({
    settings: { ...defaultSettings, role },
    service: async () => ({ ...running, ...status }),
  } as CheckContext);

test('a service that ends with the session is said, with the command that mends it', async () => {
  const said = await look({ lingers: false });
  expect(said.verdict).toBe('advice');
  expect(said.action).toContain('loginctl enable-linger');
  expect(await look({ lingers: null })).toMatchObject({ verdict: 'ok', action: null });
});

test('a core that nobody starts after a restart is advised; an edge or a single Mac is not', async () => {
  const absent = { installed: false, active: false, lingers: null };
  expect((await look(absent)).action).toContain('tandem service install');
  for (const role of ['edge', 'single'] as const)
    expect(await look(absent, role)).toMatchObject({ verdict: 'ok', action: null });
});

test('one that does not run is a problem; no service manager is none', async () => {
  expect((await look({ active: false })).verdict).toBe('problem');
  expect((await look({ manager: 'none', installed: false, active: null })).verdict).toBe('ok');
});
