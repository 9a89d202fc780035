import { describe, expect, it } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import type { Tools } from '../../platform/tools.ts';
import { watchNetwork, type NetworkChange } from './network-watch.ts';
import { readOwnNetwork, systemNetworkSource, type NetworkSource } from './own-network.ts';

/** A LAN that a test changes at will; counts what is asked. */
function fakeNetwork() {
  const state = {
    address: '192.0.2.7' as string | null,
    gateway: '192.0.2.1' as string | null,
    mac: 'aa:bb:cc:dd:ee:01' as string | null,
    asked: 0,
    stirred: 0,
    answersAfterStirs: 0,
  };
  const source: NetworkSource = {
    addresses: () => [
      { interfaceName: 'lo', address: '127.0.0.1', prefixLength: 8, internal: true },
      ...(state.address === null
        ? []
        : [{ interfaceName: 'eth0', address: state.address, prefixLength: 24, internal: false }]),
    ],
    defaultRoutes: () => {
      state.asked += 1;
      return Promise.resolve(
        state.gateway === null ? [] : [{ interfaceName: 'eth0', gateway: state.gateway }],
      );
    },
    neighbours: (address) =>
      Promise.resolve(
        state.stirred < state.answersAfterStirs
          ? []
          : [{ address: address ?? '', mac: state.mac, interfaceName: 'eth0' }],
      ),
    stir: () => {
      state.stirred += 1;
      return Promise.resolve();
    },
  };
  return { state, source };
}

function watched() {
  const time = fakeTime();
  const { state, source } = fakeNetwork();
  const changes: NetworkChange[] = [];
  const watch = watchNetwork({
    clock: time.clock,
    scheduler: time.scheduler,
    source,
    wish: () => ({ setting: '', peerAddress: null }),
    onChange: (change) => void changes.push(change),
  });
  return { time, state, changes, watch };
}

describe('the network watch', () => {
  it('tells the first network as a change from none', async () => {
    const { time, changes, watch } = watched();
    await time.advance(0);
    expect(changes).toEqual([
      {
        before: null,
        now: {
          interfaceName: 'eth0',
          address: '192.0.2.7',
          prefixLength: 24,
          gateway: '192.0.2.1',
          gatewayMac: 'aa:bb:cc:dd:ee:01',
        },
      },
    ]);
    watch.dispose();
  });

  it('asks for the gateway once a minute while nothing changes', async () => {
    const { time, state, changes, watch } = watched();
    await time.advance(59_000);
    expect(state.asked).toBe(1);
    await time.advance(3000);
    expect(state.asked).toBe(2);
    expect(changes).toHaveLength(1);
    watch.dispose();
  });

  it('sees a new address within 2 s, a new router within a minute or at once on demand', async () => {
    const { time, state, changes, watch } = watched();
    await time.advance(0);
    state.address = '192.0.2.44';
    await time.advance(2000);
    expect(changes.at(-1)).toMatchObject({
      before: { address: '192.0.2.7' },
      now: { address: '192.0.2.44' },
    });
    state.mac = 'aa:bb:cc:dd:ee:02';
    await time.advance(2000);
    expect(changes).toHaveLength(2);
    await watch.check();
    expect(changes.at(-1)?.now?.gatewayMac).toBe('aa:bb:cc:dd:ee:02');
    watch.dispose();
  });

  it('shares one reading among all who ask while another is under way', async () => {
    const { time, state, watch } = watched();
    await time.advance(0);
    const asks = Array.from({ length: 20 }, () => watch.check());
    state.address = '192.0.2.44';
    const found = await Promise.all(asks);
    expect(state.asked).toBe(3);
    expect(found.at(-1)?.address).toBe('192.0.2.44');
    watch.dispose();
  });

  it('tells the loss of every network', async () => {
    const { time, state, changes, watch } = watched();
    await time.advance(0);
    state.address = null;
    await time.advance(2000);
    expect(changes.at(-1)?.now).toBeNull();
    expect(watch.now()).toBeNull();
    watch.dispose();
  });

  it('keeps a MAC that cannot be read for once', async () => {
    const { time, state, changes, watch } = watched();
    await time.advance(0);
    state.mac = null;
    await time.advance(61_000);
    expect(changes).toHaveLength(1);
    state.gateway = '192.0.2.2';
    await time.advance(61_000);
    expect(changes.at(-1)?.now).toMatchObject({ gateway: '192.0.2.2', gatewayMac: null });
    watch.dispose();
  });

  it('stirs the router until the table knows it', async () => {
    const { time, state, changes, watch } = watched();
    state.answersAfterStirs = 2;
    await time.advance(0);
    await time.advance(100);
    await time.advance(100);
    expect(state.stirred).toBe(2);
    expect(changes).toHaveLength(1);
    expect(watch.now()?.gatewayMac).toBe('aa:bb:cc:dd:ee:01');
    watch.dispose();
  });

  it('leaves nothing behind and tells nothing more', async () => {
    const { time, state, changes, watch } = watched();
    state.answersAfterStirs = 99;
    await time.advance(0);
    watch.dispose();
    await time.advance(0);
    expect(time.pending()).toBe(0);
    state.address = null;
    await time.advance(120_000);
    expect(changes).toHaveLength(0);
  });
});

describe('the network of macOS', () => {
  function macTools(answers: Readonly<Record<string, string>>) {
    const asked: string[] = [];
    const tools = {
      run: (tool: string, args: readonly string[]) => {
        const line = [tool, ...args].join(' ');
        asked.push(line);
        return Promise.resolve({ exitCode: 0, stdout: answers[line] ?? '', stderr: '', failure: null });
      },
    } as unknown as Tools;
    const own = {
      addresses: () => [{ interfaceName: 'en0', address: '192.0.2.7', prefixLength: 24, internal: false }],
      stir: () => Promise.resolve(),
    };
    return { asked, source: { ...systemNetworkSource('darwin', tools), ...own } };
  }
  const wish = { setting: '', peerAddress: null };

  it('is read by two children', async () => {
    const { asked, source } = macTools({
      '/sbin/route -n get default': '    gateway: 192.0.2.1\n  interface: en0\n',
      '/usr/sbin/arp -n 192.0.2.1': '? (192.0.2.1) at a:b:c:d:e:f on en0 ifscope [ethernet]\n',
    });
    expect(await readOwnNetwork(source, wish, () => Promise.resolve())).toMatchObject({
      gateway: '192.0.2.1',
      gatewayMac: '0a:0b:0c:0d:0e:0f',
    });
    expect(asked).toHaveLength(2);
  });

  it("asks for the LAN's own gateway while a VPN holds the default route", async () => {
    const { source } = macTools({
      '/sbin/route -n get default': '    gateway: link#23\n  interface: utun4\n',
      '/sbin/route -n get -ifscope en0 default': '    gateway: 192.0.2.1\n  interface: en0\n',
    });
    expect(await readOwnNetwork(source, wish, () => Promise.resolve())).toMatchObject({
      interfaceName: 'en0',
      gateway: '192.0.2.1',
      gatewayMac: null,
    });
  });
});

describe('the network of this Linux', () => {
  it.runIf(process.platform === 'linux')(
    'loopback is a network without a router when the setting says so',
    async () => {
      const source = systemNetworkSource('linux');
      expect(
        await readOwnNetwork(source, { setting: '127.0.0.1', peerAddress: null }, () => Promise.resolve()),
      ).toMatchObject({ address: '127.0.0.1', prefixLength: 8, gateway: null, gatewayMac: null });
    },
  );

  it('stirs an address without a fault, reachable or not', async () => {
    await systemNetworkSource().stir('127.0.0.1');
    await systemNetworkSource().stir('255.255.255.255');
  });
});
