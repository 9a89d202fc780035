import { expect, test } from 'vitest';
import { launchdPlist, systemdUnit } from './unit-files.ts';

const plan = {
  program: '/opt/my node/bin/node',
  args: ['/opt/t$1/out/engine/main.js'],
  env: { TANDEM_HOME: '/home/a "b" 100%$HOME' },
  logs: '/home/a/logs',
};

test('systemd takes every word as it is: quotes, percent signs, dollars where they would mean something', () => {
  const unit = systemdUnit(plan);
  expect(unit).toContain('ExecStart="/opt/my node/bin/node" "/opt/t$$1/out/engine/main.js"\n');
  // No variable is expanded here (systemd.exec(5)): a doubled dollar would stay doubled.
  expect(unit).toContain('Environment="TANDEM_HOME=/home/a \\"b\\" 100%%$HOME"\n');
});

test('a path with a line break adds no line to the unit', () => {
  const unit = systemdUnit({ ...plan, env: { TANDEM_HOME: '/a\nExecStart=/bin/false' } });
  expect(unit.split('\n').filter((line) => line.startsWith('ExecStart='))).toHaveLength(1);
});

test('neither manager ends the front together with its engine', () => {
  expect(systemdUnit(plan)).toContain('KillMode=process');
  expect(launchdPlist('x', plan)).toMatch(/<key>AbandonProcessGroup<\/key>\s*<true\/>/);
});

test('a plist holds no bare markup', () => {
  const plist = launchdPlist('x', { ...plan, env: { TANDEM_HOME: '/a<b>&c' } });
  expect(plist).toContain('<string>/a&lt;b&gt;&amp;c</string>');
});
