import { expect, test } from 'vitest';
import { commands } from '../src-shared/commands/registry.ts';
import { inputFrom, inputOptions } from './input-options.ts';

test('flags, numbers, choices and positionals come from the schema', () => {
  const options = inputOptions(commands['cluster.create']);
  expect(options.map(({ key, kind, positional, required }) => [key, kind, positional, required])).toEqual([
    ['name', 'text', true, false],
    ['provider', 'text', false, false],
    ['nodes', 'number', false, false],
    ['image', 'text', false, false],
    ['config', 'text', false, false],
    ['tunnel', 'flag', false, false],
    ['force', 'flag', false, false],
  ]);
  expect(options[1]?.choices).toEqual(['kind', 'minikube', 'embedded']);
  expect(inputOptions(commands['settings.set']).map(({ kind, required }) => [kind, required])).toEqual([
    ['text', true],
    ['text', false],
    ['flag', false],
  ]);
});

test('words become values of the right type, and what is missing stays out', () => {
  const options = inputOptions(commands['cluster.create']);
  expect(inputFrom(options, { name: '7', nodes: '3', force: true })).toEqual({
    name: '7',
    nodes: 3,
    force: true,
  });
  expect(inputFrom(options, { nodes: 'many' })['nodes']).toBeNaN();
  expect(inputFrom(options, { config: 'kind.yaml' })).toEqual({ config: `${process.cwd()}/kind.yaml` });
  const set = inputOptions(commands['settings.set']);
  expect(inputFrom(set, { key: 'a.b', value: '30' })).toEqual({ key: 'a.b', value: '30' });
});
