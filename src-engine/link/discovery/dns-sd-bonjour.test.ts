import { describe, expect, it } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import type { Tools } from '../../platform/tools.ts';
import { dnsSdBonjour } from './dns-sd-bonjour.ts';
import { addressLine, browseLine, lineCutter, reachLine, textLine } from './dns-sd-grammar.ts';

const browseText = (verb = 'Add', instance = 'tandem-0a1b2c3d') =>
  'Browsing for _tandem._tcp.local\nDATE: ---Tue 24 Nov 2026---\n17:24:07.123  ...STARTING...\n' +
  'Timestamp     A/R    Flags  if Domain               Service Type         Instance Name\n' +
  `17:24:07.124  ${verb}        2  14 local.               _tandem._tcp.        ${instance}\n`;
const lookupText =
  'Lookup tandem-0a1b2c3d._tandem._tcp.local\nDATE: ---Tue 24 Nov 2026---\n17:24:07.200  ...STARTING...\n' +
  '17:24:07.201  tandem-0a1b2c3d._tandem._tcp.local. can be reached at My-Mac.local.:47321 (interface 14) Flags: 1\n' +
  String.raw` v=1 name=Jo\'s\ Mac pin=0a1b2c3d pairing=1` +
  '\n';
const addressText =
  'DATE: ---Tue 24 Nov 2026---\n 7:24:07.300  ...STARTING...\n' +
  'Timestamp     A/R    Flags  if Hostname                               Address                                      TTL\n' +
  ' 7:24:07.301  Add 40000002  14 My-Mac.local.                          192.0.2.8                                    120\n';

describe('what dns-sd prints', () => {
  it.each([
    ['17:24:07.124  Add        2  14 local.               _tandem._tcp.        My Mac', true, 'My Mac'],
    [
      '17:24:07.124  Add        3   9999 local.               _tandem._tcp.         Dynamic Cosmos',
      true,
      'Dynamic Cosmos',
    ],
    [' 9:37:58.180  Rmv        0   4 local.               _tandem._tcp.        tandem-1', false, 'tandem-1'],
    // An older release has narrow columns.
    ['17:24:07.124  Add     2  4 local.                    _tandem._tcp.             Thing', true, 'Thing'],
  ])('-B: %s', (line, here, instance) => {
    expect(browseLine(line)).toEqual({ here, instance });
  });

  it.each([
    '',
    'Browsing for _tandem._tcp.local',
    '17:24:07.123  ...STARTING...',
    '17:24:07.123  Error code -65563',
  ])('-B: nothing in %j', (line) => {
    expect(browseLine(line)).toBeNull();
  });

  it('-L: host and port, escaped names and flags or not', () => {
    expect(
      reachLine(
        String.raw`17:24:07.201  My\032Mac._tandem._tcp.local. can be reached at My-Mac.local.:47321 (interface 14)`,
      ),
    ).toEqual({ host: 'My-Mac.local.', port: 47_321 });
    expect(reachLine('Error code -65554')).toBeNull();
  });

  it.each([
    [String.raw` v=1 name=Jo\'s\ Mac pin=0a1b2c3d`, { v: '1', name: "Jo's Mac", pin: '0a1b2c3d' }],
    [String.raw` name=a\\\\b\&c`, { name: String.raw`a\b&c` }],
    [String.raw` name=\\xEB\\xA7\\xA5 flag x=`, { name: '맥', flag: '', x: '' }],
    [' name=맥=1', { name: '맥=1' }],
  ])('-L: TXT %s', (line, expected) => {
    expect(textLine(line)).toEqual(expected);
  });

  it.each([
    ['17:24:07.301  Add 40000002  14 My-Mac.local.       192.0.2.8       120', '192.0.2.8'],
    ['22:03:17.123  Add  40000002     14  My-Mac.local.  192.0.2.8       120', '192.0.2.8'],
    ['17:24:07.301  Add        2  14 My-Mac.local.       fe80::1%en0     120', null],
    ['17:24:07.301  Rmv        0  14 My-Mac.local.       192.0.2.8       120', null],
    ['17:24:07.301  Add        2  14 My-Mac.local.       0.0.0.0         0    No Such Record', null],
  ])('-G: %s', (line, expected) => {
    expect(addressLine(line)).toBe(expected);
  });

  it('is cut into the same lines wherever its chunks end', () => {
    const whole: string[] = [];
    lineCutter((line) => whole.push(line))(lookupText);
    for (let at = 0; at <= lookupText.length; at += 1) {
      const lines: string[] = [];
      const cut = lineCutter((line) => lines.push(line));
      cut(lookupText.slice(0, at));
      cut(lookupText.slice(at));
      expect(lines).toEqual(whole);
    }
  });
});

/** Children that a test speaks for. */
function fakeTools() {
  const children: {
    args: readonly string[];
    say: (text: string) => void;
    stopped: boolean;
    end: () => void;
  }[] = [];
  const tools: Pick<Tools, 'resident'> = {
    resident(_tool, args, onChunk) {
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => (end = resolve));
      const child = { args, say: onChunk, stopped: false, end };
      children.push(child);
      const stop = (): void => {
        child.stopped = true;
        end();
      };
      return { pid: 1, ended, stop };
    },
  };
  const by = (flag: string) => children.filter(({ args }) => args[0] === flag);
  const running = () => children.filter(({ stopped }) => !stopped).length;
  return { tools, by, running };
}

describe('Bonjour by dns-sd', () => {
  it('finds a Mac through browse, lookup and address, whatever the chunks', async () => {
    for (const size of [1, 7, 4096]) {
      const time = fakeTime();
      const { tools, by, running } = fakeTools();
      const bonjour = dnsSdBonjour(time.scheduler, tools);
      const say = (flag: string, text: string) => {
        for (let at = 0; at < text.length; at += size)
          by(flag)
            .at(-1)
            ?.say(text.slice(at, at + size));
      };
      bonjour.browse(true);
      say('-B', browseText());
      say('-L', lookupText);
      expect(by('-G')[0]?.args).toEqual(['-G', 'v4', 'My-Mac.local.']);
      say('-G', addressText);
      expect(bonjour.found()).toEqual([
        { name: "Jo's Mac", host: '192.0.2.8', port: 47_321, pin8: '0a1b2c3d', pairing: true },
      ]);
      expect(running()).toBe(1);
      say('-B', browseText('Rmv'));
      expect(bonjour.found()).toEqual([]);
      bonjour.dispose();
      await time.advance(60_000);
      expect([running(), time.pending()]).toEqual([0, 0]);
    }
  });

  it('announces by arguments, no shell between', () => {
    const { tools, by } = fakeTools();
    const bonjour = dnsSdBonjour(fakeTime().scheduler, tools);
    bonjour.announce({
      port: 47_321,
      name: 'a; rm -rf "$HOME"',
      pin: `0a1b2c3d${'0'.repeat(56)}`,
      pairing: false,
    });
    expect(by('-R')[0]?.args).toEqual([
      '-R',
      'tandem-0a1b2c3d',
      '_tandem._tcp',
      'local',
      '47321',
      'v=1',
      'name=a; rm -rf "$HOME"',
      'pin=0a1b2c3d',
    ]);
    bonjour.announce(null);
    expect(by('-R')[0]?.stopped).toBe(true);
  });

  it('gives up a name that does not resolve, and keeps few lookups', async () => {
    const time = fakeTime();
    const { tools, by, running } = fakeTools();
    const bonjour = dnsSdBonjour(time.scheduler, tools);
    bonjour.browse(true);
    for (let index = 0; index < 50; index += 1) by('-B')[0]?.say(browseText('Add', `spoof-${String(index)}`));
    by('-B')[0]?.say(browseText());
    const most = 5;
    expect(running()).toBeLessThanOrEqual(most);
    for (let rounds = 0; rounds < 17; rounds += 1) {
      await time.advance(5000);
      expect(running()).toBeLessThanOrEqual(most);
    }
    // The true one waited behind fifty spoofed ones: thirty lookups a minute.
    expect(by('-L').at(-1)?.args[1]).toBe('tandem-0a1b2c3d');
    await time.advance(5000);
    expect(running()).toBe(1);
    expect(bonjour.found()).toEqual([]);
    bonjour.dispose();
  });

  it('a flood of ever new names that answer at once, or of one that is looked up anew, starts few children', async () => {
    for (const nameOf of [(index: number) => `spoof-${String(index)}`, () => 'tandem-0a1b2c3d']) {
      const time = fakeTime();
      const { tools, by } = fakeTools();
      const bonjour = dnsSdBonjour(time.scheduler, tools);
      bonjour.browse(true);
      const lookups = () => by('-L').length;
      const answer = () => {
        by('-L').at(-1)?.say(lookupText);
        by('-G').at(-1)?.say(addressText);
      };
      for (let index = 0; index < 3000; index += 1) {
        by('-B')
          .at(-1)
          ?.say(browseText('Add', nameOf(index)));
        answer();
        if (index % 100 === 0) {
          bonjour.browse(false);
          bonjour.browse(true);
        }
      }
      expect(lookups()).toBeGreaterThan(10);
      expect(lookups()).toBeLessThanOrEqual(30);
      expect(by('-G').length).toBeLessThanOrEqual(30);
      // A minute later who is really there is looked up.
      by('-B').at(-1)?.say(browseText('Rmv'));
      by('-B').at(-1)?.say(browseText());
      await time.advance(60_000);
      expect(lookups()).toBeGreaterThan(30);
      expect(lookups()).toBeLessThanOrEqual(60);
      bonjour.dispose();
      expect(time.pending()).toBe(0);
    }
  });

  it('asks for one address, however many places a single lookup tells', () => {
    const { tools, by } = fakeTools();
    const bonjour = dnsSdBonjour(fakeTime().scheduler, tools);
    bonjour.browse(true);
    by('-B')[0]?.say(browseText());
    by('-L')[0]?.say(lookupText.repeat(500));
    expect(by('-G')).toHaveLength(1);
    bonjour.dispose();
  });

  it('starts a child again that ended by itself', async () => {
    const time = fakeTime();
    const { tools, by } = fakeTools();
    const bonjour = dnsSdBonjour(time.scheduler, tools);
    bonjour.browse(true);
    bonjour.browse(true);
    by('-B')[0]?.end();
    await time.advance(0);
    await time.advance(9000);
    expect(by('-B')).toHaveLength(1);
    await time.advance(1000);
    expect(by('-B')).toHaveLength(2);
    bonjour.dispose();
    await time.advance(60_000);
    expect(by('-B')).toHaveLength(2);
  });
});
