import { describe, expect, it } from 'vitest';
import type { FrontConfig } from '../ports.ts';
import { configText, shapeOf, wasEdited, type ConfigInput } from './config.ts';

const front: FrontConfig = {
  listen: { host: '127.0.0.1', port: 18_100 },
  core: { host: '127.0.0.1', port: 9101, healthPath: '/health' },
  edge: {
    host: '192.0.2.6',
    port: 9002,
    tls: { ownPemFile: '/home/a b/own.pem', peerPemFile: "/home/it's/peer.pem", peerPin: 'aa' },
  },
};
const input: ConfigInput = {
  front,
  shares: { core: 20, edge: 80 },
  edgeOut: false,
  socketPath: '/tmp/t/hap.sock',
  os: 'linux',
};

function text(changes: Partial<ConfigInput> = {}): string {
  const result = configText({ ...input, ...changes });
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}
const lines = (changes: Partial<ConfigInput> = {}): string[] => text(changes).split('\n');
const serverLines = (changes: Partial<ConfigInput> = {}): string[] =>
  lines(changes).filter((line) => line.startsWith('  server '));

const TLS = `ssl verify required ca-file '/home/it'\\''s/peer.pem' crt '/home/a b/own.pem' ssl-min-ver TLSv1.3`;
/** testbed/haproxy/haproxy-recommended.cfg with what was learnt since: check-only backends, the stand-in, our headers. */
const GOLDEN = `global
  description ${shapeOf(input)}
  stats socket '/tmp/t/hap.sock' mode 600 level admin expose-fd listeners
  stats timeout 1h
  maxconn 2000
  tune.pool-low-fd-ratio 70
  tune.pool-high-fd-ratio 80
  nbthread 1
  noreuseport
  hard-stop-after 1h
defaults
  mode http
  option idle-close-on-response
  timeout client 75s
  timeout http-keep-alive 60s
  timeout connect 300ms
  timeout server 120s
  timeout tunnel 1h
  timeout check 500ms
frontend fe
  bind 127.0.0.1:18100
  use_backend op if !METH_GET { srv_conn(bp/edge) ge 128 } { srv_is_up(cc/core) } !{ req.hdr(x-tandem-probe) -m found }
  use_backend oe if METH_GET { srv_conn(be/edge) ge 384 } { srv_is_up(cc/core) } !{ req.hdr(x-tandem-probe) -m found }
  use_backend bp if !METH_GET
  default_backend be
backend be
  balance roundrobin
  http-reuse always
  option redispatch 1
  retries 2
  retry-on conn-failure empty-response 425
  http-response del-header keep-alive
  http-response set-header x-tandem-backend core
  http-response set-header x-tandem-backend edge if { srv_name edge }
  server core 127.0.0.1:9101 weight 20 track cc/core
  server edge 192.0.2.6:9002 weight 80 track ce/edge ${TLS} pool-purge-delay 30s pool-low-conn 384 tcp-ut 1000
  server last 127.0.0.1:9101 backup
backend bp
  balance roundrobin
  http-reuse safe
  option redispatch 1
  retries 2
  retry-on conn-failure 425
  http-response del-header keep-alive
  http-response set-header x-tandem-backend core
  http-response set-header x-tandem-backend edge if { srv_name edge }
  server core 127.0.0.1:9101 weight 20 track cc/core
  server edge 192.0.2.6:9002 weight 80 track ce/edge ${TLS} pool-max-conn 0
  server last 127.0.0.1:9101 backup
backend oe
  balance roundrobin
  http-reuse always
  option redispatch 1
  retries 2
  retry-on conn-failure empty-response 425
  http-response del-header keep-alive
  http-response set-header x-tandem-backend core
  server core 127.0.0.1:9101 track cc/core
  server last 127.0.0.1:9101 backup
backend op
  balance roundrobin
  http-reuse safe
  option redispatch 1
  retries 2
  retry-on conn-failure 425
  http-response del-header keep-alive
  http-response set-header x-tandem-backend core
  server core 127.0.0.1:9101 track cc/core
  server last 127.0.0.1:9101 backup
backend cc
  option httpchk
  http-check send meth GET uri '/health' ver HTTP/1.1 hdr host '127.0.0.1:9101' hdr x-tandem-probe check
  server core 127.0.0.1:9101 check inter 500 fall 4 rise 2
backend ce
  option httpchk
  http-check send meth GET uri '/.tandem/ready' ver HTTP/1.1 hdr host '192.0.2.6:9002' hdr x-tandem-probe check
  server edge 192.0.2.6:9002 check inter 500 fall 4 rise 2 ${TLS}
`;

describe('configText', () => {
  it('is the recommended configuration', () => {
    expect(lines().slice(2).join('\n')).toBe(GOLDEN);
  });

  it('is written with the weights of now, in both backends', () => {
    const weights = serverLines({ shares: { core: 60, edge: 40 } }).flatMap(
      (line) => line.match(/weight \d+/) ?? [],
    );
    expect(weights).toEqual(['weight 60', 'weight 40', 'weight 60', 'weight 40']);
  });

  it('keeps an edge that is out disabled, and still looks at it', () => {
    const out = serverLines({ edgeOut: true });
    expect(out.filter((line) => line.endsWith(' disabled'))).toHaveLength(2);
    expect(out.filter((line) => line.includes('disabled') && !line.startsWith('  server edge '))).toEqual([]);
    expect(out.find((line) => line.includes('server edge') && line.includes(' check '))).not.toContain(
      'disabled',
    );
  });

  it('has no edge before its gate is known', () => {
    const alone = text({ front: { ...front, edge: null } });
    expect(alone).not.toMatch(/server edge|backend ce|ssl /);
    expect(alone).toContain('server core 127.0.0.1:9101 weight 20 track cc/core');
  });

  it('asks only Linux for what only Linux has', () => {
    expect(text({ os: 'darwin' })).not.toContain('tcp-ut');
  });

  it('writes IPv6 addresses in brackets', () => {
    const alone = { ...front, listen: { host: '::1', port: 80 }, edge: null };
    expect(text({ front: alone })).toContain('  bind [::1]:80\n');
  });

  it.each([
    ['a host of two words', { ...front, core: { ...front.core, host: '127.0.0.1 backup' } }],
    ['no host', { ...front, core: { ...front.core, host: '' } }],
    ['a port out of range', { ...front, listen: { host: '127.0.0.1', port: 65_536 } }],
    [
      'a health path with a line of its own',
      { ...front, core: { ...front.core, healthPath: '/\n  maxconn 1' } },
    ],
    ['a health path of two words', { ...front, core: { ...front.core, healthPath: '/a b' } }],
    ['a health path that is none', { ...front, core: { ...front.core, healthPath: 'health' } }],
  ])('refuses %s', (_, wrong) => {
    expect(configText({ ...input, front: wrong })).toMatchObject({
      ok: false,
      error: { code: 'backendInvalid' },
    });
  });
});

describe('shapeOf', () => {
  it('is the same for other weights, and in the text itself', () => {
    const moved = { ...input, shares: { core: 100, edge: 0 }, edgeOut: true };
    expect(shapeOf(moved)).toBe(shapeOf(input));
    expect(text(moved)).toContain(`  description ${shapeOf(input)}\n`);
  });

  it('is another one for another gate, key, port or path', () => {
    const tls = { ownPemFile: '/o', peerPemFile: '/p', peerPin: 'aa' };
    const edge = { host: '192.0.2.6', port: 9002, tls };
    const others: FrontConfig[] = [
      { ...front, edge: null },
      { ...front, edge },
      { ...front, edge: { ...edge, port: 9003 } },
      { ...front, edge: { ...edge, tls: { ...tls, peerPin: 'bb' } } },
      { ...front, listen: { host: '127.0.0.1', port: 18_101 } },
      { ...front, core: { ...front.core, healthPath: '/' } },
      front,
    ];
    expect(new Set(others.map((other) => shapeOf({ ...input, front: other }))).size).toBe(others.length);
  });
});

describe('wasEdited', () => {
  it('knows its own text from one that somebody touched', () => {
    expect(wasEdited(text())).toBe(false);
    expect(wasEdited(text().replace('weight 80', 'weight 90'))).toBe(true);
    expect(wasEdited(text().slice(0, -1))).toBe(true);
    expect(wasEdited(`${text()}# mine\n`)).toBe(true);
    expect(wasEdited('')).toBe(true);
  });
});
