import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/doubles/temporary-folder.ts';
import type { ToolOptions, ToolResult, Tools } from '../src-engine/platform/tools.ts';
import type { Leaving } from './leavings.ts';
import { sweep } from './sweep.ts';

const said = (stdout: string, change: Partial<ToolResult> = {}): ToolResult => ({
  exitCode: 0,
  stdout,
  stderr: '',
  failure: null,
  ...change,
});

/** Tools that answer by their first two words, else well; what they were asked. */
function toolsThatSay(answers: Readonly<Record<string, ToolResult>>) {
  const asked: { readonly args: string; readonly options: ToolOptions }[] = [];
  const run: Tools['run'] = async (_tool, args, options) => {
    asked.push({ args: args.join(' '), options });
    return answers[args.slice(0, 2).join(' ')] ?? said('');
  };
  return { asked, tools: { run } as Tools };
}

const network: Leaving = { kind: 'namespace', ip: '/sbin/ip', name: 'tandem-demo-7', wire: 'tdc7' };
const others = {
  'netns list': said('tandem-demo-77 (id: 1)\nsomebody\n'),
  '-o link': said('1: lo: <LOOPBACK>\n9: tdc77@if8: <BROADCAST>\n'),
};

test('a network is gone when it is not seen any more, whatever its removal said', async () => {
  const { tools } = toolsThatSay({ ...others, 'link del': said('', { exitCode: 1 }) });
  expect(await sweep([network], tools)).toEqual([]);
});

test.each([
  ['the network', { ...others, 'netns list': said('somebody\ntandem-demo-7 (id: 0)\n') }],
  ['the wire', { ...others, '-o link': said('9: tdc7@if8: <BROADCAST>\n') }],
  ['whatever nobody could look for', { ...others, 'netns list': said('', { exitCode: 1 }) }],
  ['what a tool did not say in time', { ...others, '-o link': said('', { failure: 'timedOut' }) }],
])('%s is still there: it is named', async (_what, answers) => {
  expect(await sweep([network], toolsThatSay(answers).tools)).toEqual(['tandem-demo-7']);
});

test('a home is reset within a minute, then its files go', async () => {
  const root = temporaryFolder('sweep');
  const { asked, tools } = toolsThatSay({});
  expect(await sweep([{ kind: 'home', root }], tools)).toEqual([]);
  const [{ args, options } = { args: '', options: { timeoutMs: Infinity } }] = asked;
  expect(args).toMatch(/reset --yes$/);
  expect(options).toMatchObject({ env: { TANDEM_HOME: root } });
  expect(options.timeoutMs).toBeLessThanOrEqual(60_000);
  expect(existsSync(root)).toBe(false);
});
