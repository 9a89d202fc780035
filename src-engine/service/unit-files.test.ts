import { expect, test } from 'vitest';
import { launchdPlist, systemdUnit } from './unit-files.ts';

const plan = {
  program: '/opt/my node/bin/node',
  args: ['/opt/t/out/engine/main.js'],
  env: { TANDEM_HOME: '/home/a "b" 100%$HOME' },
  logs: '/home/a/logs',
};

test('systemd takes every word as it is: quotes, percent and dollar signs', () => {
  const unit = systemdUnit(plan);
  expect(unit).toContain('ExecStart="/opt/my node/bin/node" "/opt/t/out/engine/main.js"\n');
  expect(unit).toContain('Environment="TANDEM_HOME=/home/a \\"b\\" 100%%$$HOME"\n');
});

test('neither manager ends the front together with its engine', () => {
  expect(systemdUnit(plan)).toContain('KillMode=process');
  expect(launchdPlist('x', plan)).toMatch(/<key>AbandonProcessGroup<\/key>\s*<true\/>/);
});

test('a plist holds no bare markup', () => {
  const plist = launchdPlist('x', { ...plan, env: { TANDEM_HOME: '/a<b>&c' } });
  expect(plist).toContain('<string>/a&lt;b&gt;&amp;c</string>');
});
