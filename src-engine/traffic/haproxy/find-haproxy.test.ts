import { describe, expect, it } from 'vitest';
import type { ToolResult, Tools } from '../../platform/tools.ts';
import { findHaproxy, newEnough, versionFrom } from './find-haproxy.ts';

const DEBIAN = 'HAProxy version 2.6.12-1+deb12u4 2026/05/01 - https://haproxy.org/\nStatus: long-term\n';

/** A machine with a haproxy that says `stdout`; null: with none. */
function machine(stdout: string | null): Tools & { readonly asked: string[][] } {
  const asked: string[][] = [];
  return {
    asked,
    find: async (name) => (stdout === null ? null : `/usr/sbin/${name}`),
    run: async (tool, args): Promise<ToolResult> => {
      asked.push([tool, ...args]);
      return { exitCode: 0, stdout: stdout ?? '', stderr: '', failure: null };
    },
    resident: () => {
      throw new Error('not asked for');
    },
  };
}

describe('findHaproxy', () => {
  it('names the path and the version', async () => {
    const tools = machine(DEBIAN);
    expect(await findHaproxy(tools)).toEqual({
      ok: true,
      value: { path: '/usr/sbin/haproxy', version: '2.6.12-1+deb12u4' },
    });
    expect(tools.asked).toEqual([['/usr/sbin/haproxy', '-v']]);
  });

  it('says that there is none, or that it is something else of that name', async () => {
    const none = { ok: false, error: { code: 'frontNotFound', params: { front: 'haproxy', needed: '2.6' } } };
    expect(await findHaproxy(machine(null))).toEqual(none);
    expect(await findHaproxy(machine('usage: haproxy FILE\n'))).toEqual(none);
  });

  it('refuses one that is too old, with both versions', async () => {
    expect(await findHaproxy(machine('HA-Proxy version 2.2.9-2+deb11u6 2024/01/01\n'))).toEqual({
      ok: false,
      error: { code: 'frontTooOld', params: { version: '2.2.9-2+deb11u6', needed: '2.6' } },
    });
  });
});

describe('newEnough', () => {
  it.each([
    ['2.6.0', true],
    ['2.10.1', true],
    ['3.0.5', true],
    ['3.2-dev4-abcdef', true],
    ['2.5.14', false],
    ['1.9.16', false],
  ])('%s: %s', (version, expected) => {
    expect(newEnough(version)).toBe(expected);
  });
});

describe('versionFrom', () => {
  it('finds the line among warnings', () => {
    expect(versionFrom(`[NOTICE] something\n${DEBIAN}`)).toBe('2.6.12-1+deb12u4');
    expect(versionFrom('HAProxy version unknown')).toBeNull();
  });
});
