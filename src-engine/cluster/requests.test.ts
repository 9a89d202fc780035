import { expect, test } from 'vitest';
import { settingsSchema } from '../../src-shared/settings.ts';
import type { ProviderName } from '../../src-shared/world/clusters.ts';
import { newRecord } from './requests.ts';

const lan = [{ address: '192.168.1.10', cidr: '192.168.1.10/24' }];

function recordOf(role: string, provider: ProviderName = 'kind', tunnel = false) {
  const made = newRecord({ force: false, tunnel }, provider, settingsSchema.parse({ role }), 'now', lan);
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

test('the two Macs of a pair share no network of pods or Services; a single one keeps what kind takes', () => {
  const [core, edge] = [recordOf('core').subnets, recordOf('edge').subnets];
  expect(new Set([core?.podSubnet, edge?.podSubnet, core?.serviceSubnet, edge?.serviceSubnet]).size).toBe(4);
  expect(recordOf('single').subnets).toBeUndefined();
  expect(recordOf('edge', 'minikube').subnets).toEqual(edge);
  expect(recordOf('edge', 'embedded').subnets).toBeUndefined();
});

test('with a tunnel the plan has them, and its network of nodes', () => {
  const { subnets, tunnel } = recordOf('edge', 'kind', true);
  expect(subnets).toBeUndefined();
  expect(tunnel).toMatchObject({ side: 'edge', ...recordOf('edge').subnets });
});
