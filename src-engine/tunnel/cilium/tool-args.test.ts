import { expect, test } from 'vitest';
import { connectArgs, disconnectArgs, lackOf, statusArgs } from './tool-args.ts';

const both = { own: 'core', peer: 'edge' };
const connectFlags = new Set(['context', 'destination-context', 'namespace', 'allow-mismatching-ca']);

test('each verb names both contexts, and the namespace that the environment could change', () => {
  for (const args of [connectArgs(both), disconnectArgs(both)])
    expect(args).toEqual(
      expect.arrayContaining(['--context=core', '--destination-context=edge', '--namespace=kube-system']),
    );
  expect(statusArgs(both)).toEqual(expect.arrayContaining(['--context=core', '--output=json']));
});

test('an authority that is not shared is never let through, whatever the tool could do', () => {
  expect(connectArgs(both).join(' ')).not.toContain('mismatching');
});

test.each([
  ['v0.14.8', connectFlags, 'ciliumOld'],
  ['v0.15.0', connectFlags, null],
  ['v0.16.24', connectFlags, null],
  // Changed since what is known, or too old for it: by the side of what was studied.
  ['v0.16.24', new Set(['context', 'namespace']), 'ciliumOld'],
  ['v1.2.0', new Set(['context', 'namespace']), 'ciliumNew'],
  // A build without a number is believed as long as its flags are there.
  ['devel', connectFlags, null],
])('%s', (version, flags, code) => {
  expect(lackOf('connect', version, flags)?.code ?? null).toBe(code);
});
