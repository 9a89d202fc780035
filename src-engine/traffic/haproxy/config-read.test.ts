import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { haproxyHere } from '../../../test/doubles/haproxy-scene.ts';
import { pairOfKeys } from '../../../test/doubles/pair-keys.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { systemTools } from '../../platform/tools.ts';
import type { FrontConfig } from '../ports.ts';
import { configText, type ConfigInput } from './config.ts';

/** Has HAProxy read a configuration of a home in a folder of that name; what it says against it. */
async function read(folderName: string, changes: Partial<FrontConfig>, input: Partial<ConfigInput> = {}) {
  const home = join(temporaryFolder('cfg'), folderName);
  mkdirSync(home);
  const { core, edge } = pairOfKeys();
  const [ownPemFile, peerPemFile] = [join(home, 'own.pem'), join(home, 'peer.pem')];
  writeFileSync(ownPemFile, `${core.certificatePem}${core.keyPem}`);
  writeFileSync(peerPemFile, edge.certificatePem);
  const text = configText({
    front: {
      listen: { host: '127.0.0.1', port: 18_100 },
      core: { host: '127.0.0.1', port: 9101, healthPath: '/' },
      edge: { host: '192.0.2.6', port: 9002, tls: { ownPemFile, peerPemFile, peerPin: edge.pin } },
      ...changes,
    },
    shares: { core: 20, edge: 80 },
    edgeOut: false,
    socketPath: join(home, 'hap.sock'),
    os: 'linux',
    ...input,
  });
  if (!text.ok) throw new Error('not written');
  writeFileSync(join(home, 'haproxy.cfg'), text.value);
  const { exitCode, stdout, stderr } = await systemTools.run(
    haproxyHere.path,
    ['-c', '-f', join(home, 'haproxy.cfg')],
    { timeoutMs: 10_000 },
  );
  return { exitCode, said: `${stdout}${stderr}`.split('\n').filter((line) => /ALERT|WARNING/.test(line)) };
}

const inOrder = { exitCode: 0, said: [] };

describe.skipIf(!haproxyHere.isHere)(
  `HAProxy (${haproxyHere.version}) reads what is written, without a warning`,
  { timeout: 20_000 },
  () => {
    it.each(['plain', 'Application Support', `it's "a" $HOME \\ #1`])('of a home in %j', async (name) => {
      expect(await read(name, {})).toEqual(inOrder);
    });

    it('with IPv6 addresses, an odd health path, an edge that is out, and on a Mac', async () => {
      const host = 'fd00::1';
      const changes = {
        listen: { host: '::', port: 18_100 },
        core: { host: '::1', port: 9101, healthPath: `/a%20b?c='"d"'&#e` },
      };
      expect(await read('plain', changes, { edgeOut: true, os: 'darwin' })).toEqual(inOrder);
      expect(await read('plain', { core: { host, port: 1, healthPath: '/' }, edge: null })).toEqual(inOrder);
    });

    it('and names an address that nobody knows', async () => {
      const { exitCode, said } = await read('plain', {
        core: { host: 'nobody.invalid', port: 1, healthPath: '/' },
      });
      expect(exitCode).toBe(1);
      expect(said.join('\n')).toContain("could not resolve address 'nobody.invalid'");
    });
  },
);
