import { expect, test } from 'vitest';
import { engineCommand, type EngineCommandFacts } from './engine-command.ts';

const facts: EngineCommandFacts = {
  packaged: false,
  execPath: '/electron',
  env: { HOME: '/home', ELECTRON_RUN_AS_NODE: '1' },
  node: '/usr/bin/node',
  entry: '/app/out/engine/main.js',
  pid: 42,
};
const args = ['/app/out/engine/main.js', '--parent=42'];

test('a real Node runs it in development, without what Electron was told', () => {
  expect(engineCommand(facts)).toEqual({ command: '/usr/bin/node', args, env: { HOME: '/home' } });
  const told = engineCommand({ ...facts, env: { TANDEM_NODE: '/opt/node' } });
  expect(told.command).toBe('/opt/node');
});

test('the package uses its own Electron as Node, whatever lies around', () => {
  const packaged = engineCommand({ ...facts, packaged: true, env: { TANDEM_NODE: '/opt/node' } });
  expect(packaged).toMatchObject({ command: '/electron', args, env: { ELECTRON_RUN_AS_NODE: '1' } });
});

test('without a Node, Electron does', () => {
  expect(engineCommand({ ...facts, node: null })).toMatchObject({
    command: '/electron',
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
});
