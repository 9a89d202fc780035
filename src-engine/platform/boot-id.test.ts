import { expect, test } from 'vitest';
import { systemFiles, type TextFiles } from './files.ts';
import { readBootId } from './boot-id.ts';
import { systemTools, type Tools } from './tools.ts';

const none: TextFiles = { read: async () => null, list: async () => [] };

function saying(stdout: string, failure: 'missing' | null = null): Tools {
  return { ...systemTools, run: async () => ({ exitCode: 0, stdout, stderr: '', failure }) };
}

test('names the start of the machine, the same each time', async () => {
  const files: TextFiles = { ...none, read: async () => 'D1DBB1AC-0000-4000-8000-000000000001\n' };
  const ask = () => readBootId({ os: 'linux', files, tools: systemTools });
  expect(await ask()).toBe('d1dbb1ac-0000-4000-8000-000000000001');
  expect(await ask()).toBe(await ask());
  const mac = { os: 'darwin', files: none, tools: saying('6F7A9C3E-0000-4000-8000-00000000000A\n') } as const;
  expect(await readBootId(mac)).toBe('6f7a9c3e-0000-4000-8000-00000000000a');
});

test('without one, or with junk, each start of the program has its own', async () => {
  const missing = { os: 'darwin', files: none, tools: saying('', 'missing') } as const;
  expect(await readBootId(missing)).not.toBe(await readBootId(missing));
  const junk = { os: 'darwin', files: systemFiles, tools: saying('sysctl: unknown oid') } as const;
  expect(await readBootId(junk)).toMatch(/^[0-9a-f-]{36}$/);
});
