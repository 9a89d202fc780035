import { describe, expect, it } from 'vitest';
import { fakeHaproxy } from '../../../test/doubles/fake-haproxy.ts';
import { haproxyClient } from './haproxy-client.ts';

const down = { ok: false, error: { code: 'frontDown' } };
const dealt = (core: number, edge: number, more = {}) => ({
  ok: true,
  value: { shares: { core, edge }, hasEdge: true, edgeOut: false, ...more },
});

describe('write', () => {
  it('raises one side in both backends before it lowers the other, and reads back', async () => {
    const fake = fakeHaproxy();
    expect(await haproxyClient(fake.ask).write({ core: 100, edge: 0 })).toEqual(dealt(100, 0));
    expect(fake.written).toEqual([
      'set server be/core weight 100',
      'set server bp/core weight 100',
      'set server be/edge weight 0',
      'set server bp/edge weight 0',
    ]);
  });

  it('says what is dealt, not what was asked for', async () => {
    const fake = fakeHaproxy();
    fake.before = (command) => (command.startsWith('set server bp/edge') ? '\n' : undefined);
    expect(await haproxyClient(fake.ask).write({ core: 100, edge: 0 })).toEqual(dealt(56, 44));
  });

  it('stops at what is refused, with its line, and at who is silent', async () => {
    const fake = fakeHaproxy();
    fake.before = (command) => (command.includes('bp/core weight') ? 'Permission denied\n\n' : undefined);
    expect(await haproxyClient(fake.ask).write({ core: 100, edge: 0 })).toEqual({
      ok: false,
      error: { code: 'frontRefused', params: { line: 'Permission denied' } },
    });
    expect(fake.written).toEqual(['set server be/core weight 100']);
    fake.before = (command) => (command.startsWith('set') ? null : undefined);
    expect(await haproxyClient(fake.ask).write({ core: 100, edge: 0 })).toMatchObject(down);
  });
});

describe('dealt', () => {
  it('knows an HAProxy that was started without an edge', async () => {
    expect(await haproxyClient(fakeHaproxy(false).ask).dealt()).toEqual(dealt(100, 0, { hasEdge: false }));
  });

  it('gives an edge that is out no share, whatever its weight', async () => {
    const fake = fakeHaproxy();
    for (const name of ['be/edge', 'bp/edge']) fake.servers.get(name)!.status = 'MAINT';
    expect(await haproxyClient(fake.ask).dealt()).toEqual(dealt(100, 0, { edgeOut: true }));
  });

  it('tells of an edge that is out of one backend alone', async () => {
    const fake = fakeHaproxy();
    fake.servers.get('be/edge')!.status = 'MAINT';
    expect(await haproxyClient(fake.ask).dealt()).toEqual(dealt(20, 80, { edgeOut: true }));
  });

  it('keeps the share of an edge whose checks fail: its weight stands', async () => {
    const fake = fakeHaproxy();
    for (const name of ['be/edge', 'bp/edge']) fake.servers.get(name)!.status = 'DOWN';
    expect(await haproxyClient(fake.ask).dealt()).toEqual(dealt(20, 80));
  });

  it.each([
    ['show stat', null, down],
    [
      'show stat',
      'Permission denied\n',
      { error: { code: 'frontRefused', params: { line: 'Permission denied' } } },
    ],
    ['get weight bp/edge', null, down],
    ['get weight be/core', 'Unknown command\n', { error: { code: 'frontRefused' } }],
  ])('has no answer when %s is answered by %j', async (command, reply, expected) => {
    const fake = fakeHaproxy();
    fake.before = (asked) => (asked === command ? reply : undefined);
    expect(await haproxyClient(fake.ask).dealt()).toMatchObject(expected);
  });
});

describe('counted', () => {
  it('is of one process, since one connection was asked', async () => {
    const asked: (readonly string[])[] = [];
    const fake = fakeHaproxy();
    const client = haproxyClient((...commands) => {
      asked.push(commands);
      return fake.ask(...commands);
    });
    const counted = await client.counted();
    expect(counted).toMatchObject({ ok: true, value: { pid: 42 } });
    expect(asked).toEqual([['show info', 'show stat']]);
  });

  it.each([
    ['show info', null, down],
    ['show info', 'Name: other\n\n', { error: { code: 'frontRefused' } }],
    ['show stat', 'Permission denied\n\n', { error: { params: { line: 'Permission denied' } } }],
  ])('is none when %s is answered by %j', async (command, reply, expected) => {
    const fake = fakeHaproxy();
    fake.before = (asked) => (asked === command ? reply : undefined);
    expect(await haproxyClient(fake.ask).counted()).toMatchObject(expected);
  });
});

describe('info', () => {
  it('is null when nobody answers', async () => {
    expect(await haproxyClient(async () => null).info()).toBeNull();
    expect((await haproxyClient(fakeHaproxy().ask).info())?.pid).toBe(42);
  });
});
