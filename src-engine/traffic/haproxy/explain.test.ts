import { describe, expect, it } from 'vitest';
import { problemOf, refusedBy } from './explain.ts';

const listen = { host: '127.0.0.1', port: 47_380 };
const ended = (output: string, code: number | null = 1) => problemOf({ code, signal: null, output }, listen);

describe('problemOf', () => {
  // HAProxy 2.6.12, and the other wording of newer ones.
  it.each([
    '[NOTICE]   (7) : haproxy version is 2.6.12\n[ALERT]    (7) : Starting frontend fe: cannot bind socket (Address already in use) [127.0.0.1:47380]\n[ALERT]    (7) : [/usr/sbin/haproxy.main()] Some protocols failed to start their listeners! Exiting.\n',
    '[ALERT] (7) : Binding [haproxy.cfg:19] for frontend fe: cannot bind socket (Address already in use) for [127.0.0.1:47380]\n',
  ])('names a port that is taken', (output) => {
    expect(ended(output)).toEqual({ code: 'frontPortTaken', params: { address: '127.0.0.1', port: 47_380 } });
  });

  it('does not call a port taken that it may not use, or an address that this Mac has not', () => {
    const line = (why: string): string => `Starting frontend fe: cannot bind socket (${why}) [192.0.2.1:80]`;
    for (const why of ['Permission denied', 'Cannot assign requested address'])
      expect(ended(`[ALERT]    (7) : ${line(why)}\n`)).toEqual({
        code: 'frontRefused',
        params: { line: line(why) },
      });
  });

  it('gives the first line that HAProxy has against its configuration', () => {
    const output =
      "[NOTICE]   (7) : path to executable is /usr/sbin/haproxy\n[ALERT]    (7) : config : parsing [/h/haproxy.cfg:44] : 'server be/edge' : unable to load certificate\n[ALERT]    (7) : config : Fatal errors found in configuration.\n";
    expect(ended(output)).toEqual({
      code: 'frontRefused',
      params: {
        line: "config : parsing [/h/haproxy.cfg:44] : 'server be/edge' : unable to load certificate",
      },
    });
  });

  it('names an address that nobody knows', () => {
    const output =
      "[ALERT]    (7) : config : parsing [/h/haproxy.cfg:44] : 'server be/edge' : could not resolve address 'm2.invalid'.\n[ALERT] (7) : config : Failed to initialize server(s) addr.\n";
    expect(ended(output)).toEqual({ code: 'backendInvalid', params: { address: 'm2.invalid' } });
  });

  it('does not take what it said of its servers for why it was killed', () => {
    const output = "[ALERT]    (7) : backend 'ce' has no server available!\n";
    expect(problemOf({ code: null, signal: 'SIGKILL', output }, listen)).toMatchObject({ code: 'frontDown' });
    expect(ended(output)).toMatchObject({ code: 'frontDown' });
    expect(ended('[ALERT] (7) : config : unknown keyword\n', null)).toMatchObject({ code: 'frontDown' });
  });
});

describe('refusedBy', () => {
  it('finds nothing in what is in order', () => {
    expect(refusedBy('Configuration file is valid\n[WARNING]  (7) : config : something\n')).toBeNull();
  });
});
